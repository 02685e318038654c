package io.deployguard.ecs;

import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/**
 * Why and when ECS says that a task stops. Present from the first event that carries a stop code (DEPROVISIONING or earlier), which on Fargate
 * comes one to two minutes before STOPPED.
 *
 * @param reason ECS's own text, possibly a caller's free text for {@link Code#USER_INITIATED}; empty when ECS gave none
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html">Stopped task error codes</a>
 */
public record Stop(Code code, String reason, Optional<Instant> at) {

    /** The stop codes of the API model; texts that AWS may add later become {@link #OTHER}. */
    public enum Code {
        TASK_FAILED_TO_START("TaskFailedToStart"),
        ESSENTIAL_CONTAINER_EXITED("EssentialContainerExited"),
        USER_INITIATED("UserInitiated"),
        SERVICE_SCHEDULER_INITIATED("ServiceSchedulerInitiated"),
        SPOT_INTERRUPTION("SpotInterruption"),
        TERMINATION_NOTICE("TerminationNotice"),
        OTHER("");

        private final String text;

        Code(String text) {
            this.text = text;
        }

        /** The text AWS uses, empty for {@link #OTHER}. */
        public String text() {
            return text;
        }

        public static Code parse(String text) {
            return Arrays.stream(values())
                    .filter(code -> code.text.equals(text))
                    .findFirst()
                    .orElse(OTHER);
        }
    }
}
