package io.deployguard.simulation.account;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deployguard.simulation.account.SimulatedTask.Stop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * One AWS account in one region: ECS on Fargate, load balancers, logs, images, alarms, an event bus and queues, on a clock of its own.
 *
 * <pre>{@code
 * var clock = SimulatedClock.manual(Instant.parse("2026-02-03T09:00:00Z"));
 * var account = SimulatedAccount.in("eu-central-1", "123456789012", clock);
 * account.cluster("shop");
 * account.registerTaskDefinition("…");
 * account.behavior("web:2", Behavior.crashing(Duration.ofSeconds(4), 1, "Error: Cannot find module 'express'"));
 * }</pre>
 *
 * <p>Any number of threads may share it; one lock guards all but the queues. The same calls on a manual clock give the same identifiers,
 * events and instants each time.
 */
public final class SimulatedAccount implements AutoCloseable {
    private final SimulatedClock clock;
    private final Arns arns;
    private final Agenda agenda;
    private final List<AutoCloseable> parts = new ArrayList<>();
    private final World world = new World();
    private final EventStream events;
    private final EventBus bus = new EventBus();
    private final Queues queues;
    private final ContainerImages images;
    private final StoredSecrets secrets = new StoredSecrets();
    private final LoadBalancing loadBalancing;
    private final LogStore logs;
    private final Alarms alarms;
    private final Behaviors behaviors = new Behaviors(world);
    private final Clusters clusters;
    private final TaskLifecycle lifecycle;
    private final ControlPlane controlPlane;
    private final Inventory inventory;
    private final Deployments deployments;
    private final CodeDeploy codeDeploy;

    private SimulatedAccount(Arns arns, SimulatedClock clock, Timing timing) {
        var ids = new Ids();
        this.clock = clock;
        this.arns = arns;
        this.agenda = new Agenda(clock);
        this.events = new EventStream(agenda, arns, ids, timing.eventDelay());
        this.queues = new Queues(arns);
        this.images = new ContainerImages(agenda, arns);
        this.loadBalancing = new LoadBalancing(agenda, arns, ids);
        this.logs = new LogStore(agenda, arns, timing.logLag());
        this.alarms = new Alarms(agenda, arns, events);
        this.clusters = new Clusters(arns);
        var definitions = new TaskDefinitions(arns);
        var tags = new Tags();
        var reports = new ServiceReports(agenda, ids, events);
        this.deployments = new Deployments(agenda, timing, arns, ids, images, loadBalancing, reports);
        var tasks = new TaskLifecycle(agenda, timing, arns, ids, events, images, behaviors, loadBalancing, logs, world);
        var scheduler = new ServiceScheduler(agenda, timing, deployments, reports, behaviors, tasks);
        tasks.watchedBy(scheduler);
        this.lifecycle = tasks;
        this.controlPlane = new ControlPlane(
                agenda, arns, clusters, definitions, tags, loadBalancing, deployments, scheduler, lifecycle);
        this.inventory = new Inventory(agenda, clusters, definitions, tags);
        this.codeDeploy = new CodeDeploy(agenda, ids, arns, events, clusters, definitions, deployments, scheduler);
        events.listen(bus::put);
    }

    /** An empty account whose tasks take the time that Fargate takes. */
    public static SimulatedAccount in(String region, String account, SimulatedClock clock) {
        return in(region, account, clock, Timing.fargate());
    }

    /** An empty account with other durations. */
    public static SimulatedAccount in(String region, String account, SimulatedClock clock, Timing timing) {
        return new SimulatedAccount(new Arns(region, account), clock, timing);
    }

    public Arns arns() {
        return arns;
    }

    public SimulatedClock clock() {
        return clock;
    }

    /** What tasks may depend on. */
    public World world() {
        return world;
    }

    /** The time table of the account, and its lock. */
    public Agenda agenda() {
        return agenda;
    }

    public StoredSecrets secrets() {
        return secrets;
    }

    public ContainerImages images() {
        return images;
    }

    public LoadBalancing loadBalancing() {
        return loadBalancing;
    }

    public LogStore logs() {
        return logs;
    }

    public Alarms alarms() {
        return alarms;
    }

    public EventBus bus() {
        return bus;
    }

    public Queues queues() {
        return queues;
    }

    /** What callers may change in ECS. */
    public ControlPlane ecs() {
        return controlPlane;
    }

    /** What callers may ask ECS. */
    public Inventory inventory() {
        return inventory;
    }

    /** CodeDeploy, for services whose deployments belong to it. */
    public CodeDeploy codeDeploy() {
        return codeDeploy;
    }

    /** Makes sure that the cluster exists. */
    public void cluster(String name) {
        agenda.exclusively(() -> clusters.create(name));
    }

    /** Registers a task definition from the JSON of RegisterTaskDefinition; returns its ARN. */
    public String registerTaskDefinition(String json) {
        return controlPlane
                .registerTaskDefinition(Json.parseObject(json))
                .path("taskDefinition")
                .path("taskDefinitionArn")
                .asText();
    }

