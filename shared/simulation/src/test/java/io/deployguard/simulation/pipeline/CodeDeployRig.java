package io.deployguard.simulation.pipeline;

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
import io.deployguard.event.GuardEvent;
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
import io.deployguard.pipeline.Investigation;
import io.deployguard.pipeline.Nudge;
import io.deployguard.pipeline.Responder;
import io.deployguard.pipeline.Watch;
import io.deployguard.simulation.account.Behavior;
import io.deployguard.simulation.account.CodeDeploy;
import io.deployguard.simulation.account.Json;
import io.deployguard.simulation.account.LoadBalancer;
import io.deployguard.simulation.account.SimulatedAccount;
import io.deployguard.simulation.account.SimulatedClock;
import io.deployguard.simulation.account.TargetGroup;
import io.deployguard.simulation.memory.InMemoryDatabase;
import io.deployguard.simulation.port.AccountCommands;
import io.deployguard.simulation.port.AccountEvidence;
import io.deployguard.simulation.port.AccountSnapshots;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** The whole guard over a simulated account in which CodeDeploy brings releases into service {@code shop/web}, behind two target groups. */
final class CodeDeployRig {

    static final ServiceRef WEB = new ServiceRef("aws", "eu-central-1", "123456789012", "shop", "web");
    static final String LINE = "error: relation \"orders\" already exists";
    static final Behavior WELL = Behavior.healthyAfter(Duration.ofSeconds(5), "listening on 8080");
    static final Behavior CRASHING = Behavior.crashing(Duration.ofSeconds(4), 134, "applying migration", LINE);

    private static final CatalogDiagnose DIAGNOSE = new CatalogDiagnose(new Classifier(CauseCatalog.load()));
    private static final Duration STEP = Duration.ofSeconds(20);

    final SimulatedAccount account = SimulatedAccount.in(
            "eu-central-1", "123456789012", SimulatedClock.manual(Instant.parse("2026-02-03T09:00:00Z")));
    final CodeDeploy.Group group;

    /** What the guard sent, whether or not the answer came back. */
    final List<Command> writes = new ArrayList<>();

    final List<Notice> notices = new ArrayList<>();

    private final InMemoryDatabase memory = new InMemoryDatabase(account.clock());
    private final Deque<GuardEvent> events = new ArrayDeque<>();
    private final SnapshotSource eyes = new AccountSnapshots(account);
    private final SnapshotSource snapshots = new Eyes(eyes);
    private final GuardSettings settings =
            GuardSettings.DEFAULT.withMode(Mode.AUTO).withChannels(List.of("chat"));
    private final Consumer<String> passage;
    private final Database wire;
    private final Guard guard;
    private final Watch watch;
    private final Courier courier;
    private Runnable beforeWrite = () -> {};
    private int definitions;
    private long ids;

    CodeDeployRig() {
        this(Duration.ofMinutes(5), _ -> {});
    }

    /**
     * @param terminationWait how long the earlier tasks stay once traffic has moved
     * @param passage called with the name of each place that the guard passes; may throw
     */
    CodeDeployRig(Duration terminationWait, Consumer<String> passage) {
        this.passage = passage;
        account.cluster("shop");
        account.logs().group("/ecs/web");
        var pair = List.of(targets("blue"), targets("green"));
        var listener =
                account.loadBalancing().loadBalancer("shop").listener(443, LoadBalancer.forwardTo(pair.getFirst()));
        define(WELL);
        account.service("shop", "web")
                .desired(2)
                .behind(pair.getFirst(), "app", 8080)
                .controller("CODE_DEPLOY")
                .create("web:1");
        group = new CodeDeploy.Group("shop", "web", "shop", "web", pair, listener, terminationWait, true);
        account.codeDeploy().group(group);
        account.advance(Duration.ofMinutes(3));
        account.onEvent(event -> {
            if (EventReader.read(event) instanceof EventReading.Understood(var understood)) {
                events.add(understood);
            }
        });
        wire = new Database() {
            @Override
            public <T> T transact(String what, Function<Stores, T> work) {
                return passing(what, () -> memory.transact(what, work));
            }
        };
        var investigation = new Investigation(snapshots, new AccountEvidence(account), DIAGNOSE, settings);
        guard = new Guard(wire, snapshots, investigation, settings, Nudge.NONE, account.clock(), this::nextId);
        watch = new Watch(wire, snapshots, investigation, settings, Nudge.NONE, account.clock(), this::nextId);
        courier = new Courier(wire, List.of(new Chat()), Accounts.OWN, account.clock());
    }

    private UUID nextId() {
        return new UUID(0, ++ids);
    }

    private TargetGroup targets(String name) {
        return account.loadBalancing()
                .targetGroup(
                        name,
                        8080,
                        TargetGroup.HealthCheck.of("/health").every(Duration.ofSeconds(10)),
                        Duration.ofSeconds(10));
    }

