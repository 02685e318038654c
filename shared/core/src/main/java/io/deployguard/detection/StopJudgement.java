package io.deployguard.detection;

import io.deployguard.ecs.Stop;
import io.deployguard.ecs.Task;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Whether a task's stop speaks against its release.
 *
 * <p>Who ended the task decides first (a person, Spot, the host), then the reason, then the stop code: a failed health check of the load balancer carries the same code as a scale-in
 * (<a href="https://github.com/aws/containers-roadmap/issues/612">containers-roadmap 612</a>).
 */
public sealed interface StopJudgement {

    /** How the reason of a stop ends that a health check caused. */
    String HEALTH_CHECKS = "health checks";

    /** In words. */
    String because();

    /** It should not have happened. */
    record Unexpected(String because) implements StopJudgement {}

    /** Scale-in, replacement, a person, or the host: nothing the release did. */
    record Expected(String because) implements StopJudgement {}

    /** Judges the stop of a task that stops. */
    static StopJudgement of(Stop stop) {
        return switch (stop.code()) {
            // A caller's free text follows UserInitiated and must not be read as ECS's own words.
            case USER_INITIATED -> new Expected("stopped by a user or an automation");
            // Containers exit on their own when the host is taken away; that says nothing about the release.
            case SPOT_INTERRUPTION -> new Expected("Spot capacity was reclaimed");
            case TERMINATION_NOTICE -> new Expected("its host is going away");
            case ESSENTIAL_CONTAINER_EXITED -> known(stop).orElse(new Unexpected("an essential container exited"));
            case TASK_FAILED_TO_START -> known(stop).orElse(new Unexpected("the task failed to start"));
            case SERVICE_SCHEDULER_INITIATED -> known(stop).orElse(new Expected("the service scheduler stopped it"));
            case OTHER -> known(stop).orElse(new Expected("stopped for a reason the guard does not know"));
        };
    }

    private static Optional<StopJudgement> known(Stop stop) {
        var reason = stop.reason().strip().toLowerCase(Locale.ROOT);
        return Known.ALL.stream()
                .filter(known -> reason.startsWith(known.prefix))
                .map(Known::judgement)
                .findFirst();
    }

    /** When it stopped or began to. */
    static Optional<Instant> stoppedAt(Task task) {
        return task.stop().flatMap(Stop::at).or(task::stoppedAt);
    }

    /** Whether the task has stopped, or is stopping, and should not have. */
    static boolean isUnexpected(Task task) {
        return task.stop()
                .map(StopJudgement::of)
                .filter(Unexpected.class::isInstance)
                .isPresent();
    }

    /**
     * ECS's own words for a stop.
     *
     * @param prefix of the reason, in lower case, from the AWS pages and public events
     */
    record Known(String prefix, StopJudgement judgement) {

        private static final List<Known> ALL = List.of(
                new Known(
                        "task failed elb health checks",
                        new Unexpected("it failed the load balancer's " + HEALTH_CHECKS)),
                new Known(
                        "task failed container health checks",
                        new Unexpected("it failed its container " + HEALTH_CHECKS)),
                new Known("essential container in task exited", new Unexpected("an essential container exited")),
                new Known("cannotpull", new Unexpected("its image could not be pulled")),
                new Known("resourceinitializationerror", new Unexpected("its resources could not be initialized")),
                new Known(
                        "scaling activity initiated by", new Expected("scale-in or replacement by a newer deployment")),
                new Known("your spot task was interrupted", new Expected("Spot capacity was reclaimed")),
                new Known("host ec2", new Expected("its host is gone")),
                new Known("container instance deregistration forced", new Expected("its host was deregistered")),
                new Known("ecs is performing maintenance", new Expected("AWS maintains the host")),
                new Known(
                        "task stopped for availability zone rebalancing", new Expected("zones are being rebalanced")));
    }
}
