package io.deployguard.simulation.account;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The clusters of the account, and the errors of ECS for what is not in them. Guarded by the lock of the account. */
final class Clusters {
    private static final String DEFAULT = "default";

    private final Arns arns;
    private final Map<String, Cluster> clusters = new LinkedHashMap<>();

    Clusters(Arns arns) {
        this.arns = arns;
    }

    Cluster create(String name) {
        return clusters.computeIfAbsent(name, key -> new Cluster(key, arns.cluster(key), arns.region() + "a"));
    }

    Collection<Cluster> all() {
        return clusters.values();
    }

    Optional<Cluster> find(String arnOrName) {
        return Optional.ofNullable(clusters.get(Arns.nameIn(arnOrName)));
    }

    /** The cluster named by {@code arnOrName}; the one called "default" when nothing is named. */
    Cluster require(Optional<String> arnOrName) {
        return find(arnOrName.orElse(DEFAULT))
                .orElseThrow(() -> AwsError.refused("ClusterNotFoundException", "Cluster not found."));
    }

    /** A service that is not INACTIVE. */
    Service requireService(Cluster cluster, String arnOrName) {
        var service = cluster.service(Arns.nameIn(arnOrName))
                .orElseThrow(() -> AwsError.refused("ServiceNotFoundException", "Service not found."));
        if (!service.isActive()) {
            throw AwsError.refused("ServiceNotActiveException", "Service was not ACTIVE.");
        }
        return service;
    }

    /** By the long ARN {@code …:kind/CLUSTER/SERVICE/…}. */
    Optional<Service> serviceInArn(String arn) {
        var segments = arn.split("/", -1);
        return segments.length < 3
                ? Optional.empty()
                : Optional.ofNullable(clusters.get(segments[1])).flatMap(cluster -> cluster.service(segments[2]));
    }

    Optional<ServiceDeployment> deployment(String arn) {
        return serviceInArn(arn).stream()
                .flatMap(service -> service.allDeployments().stream())
                .filter(deployment -> deployment.arn().equals(arn))
                .findFirst();
    }

    Optional<ServiceRevision> revision(String arn) {
        return serviceInArn(arn)
                .flatMap(service -> service.revision(Arns.nameIn(arn)))
                .filter(revision -> revision.arn().equals(arn));
    }

    SimulatedTask requireTask(Cluster cluster, String arnOrId) {
        return cluster.task(Arns.nameIn(arnOrId))
                .orElseThrow(() -> AwsError.invalid("The referenced task was not found."));
    }
}
