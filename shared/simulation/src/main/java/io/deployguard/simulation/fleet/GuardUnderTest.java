package io.deployguard.simulation.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import io.deployguard.action.Command;
import io.deployguard.action.CommandOutcome;
import io.deployguard.classification.CauseCatalog;
import io.deployguard.classification.Classifier;
import io.deployguard.decision.Mode;
import io.deployguard.ecs.Accounts;
import io.deployguard.ecs.CodeDeployRef;
import io.deployguard.ecs.ImageState;
import io.deployguard.ecs.ListenerRule;
import io.deployguard.ecs.ServiceRef;
import io.deployguard.ecs.ServiceRevision;
import io.deployguard.ecs.ServiceSnapshot;
import io.deployguard.ecs.SnapshotSource;
import io.deployguard.ecs.Task;
import io.deployguard.ecs.TaskDefinition;
import io.deployguard.event.EventReader;
import io.deployguard.event.EventReading;
import io.deployguard.fault.GuardFault;
import io.deployguard.incident.Incident;
import io.deployguard.notification.Delivery;
import io.deployguard.notification.Notice;
import io.deployguard.notification.Notifier;
import io.deployguard.pipeline.CatalogDiagnose;
import io.deployguard.pipeline.Courier;
import io.deployguard.pipeline.Database;
import io.deployguard.pipeline.Guard;
import io.deployguard.pipeline.GuardSettings;
import io.deployguard.pipeline.Investigation;
import io.deployguard.pipeline.Nudge;
import io.deployguard.pipeline.ObservedIncidents;
import io.deployguard.pipeline.Responder;
import io.deployguard.pipeline.Watch;
import io.deployguard.simulation.memory.InMemoryDatabase;
import io.deployguard.simulation.port.AccountCommands;
import io.deployguard.simulation.port.AccountEvidence;
import io.deployguard.simulation.port.AccountSnapshots;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * The guard's functions over a fleet, as AWS would run them: events come late, twice and out of order, nudges and answers get lost, calls fail,
 * transactions are lost to others, a channel refuses now and then. Only the wire is missing.
 */
final class GuardUnderTest {

    private static final String CHANNEL = "chat";
    private static final Duration WATCH_EVERY = Duration.ofMinutes(1);

    /** How long a function may take. */
    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    /** As often a queue delivers what a function cannot handle. */
    private static final int MOST_DELIVERIES = 5;

    /** Until a function has a message that nothing holds up. */
    private static final Duration AWAKE_AFTER = Duration.ofMillis(500);

    private static final Duration REDELIVERED_AFTER = Duration.ofSeconds(60);

    private final Fleet fleet;
    private final Judge judge;
    private final Predicate<JsonNode> rules;
    private final Random chance;
    private final boolean calm;
    private final Guard guard;
    private final Watch watch;
    private final Responder responder;
    private final Courier courier;
    private boolean courierIsCalled;
    private long ids;
    private long actors;
    private Optional<UUID> acting = Optional.empty();

    /** @param rules which events come through */
    GuardUnderTest(Fleet fleet, FleetSettings settings, Judge judge, Predicate<JsonNode> rules) {
        this(fleet, settings, judge, rules, false);
    }

    /** @param calm whether nothing gets lost or late on the way */
    GuardUnderTest(Fleet fleet, FleetSettings settings, Judge judge, Predicate<JsonNode> rules, boolean calm) {
        this.calm = calm;
        this.fleet = fleet;
        this.judge = judge;
        this.rules = rules;
        this.chance = new Random(settings.seed() * 131 + 3);
        var clock = fleet.account().clock();
        var memory = new InMemoryDatabase(clock);
        memory.share(_ -> happens(50) ? Optional.of(() -> {}) : Optional.empty());
        var database = new Observed(memory);
        var guardSettings = GuardSettings.DEFAULT.withChannels(List.of(CHANNEL));
        var snapshots = new Eyes(new AccountSnapshots(fleet.account()));
        var evidence = new AccountEvidence(fleet.account());
        var investigation = new Investigation(
                snapshots, evidence, new CatalogDiagnose(new Classifier(CauseCatalog.load())), Mode.OBSERVE);
        var nudge = new Nudges();
        this.guard = new Guard(database, snapshots, investigation, guardSettings, nudge, clock, this::nextId);
        this.watch = new Watch(database, snapshots, investigation, guardSettings, nudge, clock, this::nextId);
        this.responder = new Responder(database, snapshots, this::execute, guardSettings, nudge, clock, this::nextId);
        this.courier = new Courier(database, List.of(new Channel()), Accounts.OWN, clock);
    }

    private UUID nextId() {
        return new UUID(0, ++ids);
    }

    /** One time in so many. */
    private boolean happens(int oneIn) {
        return !calm && chance.nextInt(oneIn) == 0;
    }

    private void after(Duration delay, Runnable work) {
        fleet.account().agenda().after(delay, work);
    }

    private Instant deadline() {
        return fleet.now().plus(TIMEOUT);
    }

    /** Installs the guard. */
    void begin() {
        fleet.account().onEvent(event -> {
            judge.see(event);
            if (rules.test(event)) {
                after(delay(), () -> detect(event, 1));
                if (happens(25)) {
                    after(delay().plus(delay()), () -> detect(event, 1));
                }
            }
        });
        after(WATCH_EVERY, this::watch);
    }

