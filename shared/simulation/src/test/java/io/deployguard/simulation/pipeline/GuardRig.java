package io.deployguard.simulation.pipeline;

import static io.deployguard.fixture.DeploymentBuilder.aDeploymentOf;
import static io.deployguard.fixture.RolloutBuilder.aRolloutOf;
import static io.deployguard.fixture.Shop.NEW;
import static io.deployguard.fixture.Shop.OLD;
import static io.deployguard.fixture.Shop.WEB;
import static io.deployguard.fixture.SnapshotBuilder.aRolledBackSnapshot;
import static io.deployguard.fixture.SnapshotBuilder.aSnapshot;
import static io.deployguard.fixture.TaskBuilder.aTask;

import io.deployguard.action.Command;
import io.deployguard.action.CommandExecutor;
import io.deployguard.action.CommandJournal;
import io.deployguard.action.CommandOutcome;
import io.deployguard.classification.Diagnosis;
import io.deployguard.decision.Mode;
import io.deployguard.decision.ModeSettings;
import io.deployguard.ecs.Accounts;
import io.deployguard.ecs.CodeDeployRef;
import io.deployguard.ecs.ImageState;
import io.deployguard.ecs.ListenerRule;
import io.deployguard.ecs.ServiceDeployment.Status;
import io.deployguard.ecs.ServiceRef;
import io.deployguard.ecs.ServiceRevision;
import io.deployguard.ecs.ServiceSnapshot;
import io.deployguard.ecs.SnapshotSource;
import io.deployguard.ecs.Stop;
import io.deployguard.ecs.Task;
import io.deployguard.ecs.TaskDefinition;
import io.deployguard.ecs.TaskLog;
import io.deployguard.event.EventKey;
import io.deployguard.event.GuardEvent;
import io.deployguard.event.Inbox;
import io.deployguard.evidence.Evidence;
import io.deployguard.fixture.DiagnosisBuilder;
import io.deployguard.fixture.FakeEvidence;
import io.deployguard.fixture.FakeSnapshots;
import io.deployguard.fixture.FixedTime;
import io.deployguard.fixture.Shop;
import io.deployguard.fixture.SnapshotBuilder;
import io.deployguard.fixture.TaskBuilder;
import io.deployguard.incident.Approval;
import io.deployguard.incident.ApprovalStore;
import io.deployguard.incident.Incident;
import io.deployguard.incident.IncidentStore;
import io.deployguard.incident.Progress;
import io.deployguard.incident.RevisionLedger;
import io.deployguard.incident.ServiceLease;
import io.deployguard.incident.StormStore;
import io.deployguard.notification.Delivery;
import io.deployguard.notification.Notice;
import io.deployguard.notification.Notifier;
import io.deployguard.notification.Outbox;
import io.deployguard.pipeline.Approvals;
import io.deployguard.pipeline.Courier;
import io.deployguard.pipeline.Database;
import io.deployguard.pipeline.Diagnose;
import io.deployguard.pipeline.Guard;
import io.deployguard.pipeline.GuardSettings;
import io.deployguard.pipeline.Handled;
import io.deployguard.pipeline.Investigation;
import io.deployguard.pipeline.Nudge;
import io.deployguard.pipeline.Responder;
import io.deployguard.pipeline.Watch;
import io.deployguard.pipeline.WeeklyTelling;
import io.deployguard.report.ReportStore;
import io.deployguard.report.WeeklySchedule;
import io.deployguard.simulation.memory.InMemoryDatabase;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * The whole guard over the shop of the tests: revision 42 is being deployed and crashes, 41 serves. Its memory, ECS and its channels are in this
 * process, report to a {@link Passage} on every call, and go wrong where a test says so.
 */
final class GuardRig {

    /** What the failing tasks log. */
    static final String LINE = "ERROR 42P07: relation \"clinics\" already exists";

    /** The catalogue's answer without the catalogue: the line tells, nothing else does. */
    static final Diagnose BY_LINE = bundle -> bundle.only(Evidence.LogLine.class).stream()
                    .anyMatch(line -> line.text().contains("42P07"))
            ? DiagnosisBuilder.aDiagnosis().build()
            : DiagnosisBuilder.UNKNOWN;

    /** The same cause, which another try might cure. */
    static final Diagnose CURABLE = bundle -> BY_LINE.diagnose(bundle) instanceof Diagnosis.Identified
            ? DiagnosisBuilder.aDiagnosis().curable().build()
            : DiagnosisBuilder.UNKNOWN;

