package io.deployguard.simulation.lab;

import io.deployguard.simulation.account.LoadBalancer;
import io.deployguard.simulation.account.SimulatedAccount;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** One port of a simulated load balancer, opened on this machine: what users would get for an address and a path. */
public final class FrontDoor implements AutoCloseable {
    private final LocalServer server;

    private FrontDoor(LocalServer server) {
        this.server = server;
    }

    /** Opens the door on a free port; it closes with the account. */
    public static FrontDoor open(SimulatedAccount account, LoadBalancer balancer, int listenerPort) {
        var door = new FrontDoor(LocalServer.start(0, exchange -> {
            var host = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Host"))
                    .orElse("")
                    .replaceAll(":\\d+$", "");
            var response = account.loadBalancing()
                    .answer(
                            balancer,
                            listenerPort,
                            host,
                            exchange.getRequestURI().getPath());
            var body = response.body().getBytes(StandardCharsets.UTF_8);
            response.server().ifPresent(name -> exchange.getResponseHeaders().set("Server", name));
            exchange.sendResponseHeaders(response.status(), body.length == 0 ? -1 : body.length);
            if (body.length > 0) {
                exchange.getResponseBody().write(body);
            }
        }));
        account.closeWith(door);
        return door;
    }

    public int port() {
        return server.uri().getPort();
    }

    @Override
    public void close() {
        server.close();
    }
}
