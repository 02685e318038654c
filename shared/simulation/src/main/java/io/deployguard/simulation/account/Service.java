package io.deployguard.simulation.account;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A service, its revisions, deployments and messages. Guarded by the lock of the account; the scheduler alone moves it. */
final class Service {
    private static final int MESSAGES_KEPT = 100;
    private static final Duration HISTORY_KEPT = Duration.ofDays(90);

    private record Message(String id, Instant at, String text) {}

    private final Cluster cluster;
    private final String name;
    private final String arn;
    private final Instant createdAt;
    private final Deque<Message> messages = new ArrayDeque<>();
    private final Map<String, ServiceRevision> revisions = new TreeMap<>();
    private final List<ServiceDeployment> deployments = new ArrayList<>();
    private final List<Rollout> rollouts = new ArrayList<>();
    private final Map<String, String> codeDeployIds = new HashMap<>();
    private final List<SimulatedTask> tasks = new ArrayList<>();
    private final StartThrottle throttle = new StartThrottle();
    private ServiceSettings settings;
    private String status = "ACTIVE";
    private @Nullable ServiceRevision lastCompleted;
    private @Nullable Instant steadySince;
    private @Nullable Instant nextTick;

    Service(Cluster cluster, String name, String arn, ServiceSettings settings, Instant createdAt) {
        this.cluster = cluster;
        this.name = name;
        this.arn = arn;
        this.settings = settings;
        this.createdAt = createdAt;
    }

    Cluster cluster() {
        return cluster;
    }

    String name() {
        return name;
    }

    String arn() {
        return arn;
    }

    ServiceSettings settings() {
        return settings;
    }

    void settings(ServiceSettings changed) {
        settings = changed;
    }

    StartThrottle throttle() {
        return throttle;
    }

    boolean isActive() {
        return status.equals("ACTIVE");
    }

    String status() {
        return status;
    }

    /** Ends the service; deployments and revisions are forgotten with it, as ECS does. */
    void delete() {
        status = "INACTIVE";
        settings = settings.withDesiredCount(0);
        deployments.clear();
        revisions.clear();
        rollouts.clear();
        lastCompleted = null;
    }

    /** @param codeDeployId of the deployment that makes it; empty for the one that comes with the service */
    void addTaskSet(Rollout taskSet, String codeDeployId) {
        rollouts.add(taskSet);
        codeDeployIds.put(taskSet.id(), codeDeployId);
    }

    /** The entries of {@code deployments[]} or {@code taskSets[]}, the PRIMARY one first. */
    List<Rollout> rollouts() {
        return rollouts;
    }

    Rollout primary() {
        return rollouts.getFirst();
    }

    void makePrimary(Rollout rollout) {
        rollouts.remove(rollout);
        rollouts.addFirst(rollout);
    }

    void add(ServiceRevision revision) {
        revisions.put(revision.number(), revision);
    }

    Optional<ServiceRevision> revision(String number) {
        return Optional.ofNullable(revisions.get(number));
    }

    /** The revision of the latest deployment that completed: where a rollback goes. */
    Optional<ServiceRevision> lastCompleted() {
        return Optional.ofNullable(lastCompleted);
    }

    void lastCompleted(ServiceRevision revision) {
        lastCompleted = revision;
    }

    void add(ServiceDeployment deployment) {
        deployments.addFirst(deployment);
    }

    Optional<ServiceDeployment> currentDeployment() {
        return deployments.stream().findFirst();
    }

    /** Present while the current deployment shifts traffic. */
    Optional<TrafficShift> shift() {
        return currentDeployment().flatMap(ServiceDeployment::shift);
    }

    /** Newest first. */
    List<ServiceDeployment> allDeployments() {
        return List.copyOf(deployments);
    }

    /** Forgets the deployments that ended more than 90 days ago, as ECS does. */
    void forgetBefore(Instant now) {
        deployments.removeIf(
                deployment -> !deployment.isRunning() && deployment.createdAt().isBefore(now.minus(HISTORY_KEPT)));
    }

    /** Those of this service that are not STOPPED, oldest first. */
    List<SimulatedTask> tasks() {
        tasks.removeIf(task -> task.status() == SimulatedTask.Status.STOPPED);
        return List.copyOf(tasks);
    }

    void add(SimulatedTask task) {
        tasks.add(task);
    }

    void say(String id, Instant at, String text) {
        messages.addFirst(new Message(id, at, "(service " + name + ") " + text));
        if (messages.size() > MESSAGES_KEPT) {
            messages.removeLast();
        }
    }

    Optional<Instant> steadySince() {
        return Optional.ofNullable(steadySince);
    }

    void steadySince(@Nullable Instant moment) {
        steadySince = moment;
    }

    /** Whether a look at {@code due} has to be noted, because none is noted for before. */
    boolean wantsTick(Instant due) {
        if (nextTick != null && !nextTick.isAfter(due)) {
            return false;
        }
        nextTick = due;
        return true;
    }

    /** Whether the look noted for {@code due} is still the next one; an earlier one replaces it. */
    boolean takesTick(Instant due) {
        if (!due.equals(nextTick)) {
            return false;
        }
        nextTick = null;
        return true;
    }