    /** Mostly within three seconds, at times within a minute, seldom within three. */
    private Duration delay() {
        if (calm) {
            return AWAKE_AFTER;
        }
        var most = happens(100) ? 180_000 : happens(20) ? 60_000 : 3_000;
        return Duration.ofMillis(200L + chance.nextInt(most));
    }

    private void detect(JsonNode event, int delivery) {
        if (!(EventReader.read(event) instanceof EventReading.Understood(var understood))) {
            throw new IllegalStateException("the rules let an event pass that nobody understands: " + event);
        }
        try {
            guard.handle(understood, deadline());
            judge.delivered(understood);
        } catch (GuardFault fault) {
            if (delivery < MOST_DELIVERIES) {
                after(REDELIVERED_AFTER, () -> detect(event, delivery + 1));
            }
        }
    }

    private void watch() {
        try {
            watch.run(deadline());
        } catch (GuardFault fault) {
            // The next minute tries again.
        }
        after(WATCH_EVERY, this::watch);
    }

    private void act(UUID incident, int delivery) {
        acting = Optional.of(incident);
        try {
            var response = responder.respond(incident, "act-" + ++actors);
            if (response instanceof Responder.Response.Busy && delivery < MOST_DELIVERIES) {
                after(REDELIVERED_AFTER, () -> act(incident, delivery + 1));
            }
        } catch (GuardFault fault) {
            if (delivery < MOST_DELIVERIES) {
                after(REDELIVERED_AFTER, () -> act(incident, delivery + 1));
            }
        } finally {
            acting = Optional.empty();
        }
    }

    private void deliver() {
        courierIsCalled = false;
        try {
            courier.deliverDue(deadline());
        } catch (GuardFault fault) {
            // The watch sweeps the outbox.
        }
    }

    private CommandOutcome execute(Command command, UUID incident) {
        if (happens(40)) {
            throw new GuardFault.TimedOut("the request got lost", null);
        }
        var outcome = judge.execute(
                command, acting.orElseThrow(), () -> new AccountCommands(fleet.account()).execute(command, incident));
        if (happens(30)) {
            throw new GuardFault.TimedOut("the answer got lost", null);
        }
        return outcome;
    }

    /** Wakes the functions after a moment, or not at all. */
    private final class Nudges implements Nudge {

        @Override
        public void act(UUID incident) {
            if (!happens(20)) {
                after(
                        calm ? AWAKE_AFTER : Duration.ofMillis(200 + chance.nextInt(2_000)),
                        () -> GuardUnderTest.this.act(incident, 1));
            }
            if (happens(20)) {
                after(Duration.ofMillis(200 + chance.nextInt(20_000)), () -> GuardUnderTest.this.act(incident, 1));
            }
        }

        @Override
        public void deliver(UUID incident) {
            if (!courierIsCalled && !happens(20)) {
                courierIsCalled = true;
                after(Duration.ofMillis(200 + chance.nextInt(800)), GuardUnderTest.this::deliver);
            }
        }
    }

    /** A look that fails now and then. */
    private final class Eyes implements SnapshotSource {

        private final SnapshotSource account;

        Eyes(SnapshotSource account) {
            this.account = account;
        }

        @Override
        public ServiceSnapshot describe(ServiceRef service) {
            if (happens(80)) {
                throw new GuardFault.Throttled("describe service " + service + ": throttled", null);
            }
            return account.describe(service);
        }

        @Override
        public ImageState images(ServiceRevision revision) {
            return account.images(revision);
        }

        @Override
        public TaskDefinition describeTaskDefinition(String taskDefinitionArn) {
            return account.describeTaskDefinition(taskDefinitionArn);
        }

        @Override
        public List<ListenerRule> listenerRules(List<String> targetGroupArns) {
            return account.listenerRules(targetGroupArns);
        }

        @Override
        public Optional<String> findActiveTwin(String taskDefinitionArn) {
            return account.findActiveTwin(taskDefinitionArn);
        }

        @Override
        public List<Task> oneOffTasks(String clusterArn, String family) {
            return account.oneOffTasks(clusterArn, family);
        }

        @Override
        public Optional<ServiceRef> releasedBy(CodeDeployRef deployment) {
            return account.releasedBy(deployment);
        }
    }

    /** A channel that shows what it is told, most of the time. */
    private final class Channel implements Notifier {

        private long messages;

        @Override
        public String channel() {
            return CHANNEL;
        }

        @Override
        public Delivery deliver(Notice notice, Optional<String> shown) {
            if (happens(50)) {
                return new Delivery.Retry(Duration.ofSeconds(30), "429");
            }
            judge.read(notice, shown.isEmpty());
            return new Delivery.Delivered(Optional.of(shown.orElseGet(() -> "message-" + ++messages)));
        }
    }

    /** Tells the judge what has been committed. */
    private final class Observed implements Database {

        private final Database memory;

        Observed(Database memory) {
            this.memory = memory;
        }

        @Override
        public <T> T transact(String what, java.util.function.Function<Stores, T> work) {
            var changed = new ArrayList<Incident>();
            var result = memory.transact(what, stores -> {
                changed.clear();
                return work.apply(stores.withIncidents(
                        new ObservedIncidents(stores.incidents(), (_, after) -> changed.add(after))));
            });
            changed.forEach(judge::changed);
            return result;
        }
    }
}