    /** Begins the description of a service; {@link ServiceBuilder#create} starts it. */
    public ServiceBuilder service(String cluster, String name) {
        return new ServiceBuilder(controlPlane, cluster, name);
    }

    /** Lets tasks of {@code web:2}, or of the whole family {@code web}, behave so from their next start on. */
    public void behavior(String familyOrRevision, Behavior behavior) {
        agenda.exclusively(() -> behaviors.set(familyOrRevision, behavior));
    }

    /** The same, decided at each start of a task. */
    public void behavior(String familyOrRevision, Function<Behavior.Start, Behavior> decision) {
        behavior(familyOrRevision, new Behavior.Decided(decision));
    }

    /** What a task does whose container override names this command. */
    public void behaviorOfCommand(String familyOrRevision, List<String> command, Behavior behavior) {
        agenda.exclusively(() -> behaviors.setForCommand(familyOrRevision, command, behavior));
    }

    /**
     * Lets lifecycle hooks that name the function {@code arn} be answered so.
     *
     * @param function gets the request that ECS sends, and gives {@code SUCCEEDED}, {@code FAILED} or {@code IN_PROGRESS}
     */
    public void hookFunction(String arn, Function<ObjectNode, String> function) {
        agenda.exclusively(() -> deployments.hookFunction(arn, function));
    }

    /** Calls {@code listener} with each event, in order. It runs inside the account's lock, so it must be quick. */
    public void onEvent(Consumer<JsonNode> listener) {
        events.listen(listener);
    }

    /** Moves a manual clock on, doing all that falls due. */
    public void advance(Duration step) {
        switch (clock) {
            case SimulatedClock.Manual manual -> manual.advance(step);
            case SimulatedClock.Running running ->
                throw new IllegalStateException("the clock " + running.describe() + " runs by itself");
        }
    }

    /** The ARNs of the tasks of a service whose desired status is RUNNING, oldest first. */
    public List<String> tasksOf(String cluster, String service) {
        return agenda.exclusively(() ->
                serviceTasks(cluster, service).stream().map(SimulatedTask::arn).toList());
    }

    /** Fargate Spot takes the capacity of the oldest task of a service back. */
    public void interruptSpot(String cluster, String service) {
        agenda.exclusively(() -> serviceTasks(cluster, service).stream()
                .filter(SimulatedTask::isRunning)
                .findFirst()
                .ifPresent(lifecycle::interrupt));
    }

    /** The host of the oldest task of a service vanishes with it. */
    public void loseHost(String cluster, String service) {
        agenda.exclusively(() -> serviceTasks(cluster, service).stream()
                .filter(SimulatedTask::isRunning)
                .findFirst()
                .ifPresent(lifecycle::loseHost));
    }

    /** Fargate retires the host of the oldest task of a service. */
    public void retireHost(String cluster, String service) {
        agenda.exclusively(() -> serviceTasks(cluster, service).stream()
                .filter(SimulatedTask::isRunning)
                .findFirst()
                .ifPresent(task -> lifecycle.stop(
                        task,
                        new Stop(
                                "TerminationNotice",
                                "ECS is performing maintenance on the underlying infrastructure hosting the task."))));
    }

    /** Closes {@code part} together with the account. */
    public void closeWith(AutoCloseable part) {
        agenda.exclusively(() -> parts.add(part));
    }

    /** ECS moves the oldest task of a service to another zone. */
    public void rebalance(String cluster, String service) {
        agenda.exclusively(() -> serviceTasks(cluster, service).stream()
                .filter(SimulatedTask::isRunning)
                .findFirst()
                .ifPresent(task -> lifecycle.stop(
                        task,
                        new Stop("ServiceSchedulerInitiated", "Task stopped for availability zone rebalancing."))));
    }

    /** All running tasks of a service write these lines and end, as when something breaks that they need. */
    public void crash(String cluster, String service, int exitCode, String... lastWords) {
        agenda.exclusively(() -> serviceTasks(cluster, service).stream()
                .filter(SimulatedTask::isRunning)
                .forEach(task -> {
                    var container = task.mainContainer().definition;
                    container.log().ifPresent(log -> {
                        for (var line : lastWords) {
                            logs.write(log.group(), log.prefix() + "/" + container.name() + "/" + task.id(), line);
                        }
                    });
                    lifecycle.exit(task, exitCode, null);
                }));
    }

    /** Stops the account's time; what is under way stays as it is. */
    @Override
    public void close() {
        agenda.close();
        for (var part : parts) {
            try {
                part.close();
            } catch (Exception fault) {
                throw new IllegalStateException("close " + part, fault);
            }
        }
    }

    private List<SimulatedTask> serviceTasks(String cluster, String service) {
        return clusters.requireService(clusters.require(Optional.of(cluster)), service).tasks().stream()
                .filter(SimulatedTask::isWanted)
                .toList();
    }
}
