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
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
        return answer(new EndpointProbe(LOCAL, pauses::add), endpoint);
    }

    private static EndpointAnswer answer(EndpointProbe probe, Endpoint endpoint) {
        return probe.read(new EvidenceRequest.EndpointCheck(endpoint)).stream()
                .map(Evidence.EndpointAnswered.class::cast)
                .findFirst()
                .orElseThrow()
                .answer();
    }

    private int port() {
        return server.getAddress().getPort();
    }

    @Test
    void asksWithTheEndpointsOwnNameWhereverItConnects() {
        statuses.add(200);

        assertThat(answer(endpoint("http://qa.example.test/health", port())))
                .isEqualTo(new EndpointAnswer.Given(200, Optional.of("awselb/2.0"), "{\"status\":\"degraded\"}"));
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
            answering(raw, "SSH-2.0-OpenSSH_9.6\r\n");

            assertThat(answer(endpoint("http://qa.example.test/", raw.getLocalPort())))
                    .isEqualTo(new EndpointAnswer.None("the answer is not HTTP"));
        }
    }

    @Test
    void saysThatThereIsNoTls() throws IOException {
        try (var raw = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            answering(raw, "HTTP/1.1 400 Bad Request\r\n\r\n");

            assertThat(answer(endpoint("https://qa.example.test/", raw.getLocalPort())))
                    .isInstanceOfSatisfying(
                            EndpointAnswer.None.class,
                            none -> assertThat(none.because()).startsWith("TLS: "));
        }
    }

    /** A certificate for one name, wherever the connection leads. */
    @Nested
    class OverTls {

        @Test
        void theCertificateMustBeThatOfTheName(@TempDir Path folder) throws Exception {
            var store = certificate(folder, "qa.example.test");
            try (var raw = (SSLServerSocket) context(store)
                    .getServerSocketFactory()
                    .createServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
                answering(raw, "HTTP/1.1 204 No Content\r\nServer: nginx\r\n\r\n");
                var probe = new EndpointProbe(LOCAL, pauses::add, context(store).getSocketFactory());

                assertThat(answer(probe, endpoint("https://qa.example.test/", raw.getLocalPort())))
                        .isEqualTo(new EndpointAnswer.Given(204, Optional.of("nginx"), ""));
                assertThat(answer(probe, endpoint("https://other.example.test/", raw.getLocalPort())))
                        .isInstanceOfSatisfying(
                                EndpointAnswer.None.class,
                                none -> assertThat(none.because()).startsWith("TLS: "));
                assertThat(answer(endpoint("https://qa.example.test/", raw.getLocalPort())))
                        .as("nobody vouches for it")
                        .isInstanceOfSatisfying(
                                EndpointAnswer.None.class,
                                none -> assertThat(none.because()).startsWith("TLS: "));
            }
        }

        private static KeyStore certificate(Path folder, String name) throws Exception {
            var file = folder.resolve("keys.p12");
            var keytool = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "keytool")
                                    .toString(),
                            "-genkeypair",
                            "-alias",
                            "probe",
                            "-keyalg",
                            "EC",
                            "-dname",
                            "CN=" + name,
                            "-ext",
                            "san=dns:" + name,
                            "-storepass",
                            "changeit",
                            "-keystore",
                            file.toString())
                    .redirectErrorStream(true)
                    .start();
            assertThat(new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .doesNotContain("rror");
            assertThat(keytool.waitFor()).isZero();
            var store = KeyStore.getInstance("PKCS12");
            try (var in = Files.newInputStream(file)) {
                store.load(in, "changeit".toCharArray());
            }
            return store;
        }

        /** Shows the certificate of the store, and trusts it. */
        private static SSLContext context(KeyStore store) throws Exception {
            var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, "changeit".toCharArray());
            var trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry("probe", store.getCertificate("probe"));
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            var context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        }
    }

    /** Each connection gets the same text, and a broken handshake ends only its own. */
    private static void answering(ServerSocket server, String text) {
        Thread.ofVirtual().start(() -> {
            while (!server.isClosed()) {
                try (var socket = server.accept()) {
                    socket.getInputStream().readNBytes(20);
                    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
                } catch (IOException brokenOrClosed) {
                    // the next one, if there is any
                }
            }
        });
    }
}
