package io.deployguard.aws.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.deployguard.ecs.Endpoint;
import io.deployguard.ecs.EndpointAnswer;
import io.deployguard.evidence.Evidence;
import io.deployguard.evidence.EvidenceRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EndpointProbeIT {

    private static final Networks LOCAL = Networks.allowing("127.0.0.0/8");

    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<Duration> pauses = new ArrayList<>();
    private final List<Integer> statuses = new CopyOnWriteArrayList<>();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                requests.add("%s %s Host=%s"
                        .formatted(
                                exchange.getRequestMethod(),
                                exchange.getRequestURI(),
                                exchange.getRequestHeaders().getFirst("Host")));
                var status = statuses.size() > 1 ? statuses.removeFirst() : statuses.getFirst();
                exchange.getResponseHeaders().set("Server", "awselb/2.0");
                exchange.getResponseHeaders().set("Location", "http://169.254.169.254/latest/meta-data/");
                var body = "{\"status\":\"degraded\"}".getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(status, body.length);
                exchange.getResponseBody().write(body);
            }
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private Endpoint endpoint(String url, int port, String... tags) {
        var all = new HashMap<>(Map.of(Endpoint.TAG, url, Endpoint.VIA_TAG, "127.0.0.1:" + port));
        for (var index = 0; index < tags.length; index += 2) {
            all.put(tags[index], tags[index + 1]);
        }
        return Endpoint.of(all).orElseThrow();
    }

    private Evidence ask(Networks networks, Endpoint endpoint) {
        var found = new EndpointProbe(networks, pauses::add).read(new EvidenceRequest.EndpointCheck(endpoint));
        assertThat(found).hasSize(1);
        return found.getFirst();
    }

    private EndpointAnswer answer(Endpoint endpoint) {
        return ((Evidence.EndpointAnswered) ask(LOCAL, endpoint)).answer();
    }

    private int port() {
        return server.getAddress().getPort();
    }

    @Test
    void asksWithTheEndpointsOwnNameWhereverItConnects() {
        statuses.add(200);

        assertThat(answer(endpoint("http://qa.example.test/health", port())))
                .isEqualTo(new EndpointAnswer.Given(
                        200, java.util.Optional.of("awselb/2.0"), "{\"status\":\"degraded\"}"));
        assertThat(requests).containsExactly("GET /health Host=qa.example.test");
        assertThat(pauses).isEmpty();
    }

    @Test
    void asksAgainBeforeItBelievesABadAnswer() {
        statuses.addAll(List.of(503, 503, 200));

        assertThat(answer(endpoint("http://qa.example.test:8080/", port())))
                .isInstanceOfSatisfying(
                        EndpointAnswer.Given.class,
                        given -> assertThat(given.status()).isEqualTo(200));
        assertThat(requests).hasSize(3).containsOnly("GET / Host=qa.example.test:8080");
        assertThat(pauses).containsExactly(Duration.ofSeconds(2), Duration.ofSeconds(2));
    }

    @Test
    void believesTheThirdBadAnswer() {
        statuses.add(404);

        assertThat(answer(endpoint("http://qa.example.test/", port())))
                .isInstanceOfSatisfying(
                        EndpointAnswer.Given.class,
                        given -> assertThat(given.isOfLoadBalancer()).isTrue());
        assertThat(requests).hasSize(3);
    }

    @Test
    void followsNoRedirect() {
        statuses.add(302);

        assertThat(answer(endpoint("http://qa.example.test/", port())))
                .isInstanceOfSatisfying(
                        EndpointAnswer.Given.class,
                        given -> assertThat(given.status()).isEqualTo(302));
        assertThat(requests).hasSize(1);
    }

    @Test
    void doesNotConnectWhereItMustNot() {
        statuses.add(200);

        assertThat(ask(Networks.PUBLIC, endpoint("http://qa.example.test/", port())))
                .isInstanceOfSatisfying(Evidence.Missing.class, missing -> {
                    assertThat(missing.source()).isEqualTo("endpoint http://qa.example.test/");
                    assertThat(missing.reason()).contains("not public").contains("DEPLOY_GUARD_ENDPOINT_NETWORKS");
                });
        assertThat(requests).isEmpty();
    }

    /** Names that resolve to what they must not are as forbidden as the address itself. */
    @Test
    void looksAtWhatANameLeadsTo() {
        var endpoint = Endpoint.of(Map.of(Endpoint.TAG, "http://localhost:%d/".formatted(port())))
                .orElseThrow();

        assertThat(ask(Networks.PUBLIC, endpoint)).isInstanceOf(Evidence.Missing.class);
        assertThat(requests).isEmpty();
    }

    @Test
    void saysThatNobodyListens() throws IOException {
        int free;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }

        assertThat(answer(endpoint("http://qa.example.test/", free)))
                .isEqualTo(new EndpointAnswer.None("the connection is refused"));
    }

    @Test
    void saysThatANameIsNotKnown() {
        var endpoint = Endpoint.of(Map.of(Endpoint.TAG, "http://no-such-name.invalid/"))
                .orElseThrow();

        assertThat(answer(endpoint)).isEqualTo(new EndpointAnswer.None("the name no-such-name.invalid is not known"));
    }

    @Test
    void saysThatAnAnswerIsNoHttp() throws IOException {
        try (var raw = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                for (var count = 0; count < 3; count++) {
                    try (var socket = raw.accept()) {
                        socket.getInputStream().readNBytes(20);
                        socket.getOutputStream().write("SSH-2.0-OpenSSH_9.6\r\n".getBytes(StandardCharsets.US_ASCII));
                    } catch (IOException closed) {
                        return;
                    }
                }
            });

            assertThat(answer(endpoint("http://qa.example.test/", raw.getLocalPort())))
                    .isEqualTo(new EndpointAnswer.None("the answer is not HTTP"));
        }
    }

    /** The port speaks plain HTTP, so that the handshake fails. */
    @Test
    void saysThatThereIsNoTls() {
        statuses.add(200);

        assertThat(answer(endpoint("https://qa.example.test/", port())))
                .isInstanceOfSatisfying(
                        EndpointAnswer.None.class,
                        none -> assertThat(none.because()).startsWith("TLS: "));
    }
}