    private String define(Behavior behavior) {
        var name = "web:" + ++definitions;
        account.behavior(name, behavior);
        return account.registerTaskDefinition("""
                {"family":"web","networkMode":"awsvpc","requiresCompatibilities":["FARGATE"],"cpu":"256","memory":"512",
                 "containerDefinitions":[{"name":"app","image":"shop/web:%d","essential":true,
                  "portMappings":[{"containerPort":8080}],
                  "logConfiguration":{"logDriver":"awslogs","options":{"awslogs-group":"/ecs/web",
                   "awslogs-region":"eu-central-1","awslogs-stream-prefix":"web"}}}]}""".formatted(definitions));
    }

    /** Lets CodeDeploy deploy the next revision; returns the deployment's id. */
    String release(Behavior behavior) {
        return account.codeDeploy()
                .createDeployment(CodeDeploy.request(group, define(behavior), "app", 8080))
                .path("deploymentId")
                .asText();
    }

    /** A person ends a deployment. */
    void stop(String deployment) {
        account.codeDeploy()
                .stopDeployment(Json.object().put("deploymentId", deployment).put("autoRollbackEnabled", true));
    }

    /** Called right before the guard's command arrives. */
    void beforeWrite(Runnable what) {
        beforeWrite = what;
    }

    /** The function {@code act} is not there to begin with. */
    void minutesWithoutActor(int count) {
        minutes(count, () -> {});
    }

    void minutes(int count) {
        minutes(count, this::act);
    }

    private void minutes(int count, Runnable actor) {
        for (var step = 0; step < count * 3; step++) {
            account.advance(STEP);
            untilItIsDone(this::deliver);
            if (step % 3 == 2) {
                untilItIsDone(() -> watch.run(deadline()));
            }
            untilItIsDone(actor);
            untilItIsDone(() -> courier.deliverDue(deadline()));
        }
    }

    /** The process ends once; SQS and the schedule begin it again. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1L;

        Killed(String where) {
            super(where, null, false, false);
        }
    }

    private static void untilItIsDone(Runnable work) {
        try {
            work.run();
        } catch (Killed gone) {
            work.run();
        }
    }

    private void deliver() {
        while (!events.isEmpty()) {
            guard.handle(events.getFirst(), deadline());
            events.removeFirst();
        }
    }

    private void act() {
        var responder =
                new Responder(wire, snapshots, this::execute, settings, Nudge.NONE, account.clock(), this::nextId);
        incidents().stream()
                .filter(incident -> incident.progress() instanceof Progress.Planned)
                .forEach(incident -> responder.respond(incident.id(), "act-" + nextId()));
    }

    private CommandOutcome execute(Command command, UUID incident) {
        return passing("send command", () -> {
            beforeWrite.run();
            writes.add(command);
            return new AccountCommands(account).execute(command, incident);
        });
    }

    private <T> T passing(String what, Supplier<T> call) {
        passage.accept("before " + what);
        var result = call.get();
        passage.accept("after " + what);
        return result;
    }

    private Instant deadline() {
        return account.clock().instant().plusSeconds(60);
    }

    List<Incident> incidents() {
        return memory.transact("look", stores -> stores.incidents().newest(50));
    }

    Incident incident() {
        var told = incidents().stream().filter(Incident::isTold).toList();
        if (told.size() != 1) {
            throw new AssertionError("expected one incident that was told, got " + told);
        }
        return told.getFirst();
    }

    ServiceSnapshot look() {
        return eyes.describe(WEB);
    }

    /** The status of each deployment in CodeDeploy, newest first. */
    List<String> statuses() {
        var ids = account.codeDeploy()
                .listDeployments(Json.object().put("applicationName", "shop").put("deploymentGroupName", "web"));
        return Json.textsIn(ids, "deployments").stream()
                .map(id -> account.codeDeploy()
                        .getDeployment(Json.object().put("deploymentId", id))
                        .at("/deploymentInfo/status")
                        .asText())
                .toList();
    }

    private final class Eyes implements SnapshotSource {

        private final SnapshotSource real;

        Eyes(SnapshotSource real) {
            this.real = real;
        }

        @Override
        public ServiceSnapshot describe(ServiceRef service) {
            return passing("describe service", () -> real.describe(service));
        }

        @Override
        public ImageState images(ServiceRevision revision) {
            return real.images(revision);
        }

        @Override
        public TaskDefinition describeTaskDefinition(String taskDefinitionArn) {
            return real.describeTaskDefinition(taskDefinitionArn);
        }

        @Override
        public List<Task> oneOffTasks(String clusterArn, String family) {
            return real.oneOffTasks(clusterArn, family);
        }

        @Override
        public Optional<String> findActiveTwin(String taskDefinitionArn) {
            return real.findActiveTwin(taskDefinitionArn);
        }

        @Override
        public List<ListenerRule> listenerRules(List<String> targetGroupArns) {
            return real.listenerRules(targetGroupArns);
        }

        @Override
        public Optional<ServiceRef> releasedBy(CodeDeployRef deployment) {
            return passing("find service of CodeDeploy", () -> real.releasedBy(deployment));
        }
    }

    private final class Chat implements Notifier {

        @Override
        public String channel() {
            return "chat";
        }

        @Override
        public Delivery deliver(Notice notice, Optional<String> shown) {
            notices.add(notice);
            return new Delivery.Delivered(Optional.of(shown.orElse("message")));
        }
    }
}
