package io.deployguard.aws.endpoint;

import io.deployguard.ecs.Endpoint;
import io.deployguard.ecs.EndpointAnswer;
import io.deployguard.evidence.Evidence;
import io.deployguard.evidence.EvidenceRequest;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Asks an endpoint as a user would: one {@code GET} with its {@code Host} header. Only a bad answer is asked for again, since a load balancer
 * needs some seconds to learn of new targets.
 *
 * <p>A name is looked up once, every address is held against the {@link Networks} that are allowed, and the connection goes to just that address:
 * a name that answers otherwise the second time gains nothing. Redirects are answers and not followed. HTTP/1.0 is spoken, in which the end of
 * the connection is the end of the answer. An ordinary HTTP client would look the name up by itself.
 */
public final class EndpointProbe {

    private static final int TRIES = 3;
    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** Most that is read of an answer, headers and body. */
    private static final int MOST_BYTES = 64 * 1024;

    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[01] (?<status>[1-5]\\d\\d)(?: .*)?");

    private final Networks networks;
    private final Pause pause;
    private final SSLSocketFactory tls;

    /** How to wait between two tries. */
    public interface Pause {
        void of(Duration duration) throws InterruptedException;
    }

    public EndpointProbe(Networks networks, Pause pause) {
        this(networks, pause, (SSLSocketFactory) SSLSocketFactory.getDefault());
    }

    EndpointProbe(Networks networks, Pause pause, SSLSocketFactory tls) {
        this.networks = networks;
        this.pause = pause;
        this.tls = tls;
    }

    /** The answer, or that the address may not be asked. */
    public List<Evidence> read(EvidenceRequest.EndpointCheck check) {
        var endpoint = check.endpoint();
        try {
            var answer = ask(endpoint);
            for (var tries = 1; tries < TRIES && endpoint.complaint(answer).isPresent(); tries++) {
                pause.of(PAUSE);
                answer = ask(endpoint);
            }
            return List.of(new Evidence.EndpointAnswered(endpoint, answer));
        } catch (Forbidden forbidden) {
            return List.of(new Evidence.Missing(check.source(), String.valueOf(forbidden.getMessage())));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return List.of(new Evidence.Missing(check.source(), "interrupted"));
        }
    }

    /** The address lies where the guard must not connect to. */
    private static final class Forbidden extends Exception {
        private static final long serialVersionUID = 1;

        Forbidden(String because) {
            super(because);
        }
    }

    private EndpointAnswer ask(Endpoint endpoint) throws Forbidden {
        var host = endpoint.via().map(Endpoint.Via::host).orElse(endpoint.host());
        var port = endpoint.via().map(Endpoint.Via::port).orElse(endpoint.port());
        try {
            return ask(endpoint, new InetSocketAddress(permitted(host), port));
        } catch (UnknownHostException unknown) {
            return new EndpointAnswer.None("the name " + host + " is not known");
        } catch (SocketTimeoutException late) {
            return new EndpointAnswer.None("no answer within " + PATIENCE.toSeconds() + " s");
        } catch (ConnectException refused) {
            return new EndpointAnswer.None("the connection is refused");
        } catch (SSLException insecure) {
            return new EndpointAnswer.None("TLS: " + insecure.getMessage());
        } catch (IOException broken) {
            return new EndpointAnswer.None("the connection breaks: " + broken.getMessage());
        }
    }

    private InetAddress permitted(String host) throws UnknownHostException, Forbidden {
        var addresses = Networks.resolve(host);
        for (var address : addresses) {
            if (!networks.permit(address)) {
                throw new Forbidden(
                        "%s leads to an address that is not public; the setting DEPLOY_GUARD_ENDPOINT_NETWORKS allows private networks"
                                .formatted(host));
            }
        }
        return addresses.getFirst();
    }

    private EndpointAnswer ask(Endpoint endpoint, InetSocketAddress address) throws IOException {
        try (var plain = new Socket()) {
            plain.connect(address, (int) PATIENCE.toMillis());
            plain.setSoTimeout((int) PATIENCE.toMillis());
            if (!endpoint.secure()) {
                return exchange(endpoint, plain);
            }
            try (var secure = secure(plain, endpoint)) {
                return exchange(endpoint, secure);
            }
        }
    }

    /** The certificate must be that of the endpoint's name, wherever the connection leads. */
    private SSLSocket secure(Socket plain, Endpoint endpoint) throws IOException {
        var socket = (SSLSocket) tls.createSocket(plain, endpoint.host(), endpoint.port(), true);
        var parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        if (!endpoint.host().matches("[0-9.]+")) {
            parameters.setServerNames(List.of(new SNIHostName(endpoint.host())));
        }
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    private static EndpointAnswer exchange(Endpoint endpoint, Socket socket) throws IOException {
        var usual = endpoint.port() == (endpoint.secure() ? 443 : 80);
        var request =
                "GET %s HTTP/1.0\r\nHost: %s%s\r\nUser-Agent: deploy-guard\r\nAccept: */*\r\nConnection: close\r\n\r\n"
                        .formatted(endpoint.path(), endpoint.host(), usual ? "" : ":" + endpoint.port());
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
        return parse(readAtMost(new BufferedInputStream(socket.getInputStream())));
    }

    /** A slow drip must not outlast the whole patience: each read has its own timeout, and all together have one. */
    private static String readAtMost(InputStream input) throws IOException {
        var end = System.nanoTime() + PATIENCE.toNanos();
        var bytes = new ByteArrayOutputStream();
        var buffer = new byte[8_192];
        while (bytes.size() < MOST_BYTES) {
            var count = input.read(buffer, 0, Math.min(buffer.length, MOST_BYTES - bytes.size()));
            if (count < 0) {
                break;
            }
            bytes.write(buffer, 0, count);
            if (System.nanoTime() > end) {
                throw new SocketTimeoutException("the answer takes too long");
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static EndpointAnswer parse(String response) {
        var end = response.indexOf("\r\n\r\n");
        var head = (end < 0 ? response : response.substring(0, end)).lines().toList();
        var status = STATUS_LINE.matcher(head.isEmpty() ? "" : head.getFirst());
        return status.matches()
                ? new EndpointAnswer.Given(
                        Integer.parseInt(status.group("status")),
                        header(head, "server"),
                        end < 0 ? "" : response.substring(end + 4))
                : new EndpointAnswer.None(
                        response.isEmpty() ? "the connection is closed without an answer" : "the answer is not HTTP");
    }

    private static Optional<String> header(List<String> head, String name) {
        return head.stream()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst();
    }
}
