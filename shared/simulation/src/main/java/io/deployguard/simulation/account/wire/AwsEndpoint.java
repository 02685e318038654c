package io.deployguard.simulation.account.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.deployguard.simulation.account.AwsError;
import io.deployguard.simulation.account.Json;
import io.deployguard.simulation.account.SimulatedAccount;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A simulated account behind HTTP: what {@code AWS_ENDPOINT_URL} may point to. Signatures are not checked.
 *
 * <pre>{@code
 * try (var server = AwsEndpoint.start(account)) {
 *     var ecs = EcsClient.builder().endpointOverride(server.uri()) …
 * }
 * }</pre>
 */
public final class AwsEndpoint implements AutoCloseable {
    private static final Map<String, String> SERVICES_BY_TARGET = Map.of(
            "AmazonEC2ContainerServiceV20141113", "ecs",
            "Logs_20140328", "logs",
            "AmazonSQS", "sqs",
            "CodeDeploy_20141006", "codedeploy",
            "AmazonEC2ContainerRegistry_V20150921", "ecr",
            "secretsmanager", "secretsmanager",
            "AmazonSSM", "ssm");
    private static final Map<String, String> NAMESPACES = Map.of(
            "elasticloadbalancing", "http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/",
            "sts", "https://sts.amazonaws.com/doc/2011-06-15/");

    private final SimulatedAccount account;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Action> actions = new HashMap<>();
    private final Roles roles = new Roles();
    private final Faults faults;
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private final List<Call> accepted = new CopyOnWriteArrayList<>();
    private final List<String> refusals = new CopyOnWriteArrayList<>();

    private AwsEndpoint(SimulatedAccount account, HttpServer server) {
        this.account = account;
        this.server = server;
        this.faults = new Faults(account.clock());
        add(EcsApi.of(account));
        add(LogsApi.of(account.logs()));
        add(BalancingApi.of(account.loadBalancing()));
        add(EcrApi.of(account.images()));
        add(SqsApi.of(account.queues(), account.arns().account(), this::uri));
        add(CodeDeployApi.of(account.codeDeploy()));
        add(SecretsApi.of(account.secrets()));
        add(StsApi.of(account.arns().account(), roles, account.clock()));
    }

    /** Serves {@code account} on a free port of the loopback address until {@link #close()}. */
    public static AwsEndpoint start(SimulatedAccount account) {
        try {
            var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            var endpoint = new AwsEndpoint(account, server);
            server.setExecutor(endpoint.threads);
            server.createContext("/", endpoint::serve);
            server.start();
            return endpoint;
        } catch (IOException noPort) {
            throw new UncheckedIOException("open a port for the simulated account", noPort);
        }
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /**
     * Lets callers of this endpoint take the roles of another account, as {@code templates/spoke.yaml} makes them there; what they ask with a role's
     * credentials goes to that account.
     */
    public void reach(AwsEndpoint spoke, String externalId) {
        roles.trust(spoke, spoke.account.arns().account(), spoke.account.arns().region(), externalId);
    }

    /** What goes wrong on purpose. */
    public Faults faults() {
        return faults;
    }

    /** Every request of a known action, in the order of arrival. */
    public List<Call> calls() {
        return List.copyOf(calls);
    }

    /** The calls of one action, e.g. {@code UpdateService}. */
    public List<Call> calls(String action) {
        return calls.stream().filter(call -> call.action().equals(action)).toList();
    }

    /** The calls that may have changed something outside of queues. */
    public List<Call> changes() {
        return calls.stream().filter(Call::changesTheAccount).toList();
    }

    /** Those among {@link #changes()} that were answered and not refused. */
    public List<Call> acceptedChanges() {
        return accepted.stream().filter(Call::changesTheAccount).toList();
    }

    /** What was asked for and is not modelled; empty when the simulation was enough for the program. */
    public List<String> refusals() {
        return List.copyOf(refusals);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void add(List<Action> more) {
        more.forEach(action -> actions.put(action.service() + ":" + action.name(), action));
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            var session = roles.sessionOf(
                    Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization")));
            session.map(Roles.Session::endpoint).orElse(this).answer(exchange, session);
        }
    }

    /** @param session of a role of this account, by which the caller came */
    private void answer(HttpExchange exchange, Optional<Roles.Session> session) throws IOException {
        var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        var target = Optional.ofNullable(exchange.getRequestHeaders().getFirst("X-Amz-Target"));
        if (target.isPresent()) {
            serveJson(exchange, target.get(), body, session);
        } else {
            serveQuery(exchange, body, session);
        }
    }

    private void serveJson(HttpExchange exchange, String target, String body, Optional<Roles.Session> session)
            throws IOException {
        int dot = target.indexOf('.');
        var service = SERVICES_BY_TARGET.getOrDefault(target.substring(0, Math.max(dot, 0)), "unknown");
        try {
            var request = Json.parseObject(body.isEmpty() ? "{}" : body);
            respond(
                    exchange,
                    200,
                    "application/x-amz-json-1.1",
                    perform(service, target.substring(dot + 1), request, session)
                            .toString());
        } catch (AwsError error) {
            if (service.equals("sqs")) {
                exchange.getResponseHeaders().set("x-amzn-query-error", error.code() + ";Sender");
            }
            var answer = Json.object().put("__type", error.code()).put("message", error.message());
            respond(exchange, error.httpStatus(), "application/x-amz-json-1.1", answer.toString());
        }
    }

    private void serveQuery(HttpExchange exchange, String body, Optional<Roles.Session> session) throws IOException {
        try {
            var request = Query.parse(body);
            var name = request.path("Action").asText();
            request.remove(List.of("Action", "Version"));
            var service = actions.containsKey("sts:" + name) ? "sts" : "elasticloadbalancing";
            var result = perform(service, name, request, session);
            respond(exchange, 200, "text/xml", Query.render(name, NAMESPACES.getOrDefault(service, ""), result));
        } catch (AwsError error) {
            respond(
                    exchange,
                    error.httpStatus(),
                    "text/xml",
                    Query.renderError(error.code(), error.httpStatus(), error.message()));
        }
    }

    private ObjectNode perform(String service, String name, ObjectNode request, Optional<Roles.Session> session) {
        try {
            var action = actions.get(service + ":" + name);
            if (action == null) {
                throw new Action.NotModelled("action " + service + ":" + name);
            }
            var call = new Call(
                    service,
                    name,
                    request.deepCopy(),
                    action.effect(),
                    account.clock().instant());
            calls.add(call);
            action.refuseUnknownFields(request);
            session.ifPresent(
                    taken -> taken.require(action, request, account.clock().instant()));
            faults.apply(action);
            var answer = action.handler().answer(request);
            accepted.add(call);
            return answer;
        } catch (Action.NotModelled unknown) {
            refusals.add(String.valueOf(unknown.getMessage()));
            throw AwsError.refused("UnknownOperationException", String.valueOf(unknown.getMessage()));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AwsError("ServiceUnavailableException", 503, "The endpoint is being closed.");
        } catch (AwsError refused) {
            throw refused;
        } catch (RuntimeException defect) {
            refusals.add("defect of the simulation in %s:%s: %s".formatted(service, name, defect));
            throw new AwsError("ServerException", 500, defect.toString());
        }
    }

    private static void respond(HttpExchange exchange, int status, String type, String body) throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