    final FixedTime time = new FixedTime();
    final FakeSnapshots ecs = new FakeSnapshots(time);
    final FakeEvidence logs = new FakeEvidence();
    final InMemoryDatabase memory = new InMemoryDatabase(time);
    final Channel chat = new Channel("chat");
    final Channel pager = new Channel("pager");

    /** What was sent to ECS, whether or not its answer came back. */
    final List<Command> writes = new ArrayList<>();

    /** Incidents that the messenger was woken for when an event came, oldest first. */
    final List<UUID> called = new ArrayList<>();

    /** Called with the name of each place that the guard passes. */
    private final Passage passage;

    private GuardSettings settings;
    private final Wire wire = new Wire();
    private final Guard guard;
    private final Watch watch;
    private final Courier courier;
    /** The incidents that the event's function woke the actor for. */
    final List<UUID> woken = new ArrayList<>();

    private Consumer<Command> effect = _ -> ecs.show(rolledBack());
    private UnaryOperator<CommandOutcome> answer = UnaryOperator.identity();
    private int ids;

    GuardRig() {
        this(BY_LINE);
    }

    GuardRig(Diagnose diagnose) {
        this(diagnose, _ -> {}, Mode.AUTO);
    }

    GuardRig(Diagnose diagnose, Passage passage, Mode mode) {
        this(diagnose, passage, ModeSettings.of(mode));
    }

    GuardRig(Diagnose diagnose, Passage passage, ModeSettings modes) {
        this(diagnose, passage, modes, Set.of());
    }

    GuardRig(Diagnose diagnose, Passage passage, ModeSettings modes, Set<String> remedies) {
        this.passage = passage;
        this.settings =
                GuardSettings.DEFAULT.withModes(modes).withRemedies(remedies).withChannels(List.of("chat", "pager"));
        var investigation = new Investigation(
                new Eyes(),
                (service, requests, deadline) ->
                        passing("gather evidence", () -> logs.gather(service, requests, deadline)),
                diagnose,
                settings);
        this.guard = new Guard(wire, new Eyes(), investigation, settings, new Calls(), time, this::nextId);
        this.watch = new Watch(wire, new Eyes(), investigation, settings, Nudge.NONE, time, this::nextId);
        this.courier = new Courier(wire, List.of(chat, pager), Accounts.OWN, time);
        time.passMinutes(2);
        logs.log("starting", LINE);
        ecs.show(aSnapshot());
    }

    /** The actor is deployed anew, and may only roll back by now. */
    GuardRig withoutRemedies() {
        settings = settings.withRemedies(Set.of());
        return this;
    }

    private UUID nextId() {
        return new UUID(0, ++ids);
    }

    /** Notes who is woken. */
    private final class Calls implements Nudge {

        @Override
        public void act(UUID incident) {
            woken.add(incident);
        }

        @Override
        public void deliver(UUID incident) {
            called.add(incident);
        }
    }

    /** A place that a call passes; may throw. */
    @FunctionalInterface
    interface Passage {
        void at(String place);
    }

    private <T> T passing(String what, Supplier<T> call) {
        passage.at("before " + what);
        var result = call.get();
        passage.at("after " + what);
        return result;
    }

    // What ECS tells.

    /** Its answer to every command from now on. */
    void answer(UnaryOperator<CommandOutcome> how) {
        this.answer = how;
    }

    /** What it does with a command that arrives; at first it goes back at once. */
    void effect(Consumer<Command> how) {
        this.effect = how;
    }

    void takeEffect(Command command) {
        writes.add(command);
        effect.accept(command);
    }

    /** The release's deployment begins at noon. */
    GuardEvent begins() {
        return deployment("SERVICE_DEPLOYMENT_IN_PROGRESS", 1);
    }

    GuardEvent deployment(String name, long second) {
        return new GuardEvent.DeploymentStateChange(
                new EventKey(name + second), at(second), WEB, name, NEW, "ECS deployment ecs-svc/42 says so");
    }

    GuardEvent startImpaired(long second) {
        return new GuardEvent.ServiceAction(
                new EventKey("impaired" + second), at(second), WEB, "SERVICE_TASK_START_IMPAIRED", "");
    }

