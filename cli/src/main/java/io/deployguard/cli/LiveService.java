package io.deployguard.cli;

import io.deployguard.aws.AwsClients;
import io.deployguard.aws.AwsEvidenceSource;
import io.deployguard.aws.ecs.EcsSnapshotSource;
import io.deployguard.aws.ecs.OneOffTasks;
import io.deployguard.aws.elb.ListenerRules;
import io.deployguard.aws.endpoint.EndpointProbe;
import io.deployguard.aws.endpoint.Networks;
import io.deployguard.aws.logs.CloudWatchLogs;
import io.deployguard.classification.CauseCatalog;
import io.deployguard.classification.Classifier;
import io.deployguard.decision.Mode;
import io.deployguard.pipeline.CatalogDiagnose;
import io.deployguard.pipeline.Checkup;
import io.deployguard.pipeline.Investigation;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Read-only eyes on live services, with the credentials that the AWS CLI finds. Needs no database. */
final class LiveService implements AutoCloseable {

    private final AwsClients clients;
    private final EcsSnapshotSource snapshots;
    private final Investigation investigation;
    private final Checkup checkup;

    private LiveService(
            AwsClients clients, Function<Supplier<AwsClients>, CauseCatalog> catalog, Networks networks, Clock clock) {
        this.clients = clients;
        this.snapshots = new EcsSnapshotSource(clients, clock);
        var evidence = new AwsEvidenceSource(
                new CloudWatchLogs(clients::logs, clock, LiveService::pause),
                new ListenerRules(clients.elb()),
                new OneOffTasks(clients.ecs()),
                new EndpointProbe(networks, LiveService::pause),
                clock);
        var diagnose = new CatalogDiagnose(new Classifier(catalog.apply(() -> clients)));
        this.investigation = new Investigation(snapshots, evidence, diagnose, Mode.OBSERVE);
        this.checkup = new Checkup(snapshots, investigation, diagnose);
    }

    /**
     * Eyes on a region.
     *
     * @param region absent for the one that the AWS CLI would use
     * @param catalog of causes; rules of one's own may have to be read from AWS
     * @param networks in which endpoints of services may be asked
     */
    static LiveService in(
            @Nullable String region,
            Function<Supplier<AwsClients>, CauseCatalog> catalog,
            Networks networks,
            Clock clock) {
        return new LiveService(
                AwsClients.in(region == null ? AwsClients.usualRegion() : region), catalog, networks, clock);
    }

    EcsSnapshotSource snapshots() {
        return snapshots;
    }

    Investigation investigation() {
        return investigation;
    }

    Checkup checkup() {
        return checkup;
    }

    private static void pause(Duration duration) throws InterruptedException {
        Thread.sleep(duration);
    }

    @Override
    public void close() {
        clients.close();
    }
}
