package io.deployguard.emulators;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * A moto server: the control planes of many AWS services on one local address, in memory. Starts no tasks, knows no service deployments, and finds
 * every target healthy.
 *
 * @see <a href="https://docs.getmoto.org/en/latest/docs/server_mode.html">moto in server mode</a>
 */
final class MotoServer implements AutoCloseable {

    private static final Duration START = Duration.ofSeconds(60);
    private static final Pattern ADDRESS = Pattern.compile("Running on (http://127\\.0\\.0\\.1:\\d+)");

    private final Process process;
    private final ConcurrentLinkedDeque<String> lastLines = new ConcurrentLinkedDeque<>();
    private final BlockingQueue<URI> address = new ArrayBlockingQueue<>(1);
    private final URI endpoint;

    private MotoServer(Process process) throws InterruptedException {
        this.process = process;
        Thread.ofVirtual().name("moto-output").start(this::read);
        var found = address.poll(START.toMillis(), TimeUnit.MILLISECONDS);
        if (found == null) {
            close();
            throw new IllegalStateException("moto did not start within " + START + "\n" + String.join("\n", lastLines));
        }
        this.endpoint = found;
    }

    /** Starts one on a free port and waits until it answers. */
    static MotoServer start() {
        try {
            var builder = new ProcessBuilder(
                            PythonTools.require().program("moto_server").toString(), "-H", "127.0.0.1", "-p", "0")
                    .redirectErrorStream(true);
            builder.environment().put("MOTO_IAM_LOAD_MANAGED_POLICIES", "true");
            return new MotoServer(builder.start());
        } catch (IOException unable) {
            throw new UncheckedIOException("start moto", unable);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while moto started", interrupted);
        }
    }

    /** What {@code AWS_ENDPOINT_URL} is set to. */
    URI endpoint() {
        return endpoint;
    }

    /** Forgets everything, as if it had just been started. */
    void reset() {
        try {
            var connection = (HttpURLConnection)
                    endpoint.resolve("/moto-api/reset").toURL().openConnection();
            connection.setRequestMethod("POST");
            connection.setDoOutput(true);
            connection.getOutputStream().close();
            if (connection.getResponseCode() != 200) {
                throw new IllegalStateException("reset moto: answered " + connection.getResponseCode());
            }
        } catch (IOException unable) {
            throw new UncheckedIOException("reset moto", unable);
        }
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private void read() {
        try (var lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                lastLines.add(line);
                if (lastLines.size() > 50) {
                    lastLines.removeFirst();
                }
                var match = ADDRESS.matcher(line);
                if (match.find()) {
                    address.offer(URI.create(match.group(1)));
                }
            }
        } catch (IOException closed) {
            lastLines.add("output ended: " + closed.getMessage());
        }
    }
}
