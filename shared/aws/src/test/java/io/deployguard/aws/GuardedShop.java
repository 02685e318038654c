package io.deployguard.aws;

import io.deployguard.action.Command;
import io.deployguard.action.CommandExecutor;
import io.deployguard.action.CommandOutcome;
import io.deployguard.aws.ecs.EcsCommandExecutor;
import io.deployguard.aws.ecs.EcsSnapshotSource;
import io.deployguard.aws.ecs.OneOffTasks;
import io.deployguard.aws.elb.ListenerRules;
import io.deployguard.aws.endpoint.EndpointProbe;
import io.deployguard.aws.endpoint.Networks;
import io.deployguard.aws.logs.CloudWatchLogs;
import io.deployguard.classification.CauseCatalog;
import io.deployguard.classification.Classifier;
import io.deployguard.decision.Mode;
import io.deployguard.ecs.Accounts;
import io.deployguard.event.EventReader;
import io.deployguard.event.EventReading;
import io.deployguard.fault.GuardFault;
import io.deployguard.incident.Incident;
import io.deployguard.incident.Progress;
import io.deployguard.notification.Delivery;
import io.deployguard.notification.Notice;
import io.deployguard.notification.Notifier;
import io.deployguard.pipeline.CatalogDiagnose;
import io.deployguard.pipeline.Courier;
import io.deployguard.pipeline.Database;
import io.deployguard.pipeline.Guard;
import io.deployguard.pipeline.GuardSettings;
import io.deployguard.pipeline.Handled;
import io.deployguard.pipeline.Investigation;
import io.deployguard.pipeline.Nudge;
import io.deployguard.pipeline.Responder;
import io.deployguard.pipeline.Watch;
import io.deployguard.simulation.account.Behavior;
import io.deployguard.simulation.account.SimulatedAccount;
import io.deployguard.simulation.account.wire.Call;
import io.deployguard.simulation.memory.InMemoryDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;

/** The whole guard over a simulated account: events in, one message out, its memory in this process. Whatever it waits for, the test lets pass. */
final class GuardedShop implements AutoCloseable {

    private static final CatalogDiagnose DIAGNOSE = new CatalogDiagnose(new Classifier(CauseCatalog.load()));

    private static final GuardSettings SETTINGS = GuardSettings.DEFAULT
            .withMode(Mode.AUTO)
            .withRemedies(Set.of("run-migration-then-redeploy", "re-register-then-roll-back"))
            .withChannels(List.of("chat"));

    private final SimulatedShop shop;
    private final List<String> events = new ArrayList<>();
    private final InMemoryDatabase memory;
    private final List<Notice> notices = new ArrayList<>();
    private final List<Optional<String>> references = new ArrayList<>();
    private final Wire wire = new Wire();
    private final Guard guard;
    private final Watch watch;
    private final Courier courier;

    /** Where a test puts its faults: before or after anything that is stored, and after a command. */
    private Consumer<String> fault = _ -> {};

    GuardedShop() {
        this(new SimulatedShop());
    }

    GuardedShop(SimulatedShop shop) {
        this.shop = shop;
        this.memory = new InMemoryDatabase(shop.account().clock());
        shop.account().onEvent(event -> events.add(event.toString()));
        var clock = shop.account().clock();
        var settings = SETTINGS;
        var investigation = new Investigation(
                snapshots(),
                new AwsEvidenceSource(
                        new CloudWatchLogs(shop.clients()::logs, clock, _ -> {}),
                        new ListenerRules(shop.clients().elb()),
                        new OneOffTasks(shop.clients().ecs()),
                        new EndpointProbe(Networks.allowing("127.0.0.0/8"), _ -> {}),
                        clock),
                DIAGNOSE,
                settings);
        guard = new Guard(wire, snapshots(), investigation, settings, Nudge.NONE, clock, UUID::randomUUID);
        watch = new Watch(wire, snapshots(), investigation, settings, Nudge.NONE, clock, UUID::randomUUID);
        courier = new Courier(wire, List.of(new Chat()), Accounts.OWN, clock);
    }

