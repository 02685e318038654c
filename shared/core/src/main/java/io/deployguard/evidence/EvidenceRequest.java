package io.deployguard.evidence;

import io.deployguard.ecs.Endpoint;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One question to AWS. */
public sealed interface EvidenceRequest {

    /** What is asked, for {@link Evidence.Missing#source()} and for logs. */
    String source();

    /**
     * The end of one container's log.
     *
     * @param region of the log group, which may differ from the cluster's
     * @param stoppedAt when the container ended; absent for one that runs or never ran. The log driver publishes every five seconds, so an answer without lines is asked for again until
     *     some seconds after that moment
     * @param limit of lines, newest kept
     */
    record ContainerLog(
            String task,
            String container,
            String group,
            String stream,
            String region,
            Optional<Instant> stoppedAt,
            int limit)
            implements EvidenceRequest {

        @Override
        public String source() {
            return "log %s of container %s".formatted(group + ":" + stream, container);
        }
    }

    /**
     * What the containers of a name wrote of late, when no task is known whose log to ask for: ECS forgets stopped tasks within an hour, their logs
     * stay.
     *
     * @param streamPrefix what the names of their streams begin with; the rest is the id of the task
     * @param since the oldest moment of interest
     * @param others ids of tasks that belong to another revision
     * @param limit of lines, newest kept
     */
    record RecentLog(
            String container,
            String group,
            String streamPrefix,
            String region,
            Instant since,
            Set<String> others,
            int limit)
            implements EvidenceRequest {

        public RecentLog {
            others = Set.copyOf(others);
        }

        @Override
        public String source() {
            return "newest log %s of container %s".formatted(group + ":" + streamPrefix + "…", container);
        }
    }

    /**
     * The beginning of the log of a container that became healthy.
     *
     * @param limit of lines, oldest kept
     */
    record UsualLog(String container, String group, String stream, String region, int limit)
            implements EvidenceRequest {

        @Override
        public String source() {
            return "log %s of healthy container %s".formatted(group + ":" + stream, container);
        }
    }

    /** The listeners of the load balancers that the target groups belong to, with their rules. */
    record ListenerRules(List<String> targetGroupArns) implements EvidenceRequest {

        public ListenerRules {
            targetGroupArns = List.copyOf(targetGroupArns);
        }

        @Override
        public String source() {
            return "listener rules";
        }
    }

    /** One request to the service's endpoint, from outside. */
    record EndpointCheck(Endpoint endpoint) implements EvidenceRequest {

        @Override
        public String source() {
            return "endpoint " + endpoint.url();
        }
    }

    /** Tasks of a task definition family that were started by hand or by a pipeline and have stopped since. */
    record TaskRuns(String clusterArn, String family, Instant since) implements EvidenceRequest {

        @Override
        public String source() {
            return "one-off tasks of family " + family;
        }
    }
}
