package io.deployguard.doctor.check;

import io.deployguard.doctor.Check;
import java.util.List;

/** All checks, in the order in which a person would look: what ECS refuses, what cannot start, what nobody would notice. */
public final class Checks {

    private static final List<Check> ALL = List.of(
            new ContainerNames(),
            new EssentialContainer(),
            new ContainerDependencies(),
            new FargateSize(),
            new FargateSettings(),
            new ContainerSize(),
            new PortMappings(),
            new HealthCheckForm(),
            new HealthCheckLimits(),
            new HealthCheckTool(),
            new HealthCheckPort(),
            new HealthCheckPatience(),
            new Logging(),
            new LogMode(),
            new ExecutionRole(),
            new ImageTag(),
            new ImageArchitecture(),
            new VariableNames(),
            new PlainSecrets(),
            new SecretReferences(),
            new StopTimeout(),
            new Volumes(),
            new Loopback(),
            new MigrationAtStart(),
            new ServiceState(),
            new ClusterState(),
            new CircuitBreaker(),
            new DeploymentAlarms(),
            new DeploymentHeadroom(),
            new GracePeriod(),
            new BalancedPort(),
            new ServiceConnectPorts(),
            new TargetType(),
            new TargetHealthCheck(),
            new ListenerRoute(),
            new LaunchType(),
            new PlatformVersion(),
            new DefinitionStatus(),
            new Family(),
            new RemovedSettings(),
            new SmallerTask(),
            new Images(),
            new LogGroups(),
            new Secrets(),
            new SecretPlace());

    private Checks() {}

    public static List<Check> all() {
        return ALL;
    }
}