    GuardEvent runs(String task, long second) {
        return event(aTask().id(task).version(2).startedAt(at(second)).build(), second);
    }

    /** A task's essential container exits. */
    GuardEvent crashes(String task, long second) {
        return event(crashed(task, second).build(), second);
    }

    /** ECS's last word on it, some time later. */
    GuardEvent isGone(String task, long second, long later) {
        return event(crashed(task, second).gone(at(second + later)).version(4).build(), second + later);
    }

    static TaskBuilder crashed(String task, long second) {
        return aTask().id(task)
                .version(3)
                .stopped(Stop.Code.ESSENTIAL_CONTAINER_EXITED, "Essential container in task exited", at(second));
    }

    static GuardEvent event(Task task, long second) {
        return new GuardEvent.TaskStateChange(
                new EventKey("task:" + task.arn() + ":" + task.version()),
                at(second),
                Optional.of(WEB),
                WEB.clusterArn(),
                task);
    }

    static Instant at(long second) {
        return FixedTime.NOON.plusSeconds(second);
    }

    /** All that ECS sends about a release whose first two tasks crash. */
    List<GuardEvent> aBadRelease() {
        return List.of(
                begins(), runs("a", 20), crashes("a", 30), crashes("b", 60), isGone("a", 30, 60), startImpaired(90));
    }

    /** What the shop looks like once ECS has gone back. */
    SnapshotBuilder rolledBack() {
        return aRolledBackSnapshot()
                .rollouts(aRolloutOf(OLD)
                        .state("COMPLETED")
                        .counts(2, 2, 0)
                        .createdAt(time.instant())
                        .build());
    }

    // What the functions do.

    Handled deliver(GuardEvent event) {
        return guard.handle(event, deadline());
    }

    void deliverAll(List<GuardEvent> events) {
        events.forEach(this::deliver);
    }

    List<Responder.Response> act(String holder) {
        return act(holder, new Hands());
    }

    List<Responder.Response> act(String holder, CommandExecutor executor) {
        var responder = new Responder(wire, new Eyes(), executor, settings, Nudge.NONE, time, this::nextId);
        return incidents().stream()
                .filter(incident -> incident.progress() instanceof Progress.Planned)
                .map(incident -> responder.respond(incident.id(), holder))
                .toList();
    }

    Watch.Report watch() {
        return watch.run(deadline());
    }

    /** Another instance of the function each time. */
    Optional<String> tellTheWeek(String schedule) {
        return new WeeklyTelling(wire, settings, Optional.of(WeeklySchedule.parse(schedule)), Nudge.NONE, time).tell();
    }

    List<Courier.Run> tell() {
        return courier.deliverDue(deadline());
    }

    /** One minute of everything. */
    void minute() {
        time.passMinutes(1);
        watch();
        act("act");
        tell();
    }

    void minutes(int count) {
        for (var minute = 0; minute < count; minute++) {
            minute();
        }
    }

    private Instant deadline() {
        return time.instant().plusSeconds(60);
    }

    /** A person at the command line. */
    Approvals people() {
        return new Approvals(wire, Nudge.NONE, time);
    }

    static Approval.Person person(String name) {
        return new Approval.Person(name, Optional.empty(), "command line");
    }

    // What came of it.

    List<Incident> incidents() {
        return memory.transact("look", stores -> stores.incidents().newest(50));
    }

    Incident incident() {
        var all = incidents();
        if (all.size() != 1) {
            throw new AssertionError("expected one incident, got " + all);
        }
        return all.getFirst();
    }

    List<CommandJournal.Entry> journal() {
        var id = incident().id();
        return memory.transact("look", stores -> stores.journal().entriesOf(id));
    }

    List<String> history() {
        var id = incident().id();
        return memory.transact("look", stores -> stores.incidents().historyOf(id)).stream()
                .map(IncidentStore.Entry::what)
                .toList();
    }

    // The parts.

    /** The stores as a function sees them: it may end before and after each call. */
    private final class Wire implements Database {

        @Override
        public <T> T transact(String what, Function<Stores, T> work) {
            return passing(
                    what,
                    () -> memory.transact(what, stores -> {
                        var result = work.apply(watched(stores));
                        passage.at("before commit of " + what);
                        return result;
                    }));
        }

