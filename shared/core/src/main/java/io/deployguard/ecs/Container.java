package io.deployguard.ecs;

import java.util.Optional;

/**
 * One container of a task.
 *
 * @param exitCode absent when it never ran or its host vanished
 * @param reason the agent's text, at most 1,024 characters
 * @param imageDigest {@code sha256:…}
 * @param runtimeId the docker id, which names the log stream on EC2 when no stream prefix is set
 */
public record Container(
        String name,
        String lastStatus,
        Optional<Integer> exitCode,
        Optional<String> reason,
        Health health,
        Optional<String> image,
        Optional<String> imageDigest,
        Optional<String> runtimeId) {

    /** Result of the container health check of the task definition. Events never carry it; DescribeTasks does. */
    public enum Health {
        HEALTHY,
        UNHEALTHY,
        UNKNOWN;

        public static Health parse(String text) {
            return switch (text) {
                case "HEALTHY" -> HEALTHY;
                case "UNHEALTHY" -> UNHEALTHY;
                default -> UNKNOWN;
            };
        }
    }
}
