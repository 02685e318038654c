package io.deployguard.runtime;

import io.deployguard.aws.AwsClients;
import io.deployguard.aws.AwsEvidenceSource;
import io.deployguard.aws.ecs.OneOffTasks;
import io.deployguard.aws.elb.ListenerRules;
import io.deployguard.aws.endpoint.EndpointProbe;
import io.deployguard.aws.endpoint.Networks;
import io.deployguard.aws.logs.CloudWatchLogs;
import io.deployguard.aws.place.AwsPlaces;
import io.deployguard.aws.place.PlacedEvidence;
import io.deployguard.aws.place.PlacedSnapshots;
import io.deployguard.aws.rules.OwnRules;
import io.deployguard.aws.sqs.SqsNudge;
import io.deployguard.aws.sqs.SqsPutBack;
import io.deployguard.classification.CauseCatalog;
import io.deployguard.ecs.SnapshotSource;
import io.deployguard.pipeline.CatalogDiagnose;
import io.deployguard.pipeline.Database;
import io.deployguard.pipeline.Guard;
import io.deployguard.pipeline.GuardSettings;
import io.deployguard.pipeline.Investigation;
import io.deployguard.pipeline.MeteredDatabase;
import io.deployguard.pipeline.Nudge;
import io.deployguard.pipeline.RuleBook;
import io.deployguard.pipeline.Watch;
import io.deployguard.pipeline.WeeklyTelling;
import io.deployguard.postgres.PostgresDatabase;
import io.deployguard.postgres.Retention;
import io.deployguard.report.WeeklySchedule;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Puts the parts together that look at ECS: for the functions {@code detect} and {@code watch}. */
public final class GuardWiring {

    private final GuardSettings settings;
    private final GuardClock clock;
    private final PostgresDatabase memory;
    private final Database database;
    private final Duration retention;
    private final Optional<WeeklySchedule> weeklyReport;
    private final AwsPlaces places;
    private final SnapshotSource snapshots;
    private final AwsClients clients;
    private final Nudge nudge;
    private final Networks endpointNetworks;
    private final RuleBook rules;
    private final Optional<SqsPutBack> putBack;

    private GuardWiring(Stage stage) {
        var runtime = stage.settings();
        var log = stage.log();
        this.settings = runtime.guard();
        this.clock = runtime.clock();
        this.memory = DatabaseWiring.open(stage);
        this.database = new MeteredDatabase(memory, stage.meter());
        this.retention = runtime.retention();
        this.weeklyReport = runtime.weeklyReport();
        this.clients = clients(stage);
        this.places = new AwsPlaces(clients, runtime.accounts(), runtime.spokeExternalId(), log.function(), clock);
        this.snapshots = new PlacedSnapshots(places, clock);
        this.endpointNetworks = runtime.endpointNetworks();
        this.nudge = nudge(runtime, clients, log);
        this.putBack = runtime.eventQueueUrl().map(url -> new SqsPutBack(clients.sqs(), url));
        this.rules = new RuleBook(
                CauseCatalog.load(),
                runtime.rules().map(location -> OwnRules.at(location, () -> clients)),
                clock,
                fault -> log.warn("rules not in force", Map.of("reason", fault)));
    }

    public static GuardWiring on(Stage stage) {
        return new GuardWiring(stage);
    }

    static AwsClients clients(Stage stage) {
        var region = stage.settings().region();
        return stage.keep(
                stage.settings().isRehearsal() ? AwsClients.rehearsing(region) : AwsClients.in(region),
                AwsClients::close);
    }

    static Nudge nudge(RuntimeSettings runtime, AwsClients clients, StructuredLog log) {
        return runtime.actQueueUrl().isEmpty() && runtime.notifyQueueUrl().isEmpty()
                ? Nudge.NONE
                : new SqsNudge(
                        clients.sqs(),
                        runtime.actQueueUrl(),
                        runtime.notifyQueueUrl(),
                        fault -> log.warn("nudge lost", Map.of("reason", String.valueOf(fault.getMessage()))));
    }

    public Guard guard() {
        return new Guard(database, snapshots, investigation(), settings, nudge, clock, UUID::randomUUID);
    }

    /** Where an event goes that cannot be handled yet; absent where events do not come from a queue. */
    public Optional<SqsPutBack> putBack() {
        return putBack;
    }

    public Watch watch() {
        return new Watch(database, snapshots, investigation(), settings, nudge, clock, UUID::randomUUID);
    }

    public WeeklyTelling weeklyTelling() {
        return new WeeklyTelling(database, settings, weeklyReport, nudge, clock);
    }

    public Housekeeping housekeeping() {
        return new Housekeeping(new Retention(memory), retention, clock);
    }

    private Investigation investigation() {
        return new Investigation(
                snapshots, new PlacedEvidence(places, this::evidence), new CatalogDiagnose(rules), settings);
    }

    private AwsEvidenceSource evidence(AwsClients there) {
        return new AwsEvidenceSource(
                new CloudWatchLogs(there::logs, clock, clock::pause),
                new ListenerRules(there.elb()),
                new OneOffTasks(there.ecs()),
                new EndpointProbe(endpointNetworks, clock::pause),
                clock);
    }
}