        private Stores watched(Stores stores) {
            return new Stores(
                    watched(stores.inbox(), Inbox.class),
                    watched(stores.tasks(), TaskLog.class),
                    watched(stores.revisions(), RevisionLedger.class),
                    watched(stores.incidents(), IncidentStore.class),
                    watched(stores.journal(), CommandJournal.class),
                    watched(stores.leases(), ServiceLease.class),
                    watched(stores.outbox(), Outbox.class),
                    watched(stores.approvals(), ApprovalStore.class),
                    watched(stores.storms(), StormStore.class),
                    watched(stores.reports(), ReportStore.class));
        }

        private <S> S watched(S store, Class<S> port) {
            return port.cast(Proxy.newProxyInstance(
                    port.getClassLoader(), new Class<?>[] {port}, (_, method, arguments) -> {
                        passage.at("before " + port.getSimpleName() + "." + method.getName());
                        try {
                            return method.invoke(store, arguments);
                        } catch (InvocationTargetException thrown) {
                            throw thrown.getCause();
                        }
                    }));
        }
    }

    private final class Eyes implements SnapshotSource {

        @Override
        public ServiceSnapshot describe(ServiceRef service) {
            return passing("describe service", () -> ecs.describe(service));
        }

        @Override
        public ImageState images(ServiceRevision revision) {
            return passing("look for images", () -> ecs.images(revision));
        }

        @Override
        public TaskDefinition describeTaskDefinition(String taskDefinitionArn) {
            return passing("describe task definition", () -> ecs.describeTaskDefinition(taskDefinitionArn));
        }

        @Override
        public List<ListenerRule> listenerRules(List<String> targetGroupArns) {
            return passing("read listener rules", () -> ecs.listenerRules(targetGroupArns));
        }

        @Override
        public Optional<String> findActiveTwin(String taskDefinitionArn) {
            return passing("look for a twin", () -> ecs.findActiveTwin(taskDefinitionArn));
        }

        @Override
        public List<Task> oneOffTasks(String clusterArn, String family) {
            return passing("list one-off tasks", () -> ecs.oneOffTasks(clusterArn, family));
        }

        @Override
        public Optional<ServiceRef> releasedBy(CodeDeployRef deployment) {
            return passing("find service of CodeDeploy", () -> ecs.releasedBy(deployment));
        }
    }

    /** ECS does it at once, before its answer is on the way. */
    final class Hands implements CommandExecutor {

        @Override
        public CommandOutcome execute(Command command, UUID incident) {
            return passing("send command", () -> {
                var outcome = answer.apply(new CommandOutcome.Done(command.describe()));
                if (outcome instanceof CommandOutcome.Done) {
                    takeEffect(command);
                } else {
                    writes.add(command);
                }
                return outcome;
            });
        }
    }

    /** A channel that shows one message per reference. */
    final class Channel implements Notifier {

        private final String name;
        final List<Notice> notices = new ArrayList<>();
        final List<Optional<String>> references = new ArrayList<>();
        Optional<Delivery> instead = Optional.empty();
        boolean forPeople = true;

        Channel(String name) {
            this.name = name;
        }

        @Override
        public String channel() {
            return name;
        }

        @Override
        public boolean isForPeople() {
            return forPeople;
        }

        @Override
        public Delivery deliver(Notice notice, Optional<String> shown) {
            return passing("post to " + name, () -> {
                if (instead.isPresent()) {
                    return instead.get();
                }
                notices.add(notice);
                references.add(shown);
                return new Delivery.Delivered(Optional.of(shown.orElse(name + "-" + notices.size())));
            });
        }

        /** Messages that were begun rather than edited. */
        long begun() {
            return references.stream().filter(Optional::isEmpty).count();
        }

        Notice last() {
            return notices.getLast();
        }
    }

    /** The shop while its new deployment is being turned around by ECS itself. */
    static SnapshotBuilder beingTurnedAround() {
        return aSnapshot()
                .rollouts(
                        aRolloutOf(OLD).counts(2, 2, 0).build(),
                        aRolloutOf(NEW).active().state("FAILED").counts(0, 0, 0).build())
                .deployments(
                        aDeploymentOf(NEW)
                                .status(Status.ROLLBACK_IN_PROGRESS)
                                .rollbackTo(OLD)
                                .build(),
                        aDeploymentOf(OLD)
                                .status(Status.SUCCESSFUL)
                                .from(Shop.OLDER)
                                .build());
    }

    static Duration patience() {
        return GuardSettings.DEFAULT.recovery().patience();
    }
}