    /** Deploys the release whose tasks crash and returns what ECS tells of the next minutes. */
    List<String> release() {
        events.clear();
        shop.release();
        return List.copyOf(events);
    }

    /** The same with a release that behaves otherwise. */
    List<String> release(Behavior behavior) {
        shop.account().behavior("web:2", behavior);
        return release();
    }

    SimulatedAccount account() {
        return shop.account();
    }

    /** One delivery of an event; what EventBridge and SQS do with a fault is the test's to say. */
    Optional<Handled> deliver(String event) {
        return EventReader.read(event) instanceof EventReading.Understood(var understood)
                ? Optional.of(guard.handle(understood, deadline()))
                : Optional.empty();
    }

    /** The function {@code act}, woken for everything that is planned. */
    List<Responder.Response> act(String holder) {
        return act(holder, executor());
    }

    List<Responder.Response> act(String holder, CommandExecutor executor) {
        var responder = new Responder(
                wire,
                snapshots(),
                executor,
                SETTINGS,
                Nudge.NONE,
                shop.account().clock(),
                UUID::randomUUID);
        return incidents().stream()
                .filter(incident -> incident.progress() instanceof Progress.Planned)
                .map(incident -> responder.respond(incident.id(), holder))
                .toList();
    }

    Watch.Report watch() {
        return watch.run(deadline());
    }

    void tell() {
        courier.deliverDue(deadline());
    }

    void advance(Duration step) {
        shop.account().advance(step);
    }

    /** Minutes pass, every function runs in each, until the incident is over. */
    void runOn(Duration most) {
        for (var passed = Duration.ZERO; passed.compareTo(most) < 0; passed = passed.plusMinutes(1)) {
            advance(Duration.ofMinutes(1));
            for (var event : takeEvents()) {
                deliver(event);
            }
            watch();
            act("later");
            tell();
        }
    }

    private List<String> takeEvents() {
        var taken = List.copyOf(events);
        events.clear();
        return taken;
    }

    List<Incident> incidents() {
        return wire.transact("read incidents", stores -> stores.incidents().newest(20));
    }

    /** The one that people were told of. */
    Incident incident() {
        return incidents().stream().filter(Incident::isTold).findFirst().orElseThrow();
    }

    /** What the guard itself changed in ECS. */
    List<String> writes() {
        return shop.endpoint().changes().stream().map(Call::action).toList();
    }

    List<Notice> notices() {
        return notices;
    }

    /** The message that each delivery was told to edit; absent for the first one. */
    List<Optional<String>> references() {
        return references;
    }

    void failWith(Consumer<String> thrower) {
        fault = thrower;
    }

    EcsSnapshotSource snapshots() {
        return new EcsSnapshotSource(shop.clients(), shop.account().clock());
    }

    /** The real one; a fault after it is an answer that got lost. */
    CommandExecutor executor() {
        var real = new EcsCommandExecutor(shop.clients());
        return new CommandExecutor() {
            @Override
            public CommandOutcome execute(Command command, UUID incident) {
                var outcome = real.execute(command, incident);
                fault.accept("after command");
                return outcome;
            }
        };
    }

    private Instant deadline() {
        return shop.account().clock().instant().plusSeconds(60);
    }

    @Override
    public void close() {
        shop.close();
    }

    /** The database as a function sees it: the process may end before a commit, or right after it. */
    private final class Wire implements Database {
        @Override
        public <T> T transact(String what, Function<Stores, T> work) {
            fault.accept("before " + what);
            T result;
            // Instances may come at once; a transaction is as if alone.
            synchronized (memory) {
                result = memory.transact(what, work);
            }
            fault.accept("after " + what);
            return result;
        }
    }

    /** A channel that keeps what it is sent. */
    private final class Chat implements Notifier {
        @Override
        public String channel() {
            return "chat";
        }

        @Override
        public Delivery deliver(Notice notice, Optional<String> shown) {
            notices.add(notice);
            references.add(shown);
            return new Delivery.Delivered(Optional.of(shown.orElse("message-" + notices.size())));
        }
    }

    /** The process ends here. */
    static GuardFault killed(String where) {
        return new GuardFault.Unavailable("killed " + where, null);
    }
}
