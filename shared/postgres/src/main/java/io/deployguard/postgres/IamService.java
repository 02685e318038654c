package io.deployguard.postgres;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Databases of AWS that let IAM decide who logs in. The name of the host says which it is, and in which region. */
enum IamService {
    /** Aurora DSQL. Its user {@code admin} needs {@code dsql:DbConnectAdmin}, every other one {@code dsql:DbConnect}. */
    DSQL("[a-z0-9]+\\.dsql(?:-[a-z0-9]+)?\\.(?<region>[a-z]{2}(?:-[a-z]+)+-\\d)\\.on\\.aws") {
        @Override
        String token(ConnectionSettings settings, String region, AwsKeys keys, Instant now) {
            var action = settings.user().filter("admin"::equals).isPresent() ? "DbConnectAdmin" : "DbConnect";
            return IamToken.sign("dsql", settings.host(), region, Map.of("Action", action), keys, now);
        }
    },

    /** RDS, Aurora and RDS Proxy. The user needs {@code rds_iam} in the database and {@code rds-db:connect} in IAM. */
    RDS("[a-z0-9.-]+\\.(?<region>[a-z]{2}(?:-[a-z]+)+-\\d)\\.rds\\.amazonaws\\.com(?:\\.cn)?") {
        @Override
        String token(ConnectionSettings settings, String region, AwsKeys keys, Instant now) {
            return IamToken.sign(
                    "rds-db",
                    settings.host() + ":" + settings.port(),
                    region,
                    Map.of("Action", "connect", "DBUser", settings.user().orElse("")),
                    keys,
                    now);
        }
    };

    private final Pattern host;

    IamService(String host) {
        this.host = Pattern.compile(host);
    }

    /** A password for one login with these settings. */
    abstract String token(ConnectionSettings settings, String region, AwsKeys keys, Instant now);

    static Optional<IamService> find(String host) {
        for (var service : values()) {
            if (service.runs(host)) {
                return Optional.of(service);
            }
        }
        return Optional.empty();
    }

    boolean runs(String host) {
        return this.host.matcher(host).matches();
    }

    String token(ConnectionSettings settings, AwsKeys keys, Instant now) {
        var parts = host.matcher(settings.host());
        if (!parts.matches()) {
            throw new IllegalArgumentException("%s is no host of %s".formatted(settings.host(), this));
        }
        return token(settings, parts.group("region"), keys, now);
    }
}
