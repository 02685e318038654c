package io.deployguard.simulation.account;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.Collectors;

/** What a service tells of itself: its messages, and its events on the bus. */
final class ServiceReports {
    private final Agenda agenda;
    private final Ids ids;
    private final EventStream events;

    ServiceReports(Agenda agenda, Ids ids, EventStream events) {
        this.agenda = agenda;
        this.ids = ids;
        this.events = events;
    }

    void started(Service service, List<SimulatedTask> tasks) {
        say(service, "has started %d tasks: %s.".formatted(tasks.size(), names(tasks)));
    }

    void stopped(Service service, List<SimulatedTask> tasks) {
        say(service, "has stopped %d running tasks: %s.".formatted(tasks.size(), names(tasks)));
        if (tasks.stream().anyMatch(task -> !task.targets().isEmpty())) {
            say(service, "has begun draining connections on %d tasks.".formatted(tasks.size()));
        }
    }

    void failedContainerChecks(Service service, SimulatedTask task) {
        say(service, "%s failed container health checks.".formatted(name(task)));
    }

    void failedTargetChecks(Service service, SimulatedTask task, TargetGroup.Target target) {
        var description =
                target.health().reason().map(Behavior.TargetAnswer::description).orElse("unknown");
        say(
                service,
                "%s (port %d) is unhealthy in (target-group %s) due to (reason %s)."
                        .formatted(name(task), target.port, target.group.arn(), description));
    }

    void impaired(Service service) {
        say(
                service,
                "is unable to consistently start tasks successfully. For more information, see the Troubleshooting section of the"
                        + " Amazon ECS Developer Guide.");
        action(service, "WARN", "SERVICE_TASK_START_IMPAIRED", Json.object());
    }

    void unplaceable(Service service, String reason) {
        say(
                service,
                "was unable to place a task. Reason: Capacity is unavailable at this time. Please try again later or in a different"
                        + " availability zone. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.");
        action(service, "ERROR", "SERVICE_TASK_PLACEMENT_FAILURE", Json.object().put("reason", reason));
    }

    void steady(Service service) {
        say(service, "has reached a steady state.");
        action(service, "INFO", "SERVICE_STEADY_STATE", Json.object());
    }

    void deploymentStarted(Service service, Rollout rollout, String reason) {
        deployment(service, rollout, "INFO", "SERVICE_DEPLOYMENT_IN_PROGRESS", reason);
    }

    void rollingBack(Service service, Rollout rollout, String reason) {
        say(service, "rolling back to (deployment %s).".formatted(rollout.id()));
        deploymentStarted(service, rollout, reason);
    }

    void deploymentCompleted(Service service, Rollout rollout) {
        say(service, "(deployment %s) deployment completed.".formatted(rollout.id()));
        deployment(
                service,
                rollout,
                "INFO",
                "SERVICE_DEPLOYMENT_COMPLETED",
                "ECS deployment %s completed.".formatted(rollout.id()));
    }

    void deploymentFailed(Service service, Rollout rollout, String why) {
        say(service, "(deployment %s) deployment failed: %s.".formatted(rollout.id(), why));
        deployment(
                service,
                rollout,
                "ERROR",
                "SERVICE_DEPLOYMENT_FAILED",
                "ECS deployment circuit breaker: %s.".formatted(why));
    }

    /** A lifecycle hook of a deployment has turned to another state. */
    void hook(Service service, String deploymentArn, String eventName, LifecycleHooks.Run run) {
        var detail = Json.object()
                .put(
                        "eventType",
                        eventName.equals("HOOK_FAILED") || eventName.equals("HOOK_TIMED_OUT") ? "ERROR" : "INFO")
                .put("eventName", eventName);
        detail.setAll(run.detail());
        detail.put("clusterArn", service.cluster().arn())
                .put("serviceArn", service.arn())
                .put("serviceDeploymentArn", deploymentArn)
                .put("updatedAt", agenda.now().toString());
        events.emitEcs("ECS Hook State Change", deploymentArn, detail);
    }

    private void say(Service service, String text) {
        service.say(ids.uuid(), agenda.now(), text);
    }

    private void deployment(Service service, Rollout rollout, String eventType, String eventName, String reason) {
        var detail = Json.object()
                .put("eventType", eventType)
                .put("eventName", eventName)
                .put("deploymentId", rollout.id())
                .put("updatedAt", Json.iso(agenda.now()))
                .put("reason", reason);
        events.emitEcs("ECS Deployment State Change", service.arn(), detail);
    }

    private void action(Service service, String eventType, String eventName, ObjectNode more) {
        var detail = Json.object()
                .put("eventType", eventType)
                .put("eventName", eventName)
                .put("clusterArn", service.cluster().arn())
                .put("createdAt", Json.iso(agenda.now()));
        detail.setAll(more);
        events.emitEcs("ECS Service Action", service.arn(), detail);
    }

    private static String names(List<SimulatedTask> tasks) {
        return tasks.stream().map(ServiceReports::name).collect(Collectors.joining(" "));
    }

    private static String name(SimulatedTask task) {
        return "(task " + task.id() + ")";
    }
}
