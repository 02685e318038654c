package io.deployguard.ecs;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One ECS service, wherever it runs.
 *
 * @param partition {@code aws}, {@code aws-cn} or {@code aws-us-gov}
 * @param account twelve digits
 * @param cluster short name
 * @param name short name of the service
 */
public record ServiceRef(String partition, String region, String account, String cluster, String name) {

    private static final Pattern LONG_ARN =
            Pattern.compile("arn:([^:]+):ecs:([^:]+):([^:]+):service/([^/:]+)/([^/:]+)");
    private static final Pattern CLUSTER_ARN = Pattern.compile("arn:([^:]+):ecs:([^:]+):([^:]+):cluster/([^/:]+)");

    public ServiceRef {
        requireText(partition, "partition");
        requireText(region, "region");
        requireText(account, "account");
        requireText(cluster, "cluster");
        requireText(name, "name");
    }

    /**
     * The service of a long ARN, {@code arn:aws:ecs:R:A:service/C/S}. The short form of old accounts ({@code service/S}) names no cluster and
     * is therefore absent.
     */
    public static Optional<ServiceRef> findByArn(String serviceArn) {
        var matcher = LONG_ARN.matcher(serviceArn);
        return matcher.matches()
                ? Optional.of(new ServiceRef(
                        matcher.group(1), matcher.group(2), matcher.group(3), matcher.group(4), matcher.group(5)))
                : Optional.empty();
    }

    /**
     * The service of a long ARN.
     *
     * @throws IllegalArgumentException when the ARN has another shape
     */
    public static ServiceRef parse(String serviceArn) {
        return findByArn(serviceArn)
                .orElseThrow(() -> new IllegalArgumentException(
                        "service ARN: expected arn:aws:ecs:REGION:ACCOUNT:service/CLUSTER/SERVICE, got " + serviceArn));
    }

    /** The service with that name in the cluster of that ARN, absent when the ARN is not one of a cluster. */
    public static Optional<ServiceRef> findInCluster(String clusterArn, String serviceName) {
        var matcher = CLUSTER_ARN.matcher(clusterArn);
        return matcher.matches() && !serviceName.isBlank()
                ? Optional.of(new ServiceRef(
                        matcher.group(1), matcher.group(2), matcher.group(3), matcher.group(4), serviceName))
                : Optional.empty();
    }

    public String arn() {
        return "arn:%s:ecs:%s:%s:service/%s/%s".formatted(partition, region, account, cluster, name);
    }

    public String clusterArn() {
        return "arn:%s:ecs:%s:%s:cluster/%s".formatted(partition, region, account, cluster);
    }

    public Place place() {
        return new Place(partition, region, account);
    }

    /** {@code cluster/service}, as people say it. */
    @Override
    public String toString() {
        return cluster + "/" + name;
    }

    private static void requireText(String value, String field) {
        if (value.isBlank()) {
            throw new IllegalArgumentException(field + ": expected a non-blank text");
        }
    }
}
