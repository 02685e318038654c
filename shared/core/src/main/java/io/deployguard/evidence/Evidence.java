package io.deployguard.evidence;

import io.deployguard.ecs.Container;
import io.deployguard.ecs.Endpoint;
import io.deployguard.ecs.EndpointAnswer;
import io.deployguard.ecs.Stop;
import io.deployguard.ecs.TaskDefinition;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** One thing that was seen, with the place where it was seen. All text in it is cleaned and redacted. */
public sealed interface Evidence {

    /**
     * One line that a container wrote. A bundle holds the lines of one container in the order in which they were written.
     *
     * @param task id of the task, empty when unknown
     * @param container name, empty when unknown
     */
    record LogLine(String task, String container, Optional<Instant> at, String text) implements Evidence {}

    /** One line that a healthy task of the same service wrote while it started: what both write is no clue. */
    record UsualLine(String container, String text) implements Evidence {}

    /** ECS ended a task. */
    record TaskStop(String task, Stop stop, Optional<Instant> startedAt) implements Evidence {}

    /** A container's end, or its health while it lives. */
    record ContainerExit(
            String task, String container, Optional<Integer> exitCode, Optional<String> reason, Container.Health health)
            implements Evidence {}

    /** One line of the service's events, as the ECS console lists them. */
    record ServiceMessage(Optional<Instant> at, String text) implements Evidence {}

    /** Health of one target behind the load balancer. */
    record TargetReason(String state, Optional<String> reason, Optional<String> description) implements Evidence {}

    /**
     * A task that was started by hand or by a pipeline from the service's family, a migration for instance.
     *
     * @param command the overriding command
     */
    record TaskRun(String task, List<String> command, Optional<Integer> exitCode, Optional<Instant> at)
            implements Evidence {}

    /** The task definition of the failing revision, and of the last healthy one when it is known. */
    record Definitions(TaskDefinition failing, Optional<TaskDefinition> lastHealthy) implements Evidence {}

    /** The image of one container in the failing and in the last healthy revision. */
    record ImageDigest(String container, String image, Optional<String> now, Optional<String> before)
            implements Evidence {}

    /**
     * A listener's rule.
     *
     * @param conditions in words, such as {@code host-header api.example.com}; empty for the default action
     * @param action {@code forward}, {@code fixed-response}, {@code redirect} …
     * @param targetGroupArns where a forward leads
     */
    record ListenerRule(
            String listenerArn,
            int port,
            boolean isDefault,
            List<String> conditions,
            String action,
            List<String> targetGroupArns,
            Optional<String> fixedStatus)
            implements Evidence {

        public ListenerRule {
            conditions = List.copyOf(conditions);
            targetGroupArns = List.copyOf(targetGroupArns);
        }
    }

    /** What the service's endpoint answered when it was asked from outside. */
    record EndpointAnswered(Endpoint endpoint, EndpointAnswer answer) implements Evidence {}

    /** How many tasks of the previous revisions are healthy now, and of the failing one. */
    record Serving(int healthyOld, int healthyNew, int desired) implements Evidence {}

    /**
     * Other services of the account and region that began to fail in the same minutes.
     *
     * @param services as {@code cluster/service}
     */
    record FailingToo(List<String> services) implements Evidence {

        public FailingToo {
            services = List.copyOf(services);
        }
    }

    /**
     * The log of a container that has ended, of which more may still come.
     *
     * @param source what was asked
     * @param begun whether a line of it is there; what is there took so long to arrive that the last ones cannot be
     */
    record UnfinishedLog(String source, boolean begun) implements Evidence {}

    /**
     * Something that was asked for and could not be seen. "No access" must read differently from "no failures".
     *
     * @param source what was asked, such as {@code log app/web/0a1b…}
     * @param reason in words, with the permission to grant when one is lacking
     */
    record Missing(String source, String reason) implements Evidence {}
}