    static long running(List<SimulatedTask> tasks) {
        return tasks.stream().filter(SimulatedTask::isRunning).count();
    }

    static long pending(List<SimulatedTask> tasks) {
        return tasks.stream()
                .filter(task -> task.isWanted() && task.status().compareTo(SimulatedTask.Status.RUNNING) < 0)
                .count();
    }

    /** A revision as service deployments tell it, with the tasks it has now. */
    ObjectNode summary(ServiceRevision revision) {
        var own = tasks().stream().filter(revision::runsAs).toList();
        var summary = Json.object()
                .put("arn", revision.arn())
                .put("requestedTaskCount", wanted(revision))
                .put("runningTaskCount", running(own))
                .put("pendingTaskCount", pending(own));
        shift().ifPresent(shift -> shift.describeTraffic(revision, summary));
        return summary;
    }

    /** As DescribeServices tells it, without tags. */
    ObjectNode describe() {
        var now = tasks();
        var node = Json.object()
                .put("serviceArn", arn)
                .put("serviceName", name)
                .put("clusterArn", cluster.arn())
                .put("status", status)
                .put("desiredCount", settings.desiredCount())
                .put("runningCount", running(now))
                .put("pendingCount", pending(now))
                .put("launchType", "FARGATE")
                .put("platformVersion", "LATEST")
                .put("platformFamily", "Linux")
                .put("taskDefinition", settings.definition().arn())
                .put("createdAt", Json.epochSeconds(createdAt))
                .put("healthCheckGracePeriodSeconds", settings.gracePeriod().toSeconds())
                .put("schedulingStrategy", "REPLICA")
                .put("enableECSManagedTags", true)
                .put("propagateTags", "NONE")
                .put("enableExecuteCommand", false)
                .put("availabilityZoneRebalancing", "DISABLED");
        deployments.stream()
                .findFirst()
                .ifPresent(deployment -> node.put("currentServiceDeployment", deployment.arn()));
        node.putArray("loadBalancers").addAll(settings.loadBalancers());
        node.set("deploymentConfiguration", settings.deploymentConfiguration());
        node.set("networkConfiguration", settings.networkConfiguration());
        node.putObject("deploymentController").put("type", settings.controller());
        node.putArray("serviceRegistries");
        var revisionsNow = node.putArray("currentServiceRevisions");
        var entries = node.putArray("deployments");
        if (settings.hasTaskSets()) {
            var sets = node.putArray("taskSets");
            rollouts.forEach(set -> sets.add(describeTaskSet(set)));
        } else {
            describeRollouts(entries, revisionsNow, now);
        }
        var events = node.putArray("events");
        messages.forEach(message -> events.addObject()
                .put("id", message.id())
                .put("createdAt", Json.epochSeconds(message.at()))
                .put("message", message.text()));
        return node;
    }

    private void describeRollouts(ArrayNode entries, ArrayNode revisionsNow, List<SimulatedTask> now) {
        rollouts.forEach(rollout -> {
            entries.add(rollout.describe(rollout == primary() ? "PRIMARY" : "ACTIVE", wanted(rollout.revision()), now));
            revisionsNow.add(summary(rollout.revision()));
        });
    }

    private ObjectNode describeTaskSet(Rollout set) {
        var own = tasks().stream().filter(set::owns).toList();
        var node = Json.object()
                .put("id", set.id())
                .put("taskSetArn", arn.replace(":service/", ":task-set/") + "/" + set.id())
                .put("serviceArn", arn)
                .put("clusterArn", cluster.arn())
                .put("startedBy", "CODE_DEPLOY")
                .put("status", set == primary() ? "PRIMARY" : "ACTIVE")
                .put("taskDefinition", set.revision().definition().arn())
                .put("computedDesiredCount", settings.desiredCount())
                .put("pendingCount", pending(own))
                .put("runningCount", running(own))
                .put("createdAt", Json.epochSeconds(set.revision().createdAt()))
                .put("updatedAt", Json.epochSeconds(set.revision().createdAt()))
                .put("launchType", "FARGATE")
                .put("platformVersion", "1.4.0")
                .put("stabilityStatus", set.state() == Rollout.State.COMPLETED ? "STEADY_STATE" : "STABILIZING");
        Optional.ofNullable(codeDeployIds.get(set.id()))
                .filter(id -> !id.isEmpty())
                .ifPresent(id -> node.put("externalId", id));
        node.putObject("scale").put("value", 100.0).put("unit", "PERCENT");
        node.putArray("loadBalancers").addAll(set.revision().settings().loadBalancers());
        return node;
    }

    private int wanted(ServiceRevision revision) {
        return shift().map(shift -> shift.wanted(revision, settings.desiredCount()))
                .orElseGet(() -> wantedByRollingUpdate(revision));
    }

    private int wantedByRollingUpdate(ServiceRevision revision) {
        if (rollouts.isEmpty() || !primary().revision().equals(revision)) {
            return (int) tasks().stream()
                    .filter(SimulatedTask::isWanted)
                    .filter(revision::runsAs)
                    .count();
        }
        return primary().state() == Rollout.State.FAILED ? 0 : settings.desiredCount();
    }
}
