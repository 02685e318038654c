package io.deployguard.doctor.check;

import io.deployguard.doctor.Check;
import io.deployguard.doctor.Draft;
import io.deployguard.doctor.Result;
import io.deployguard.doctor.Surroundings;
import java.util.stream.Stream;

/** Where the tasks are to run. */
final class ClusterState implements Check.OfService {

    @Override
    public String id() {
        return "cluster-state";
    }

    @Override
    public String about() {
        return "A cluster that is not ACTIVE, or has no instance for a service of launch type EC2.";
    }

    @Override
    public String source() {
        return "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Cluster.html";
    }

    @Override
    public Stream<Result> examine(Draft draft, Surroundings around) {
        return around.cluster().judge("cluster", cluster -> {
            if (!cluster.status().equals("ACTIVE")) {
                return Stream.of(new Result.Problem(
                        "cluster.status",
                        "the cluster is %s".formatted(cluster.status()),
                        "Deploy into a cluster that is ACTIVE."));
            }
            var onInstances =
                    around.service().launchType().filter("EC2"::equals).isPresent();
            return onInstances && cluster.instances() == 0
                    ? Stream.of(new Result.Problem(
                            "cluster.registeredContainerInstancesCount",
                            "the service runs on EC2, and the cluster has no instance",
                            "Add instances, or a capacity provider."))
                    : Stream.empty();
        });
    }
}
