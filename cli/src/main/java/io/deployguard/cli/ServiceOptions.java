package io.deployguard.cli;

import io.deployguard.aws.endpoint.Networks;
import io.deployguard.ecs.ServiceRef;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which live service is looked at, and with what. */
final class ServiceOptions {

    @Option(names = "--cluster", required = true, paramLabel = "C", description = "name or ARN")
    String cluster = "";

    @Option(names = "--service", required = true, paramLabel = "S", description = "name or ARN")
    String service = "";

    @Option(names = "--region", paramLabel = "R", description = "where the cluster is")
    @Nullable
    String region;

    @Mixin
    RulesOption rules = new RulesOption();

    @Option(
            names = "--endpoint-networks",
            paramLabel = "RANGES",
            defaultValue = "${env:DEPLOY_GUARD_ENDPOINT_NETWORKS}",
            description =
                    "private networks, such as 10.0.0.0/16, in which the service's endpoint may be asked; public addresses always may")
    @Nullable
    String networks;

    /**
     * Eyes on the region.
     *
     * @throws DeployGuard.Unusable when networks or rules cannot be read
     */
    LiveService open(Clock clock) {
        return LiveService.in(region, rules::catalog, networks(), clock);
    }

    /**
     * The service.
     *
     * @throws io.deployguard.fault.GuardFault.NotFound when there is none
     */
    ServiceRef find(LiveService live) {
        return live.snapshots().find(cluster, service);
    }

    private Networks networks() {
        try {
            return networks == null ? Networks.PUBLIC : Networks.allowing(networks);
        } catch (IllegalArgumentException unreadable) {
            throw new DeployGuard.Unusable("--endpoint-networks: " + unreadable.getMessage());
        }
    }
}
