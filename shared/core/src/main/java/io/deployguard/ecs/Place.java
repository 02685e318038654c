package io.deployguard.ecs;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where something of AWS is.
 *
 * @param partition {@code aws}, {@code aws-cn} or {@code aws-us-gov}
 * @param account twelve digits
 */
public record Place(String partition, String region, String account) {

    private static final Pattern ARN = Pattern.compile("arn:([^:]+):[^:]+:([^:]+):([^:]+):.+");

    /** Where the resource of that ARN is; absent for what belongs to no account or no region. */
    public static Optional<Place> findInArn(String arn) {
        var matcher = ARN.matcher(arn);
        return matcher.matches()
                ? Optional.of(new Place(matcher.group(1), matcher.group(2), matcher.group(3)))
                : Optional.empty();
    }

    /**
     * Where the resource of that ARN is.
     *
     * @throws IllegalArgumentException when the ARN names no account or no region
     */
    public static Place ofArn(String arn) {
        return findInArn(arn)
                .orElseThrow(
                        () -> new IllegalArgumentException("ARN: expected one with account and region, got " + arn));
    }

    /** Account and region as one text, {@code 123456789012/eu-central-1}. */
    @Override
    public String toString() {
        return account + "/" + region;
    }
}
