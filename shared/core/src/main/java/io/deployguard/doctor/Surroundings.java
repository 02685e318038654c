package io.deployguard.doctor;

import io.deployguard.ecs.ListenerRule;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a definition would be deployed into, as far as it could be seen.
 *
 * @param running the definition that the service has now; absent when it is the one under examination
 * @param targetGroups those of the service, both of a pair
 * @param rules of all listeners of the load balancers that lead to these groups
 * @param images by the name that the definition uses
 * @param logGroups whether each is there, by name and region
 * @param secrets whether each is there, by {@code valueFrom}
 */
public record Surroundings(
        ServiceSetup service,
        Optional<Look<Draft>> running,
        Look<Cluster> cluster,
        Look<List<TargetGroup>> targetGroups,
        Look<List<ListenerRule>> rules,
        Map<String, Look<Image>> images,
        Map<LogGroup, Look<Boolean>> logGroups,
        Map<String, Look<Boolean>> secrets) {

    public Surroundings {
        images = Map.copyOf(images);
        logGroups = Map.copyOf(logGroups);
        secrets = Map.copyOf(secrets);
    }

    /**
     * A cluster.
     *
     * @param status {@code ACTIVE} when it is ready
     * @param instances that are registered with it; Fargate needs none
     */
    public record Cluster(String status, int instances) {}

    /** An image that is looked for in its registry. */
    public sealed interface Image {

        /**
         * It can be pulled.
         *
         * @param architectures as its manifest names them ({@code amd64}, {@code arm64}); empty when it names none
         */
        record Present(List<String> architectures) implements Image {

            public Present {
                architectures = List.copyOf(architectures);
            }
        }

        /** Neither this tag nor this digest is in the repository, or the repository is not there. */
        record Absent() implements Image {}
    }

    /** A group of CloudWatch Logs. */
    public record LogGroup(String name, String region) {}

    /**
     * A target group and how it checks its targets.
     *
     * @param targetType {@code ip}, {@code instance}, {@code lambda} or {@code alb}
     * @param healthCheckPath absent unless the check speaks HTTP
     * @param healthCheckPort {@code traffic-port} or a number
     * @param matcher of good status codes, such as {@code 200} or {@code 200-399}
     * @param balanced whether a load balancer leads to it
     * @see <a href="https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroup.html">TargetGroup</a>
     */
    public record TargetGroup(
            String arn,
            String name,
            String targetType,
            Optional<String> healthCheckPath,
            String healthCheckPort,
            int intervalSeconds,
            int unhealthyThreshold,
            Optional<String> matcher,
            boolean balanced) {

        /** How long a target may fail until the load balancer calls it unhealthy. */
        public int patienceSeconds() {
            return intervalSeconds * unhealthyThreshold;
        }
    }
}
