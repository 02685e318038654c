package io.deployguard.cli;

import io.deployguard.aws.AwsClients;
import io.deployguard.aws.AwsEvidenceSource;
import io.deployguard.aws.ecs.EcsSnapshotSource;
import io.deployguard.aws.ecs.OneOffTasks;
import io.deployguard.aws.elb.ListenerRules;
import io.deployguard.aws.elb.TargetGroups;
import io.deployguard.aws.endpoint.EndpointProbe;
import io.deployguard.aws.endpoint.Networks;
import io.deployguard.aws.logs.CloudWatchLogs;
import io.deployguard.classification.Classifier;
import io.deployguard.decision.Mode;
import io.deployguard.fault.GuardFault;
import io.deployguard.pipeline.CatalogDiagnose;
import io.deployguard.pipeline.Checkup;
import io.deployguard.pipeline.Investigation;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Looks at a live service: service and deployments, events, stopped tasks, logs, targets, listeners, and says what is wrong, why, what to do. */
@Command(
        name = "diagnose",
        mixinStandardHelpOptions = true,
        description = {
            "Looks at a live service and says what is wrong, why, and what to do. Reads only.",
            "Credentials and region are found as the AWS CLI finds them (AWS_PROFILE, AWS_REGION, AWS_ENDPOINT_URL …).",
            "Exit code: 0 the service is well or deploying, 1 it is failing or its last deployment was undone."
        })
final class DiagnoseCommand implements Callable<Integer> {

    @Spec
    @Nullable
    CommandSpec spec;

    @Option(names = "--cluster", required = true, paramLabel = "C", description = "name or ARN")
    String cluster = "";

    @Option(names = "--service", required = true, paramLabel = "S", description = "name or ARN")
    String service = "";

    @Option(names = "--region", paramLabel = "R", description = "where the cluster is")
    @Nullable
    String region;

    @Option(names = "--json", description = "one JSON object")
    boolean json;

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

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "by when all evidence must be in; what is late counts as not seen")
    int timeout;

    @Override
    public Integer call() {
        var report = examine();
        var out = Objects.requireNonNull(spec).commandLine().getOut();
        var page = new ServicePage(report);
        if (json) {
            out.println(page.json());
        } else {
            page.lines().forEach(out::println);
        }
        out.flush();
        return switch (report.state()) {
            case WELL, DEPLOYING -> 0;
            case FAILING, ROLLED_BACK -> DeployGuard.BAD;
        };
    }

    private Checkup.Report examine() {
        var clock = Clock.systemUTC();
        try (var clients = AwsClients.in(region == null ? AwsClients.usualRegion() : region)) {
            var snapshots = new EcsSnapshotSource(clients.ecs(), new TargetGroups(clients.elb()), clock);
            var evidence = new AwsEvidenceSource(
                    new CloudWatchLogs(clients::logs, clock, DiagnoseCommand::pause),
                    new ListenerRules(clients.elb()),
                    new OneOffTasks(clients.ecs()),
                    new EndpointProbe(networks(), DiagnoseCommand::pause),
                    clock);
            var diagnose = new CatalogDiagnose(new Classifier(rules.catalog(() -> clients)));
            var investigation = new Investigation(snapshots, evidence, diagnose, Mode.OBSERVE);
            return new Checkup(snapshots, investigation, diagnose)
                    .examine(snapshots.find(cluster, service), clock.instant().plus(Duration.ofSeconds(timeout)));
        } catch (GuardFault.NotFound | GuardFault.Denied | GuardFault.Malformed unusable) {
            throw new DeployGuard.Unusable(String.valueOf(unusable.getMessage()));
        }
    }

    private Networks networks() {
        try {
            return networks == null ? Networks.PUBLIC : Networks.allowing(networks);
        } catch (IllegalArgumentException unreadable) {
            throw new DeployGuard.Unusable("--endpoint-networks: " + unreadable.getMessage());
        }
    }

    private static void pause(Duration duration) throws InterruptedException {
        Thread.sleep(duration);
    }
}
