package io.deployguard.emulators;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/** LocalStack in a container of its own, where a Docker engine runs. */
final class LocalStackContainer implements AutoCloseable {

    /** The last release that wants no token. */
    static final String IMAGE = "localstack/localstack:4.14.0";

    private static final int PORT = 4566;

    private final GenericContainer<?> container;

    private LocalStackContainer(GenericContainer<?> container) {
        this.container = container;
    }

    /** Whether an engine answers. */
    static boolean canRun() {
        return DockerClientFactory.instance().isDockerAvailable();
    }

    /** Starts one and waits until it answers. */
    static LocalStackContainer start(Map<String, String> environment) {
        var container = new GenericContainer<>(DockerImageName.parse(IMAGE))
                .withExposedPorts(PORT)
                .withEnv(environment)
                .waitingFor(
                        Wait.forHttp("/_localstack/health").forPort(PORT).withStartupTimeout(Duration.ofMinutes(3)));
        container.start();
        return new LocalStackContainer(container);
    }

    URI endpoint() {
        return URI.create("http://%s:%d".formatted(container.getHost(), container.getMappedPort(PORT)));
    }

    String log() {
        return container.getLogs();
    }

    @Override
    public void close() {
        container.stop();
    }
}
