package io.deployguard.simulation.account;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * CodeDeploy for ECS: a deployment puts a second task set beside the one that serves, moves all traffic to it at once when it is steady, waits, and
 * ends the earlier one. Requests and answers have the shapes of its API.
 *
 * <p>All methods may be called by any thread, and throw {@link AwsError} where AWS refuses.
 *
 * @see <a href="https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-steps-ecs.html">Deployments on ECS</a>
 */
public final class CodeDeploy {
    private static final Duration BEGINS_AFTER = Duration.ofSeconds(1);
    private static final Duration TASK_SET_AFTER = Duration.ofSeconds(5);
    private static final Duration TAKES_BACK_WITHIN = Duration.ofSeconds(15);
    private static final Duration STEADY_WITHIN = Duration.ofHours(1);

    /**
     * Where the deployments of one service go.
     *
     * @param pair the two target groups that take turns
     * @param listener whose default action leads production traffic to one of them
     * @param terminationWait how long the earlier task set stays once traffic has moved
     * @param rollsBack whether a failed deployment is taken back
     */
    public record Group(
            String application,
            String name,
            String cluster,
            String service,
            List<TargetGroup> pair,
            LoadBalancer.Listener listener,
            Duration terminationWait,
            boolean rollsBack) {
        public Group {
            pair = List.copyOf(pair);
        }
    }

    private enum Status {
        Created,
        InProgress,
        Succeeded,
        Failed,
        Stopped
    }

    private static final class Deployment {
        private final String id;
        private final Group group;
        private final Service service;
        private final JsonNode revision;
        private final Instant createdAt;
        private final Optional<Deployment> takesBack;
        private Status status = Status.Created;
        private @Nullable Instant completedAt;
        private @Nullable String error;
        private @Nullable Rollout blue;
        private @Nullable Rollout green;
        private @Nullable Deployment takenBackBy;

        private Deployment(
                String id,
                Group group,
                Service service,
                JsonNode revision,
                Instant createdAt,
                Optional<Deployment> takesBack) {
            this.id = id;
            this.group = group;
            this.service = service;
            this.revision = revision;
            this.createdAt = createdAt;
            this.takesBack = takesBack;
        }

        private boolean isRunning() {
            return completedAt == null;
        }
    }

    private final Agenda agenda;
    private final Ids ids;
    private final Arns arns;
    private final EventStream events;
    private final Clusters clusters;
    private final TaskDefinitions definitions;
    private final Deployments taskSets;
    private final ServiceScheduler scheduler;
    private final Map<String, Group> groups = new LinkedHashMap<>();
    private final List<Deployment> deployments = new ArrayList<>();

    CodeDeploy(
            Agenda agenda,
            Ids ids,
            Arns arns,
            EventStream events,
            Clusters clusters,
            TaskDefinitions definitions,
            Deployments taskSets,
            ServiceScheduler scheduler) {
        this.agenda = agenda;
        this.ids = ids;
        this.arns = arns;
        this.events = events;
        this.clusters = clusters;
        this.definitions = definitions;
        this.taskSets = taskSets;
        this.scheduler = scheduler;
        scheduler.tellSteadyTaskSets(this::steady);
    }

    /** Makes a deployment group. */
    public void group(Group group) {
        agenda.exclusively(() -> {
            groups.put(group.application() + "/" + group.name(), group);
        });
    }

    /** What CreateDeployment takes to bring a task definition into service. */
    public static ObjectNode request(Group group, String taskDefinition, String container, int port) {
        var appSpec = Json.object().put("version", "0.0");
        var properties = Json.object().put("TaskDefinition", taskDefinition);
        properties.putObject("LoadBalancerInfo").put("ContainerName", container).put("ContainerPort", port);
        var target = Json.object().put("Type", "AWS::ECS::Service");
        target.set("Properties", properties);
        appSpec.putArray("Resources").addObject().set("TargetService", target);
        var request =
                Json.object().put("applicationName", group.application()).put("deploymentGroupName", group.name());
        request.putObject("revision")
                .put("revisionType", "AppSpecContent")
                .putObject("appSpecContent")
                .put("content", appSpec.toString());
        return request;
    }

    /** CreateDeployment, of an AppSpec in JSON. */
    public ObjectNode createDeployment(ObjectNode request) {
        return agenda.exclusively(() -> {
            var group = requireGroup(request);
            if (deployments.stream().anyMatch(known -> known.group.equals(group) && known.isRunning())) {
                throw AwsError.refused(
                        "DeploymentLimitExceededException",
                        "The Deployment Group '%s' already has an active Deployment".formatted(group.name()));
            }
            var service = clusters.requireService(clusters.require(Optional.of(group.cluster())), group.service());
            var deployment = add(group, service, request.path("revision"), Optional.empty());
            var definition = definitions.requireActive(taskDefinitionIn(deployment.revision));
            agenda.after(BEGINS_AFTER, () -> begin(deployment, definition));
            return Json.object().put("deploymentId", deployment.id);
        });
    }

    private static String taskDefinitionIn(JsonNode revision) {
        return Json.parseObject(revision.at("/appSpecContent/content").asText())
                .at("/Resources/0/TargetService/Properties/TaskDefinition")
                .asText();
    }

    private Deployment add(Group group, Service service, JsonNode revision, Optional<Deployment> takesBack) {
        var deployment = new Deployment("d-" + ids.letters(9), group, service, revision, agenda.now(), takesBack);
        deployments.addFirst(deployment);
        return deployment;
    }

    private void begin(Deployment deployment, TaskDefinition definition) {
        if (!deployment.isRunning()) {
            return;
        }
        deployment.status = Status.InProgress;
        tell(deployment, "START");
        agenda.after(TASK_SET_AFTER, () -> install(deployment, definition));
    }

    private void install(Deployment deployment, TaskDefinition definition) {
        if (!deployment.isRunning()) {
            return;
        }
        var service = deployment.service;
        deployment.blue = service.primary();
        var used = deployment.blue.revision().routes().getFirst().groupArn();
        var free = deployment.group.pair().stream()
                .map(TargetGroup::arn)
                .filter(arn -> !arn.equals(used))
                .findFirst()
                .orElseThrow();
        deployment.green = taskSets.addTaskSet(service, service.settings().ofTaskSet(definition, free), deployment.id);
        scheduler.lookSoon(service);
        agenda.after(STEADY_WITHIN, () -> timeOut(deployment));
    }

    /** The scheduler has brought a task set up. */
    private void steady(Service service, Rollout taskSet) {
        deployments.stream()
                .filter(known -> known.service == service && known.green == taskSet && known.isRunning())
                .findFirst()
                .ifPresent(deployment -> {
                    serve(deployment, taskSet);
                    agenda.after(deployment.group.terminationWait(), () -> succeed(deployment));
                });
    }

    private void serve(Deployment deployment, Rollout taskSet) {
        deployment
                .group
                .listener()
                .forwardTo(taskSet.revision().routes().getFirst().groupArn());
        var service = deployment.service;
        service.makePrimary(taskSet);
        service.settings(taskSet.revision()
                .settings()
                .withDesiredCount(service.settings().desiredCount()));
    }

    private void succeed(Deployment deployment) {
        if (!deployment.isRunning()) {
            return;
        }
        retire(deployment.service, deployment.blue);
        end(deployment, Status.Succeeded, "SUCCESS");
    }

    private void timeOut(Deployment deployment) {
        if (!deployment.isRunning() || deployment.service.primary() == deployment.green) {
            return;
        }
        deployment.error =
                "The deployment timed out while waiting for the replacement task set to become healthy. This time out period is 60 minutes.";
        end(deployment, Status.Failed, "FAILURE");
        if (deployment.group.rollsBack()) {
            takeBack(deployment);
        }
    }

    /** StopDeployment. */
    public ObjectNode stopDeployment(ObjectNode request) {
        return agenda.exclusively(() -> {
            var deployment = require(request);
            if (!deployment.isRunning()) {
                throw AwsError.refused(
                        "DeploymentAlreadyCompletedException",
                        "The deployment %s is already completed".formatted(deployment.id));
            }
            end(deployment, Status.Stopped, "STOP");
            if (request.path("autoRollbackEnabled").asBoolean(deployment.group.rollsBack())) {
                takeBack(deployment);
            }
            return Json.object().put("status", "Succeeded").put("statusMessage", "Deployment stopped.");
        });
    }

    /** By a deployment of its own, which brings traffic back to the earlier task set and ends the new one. */
    private void takeBack(Deployment stopped) {
        var rollback = add(stopped.group, stopped.service, stopped.revision, Optional.of(stopped));
        stopped.takenBackBy = rollback;
        rollback.status = Status.InProgress;
        tell(rollback, "START");
        agenda.after(TAKES_BACK_WITHIN, () -> {
            if (stopped.blue != null) {
                serve(stopped, stopped.blue);
            }
            retire(stopped.service, stopped.green);
            end(rollback, Status.Succeeded, "SUCCESS");
        });
    }

    private void retire(Service service, @Nullable Rollout taskSet) {
        if (taskSet != null) {
            service.rollouts().remove(taskSet);
            scheduler.lookSoon(service);
        }
    }

    private void end(Deployment deployment, Status status, String state) {
        deployment.status = status;
        deployment.completedAt = agenda.now();
        tell(deployment, state);
    }

    private void tell(Deployment deployment, String state) {
        events.emit(
                "aws.codedeploy",
                "CodeDeploy Deployment State-change Notification",
                arns.codeDeployGroup(deployment.group.application(), deployment.group.name()),
                Json.object()
                        .put("region", arns.region())
                        .put("deploymentId", deployment.id)
                        .put("state", state)
                        .put("application", deployment.group.application())
                        .put("deploymentGroup", deployment.group.name()));
    }

    /** GetDeployment. */
    public ObjectNode getDeployment(ObjectNode request) {
        return agenda.exclusively(() -> {
            var answer = Json.object();
            answer.set("deploymentInfo", describe(require(request)));
            return answer;
        });
    }

    /** BatchGetDeployments: those of a list, unknown ones left out. */
    public ObjectNode batchGetDeployments(ObjectNode request) {
        return agenda.exclusively(() -> {
            var answer = Json.object();
            var infos = answer.putArray("deploymentsInfo");
            Json.textsIn(request, "deploymentIds")
                    .forEach(id -> find(id).map(CodeDeploy::describe).ifPresent(infos::add));
            return answer;
        });
    }

    /** ListDeployments of a group, newest first. */
    public ObjectNode listDeployments(ObjectNode request) {
        return agenda.exclusively(() -> {
            var group = requireGroup(request);
            var answer = Json.object();
            answer.set(
                    "deployments",
                    Json.texts(deployments.stream()
                            .filter(known -> known.group.equals(group))
                            .map(known -> known.id)
                            .toList()));
            return answer;
        });
    }

    /** GetDeploymentGroup. */
    public ObjectNode getDeploymentGroup(ObjectNode request) {
        return agenda.exclusively(() -> {
            var group = requireGroup(request);
            var answer = Json.object();
            var info = answer.putObject("deploymentGroupInfo")
                    .put("applicationName", group.application())
                    .put("deploymentGroupName", group.name())
                    .put("computePlatform", "ECS");
            info.putArray("ecsServices")
                    .addObject()
                    .put("serviceName", group.service())
                    .put("clusterName", group.cluster());
            return answer;
        });
    }

    /** GetDeploymentTarget: the task sets of a deployment, also when they are gone. */
    public ObjectNode getDeploymentTarget(ObjectNode request) {
        return agenda.exclusively(() -> {
            var deployment = require(request);
            var expected = deployment.group.cluster() + ":" + deployment.group.service();
            if (!request.path("targetId").asText().equals(expected)) {
                throw AwsError.refused("InvalidDeploymentTargetIdException", "expected " + expected);
            }
            var answer = Json.object();
            var target = answer.putObject("deploymentTarget")
                    .put("deploymentTargetType", "ECSTarget")
                    .putObject("ecsTarget")
                    .put("deploymentId", deployment.id)
                    .put("targetId", expected);
            var sets = target.putArray("taskSetsInfo");
            label(deployment.blue, "BLUE").ifPresent(sets::add);
            label(deployment.green, "GREEN").ifPresent(sets::add);
            return answer;
        });
    }

    private static Optional<ObjectNode> label(@Nullable Rollout taskSet, String label) {
        // The API's own spelling.
        return Optional.ofNullable(taskSet)
                .map(known -> Json.object().put("identifer", known.id()).put("taskSetLabel", label));
    }

    private static ObjectNode describe(Deployment deployment) {
        var info = Json.object()
                .put("deploymentId", deployment.id)
                .put("applicationName", deployment.group.application())
                .put("deploymentGroupName", deployment.group.name())
                .put("status", deployment.status.name())
                .put("creator", deployment.takesBack.isPresent() ? "codeDeployRollback" : "user")
                .put("computePlatform", "ECS")
                .put("createTime", Json.epochSeconds(deployment.createdAt));
        info.set("revision", deployment.revision);
        if (deployment.completedAt != null) {
            info.put("completeTime", Json.epochSeconds(deployment.completedAt));
        }
        if (deployment.error != null) {
            info.putObject("errorInformation").put("code", "HEALTH_CONSTRAINTS").put("message", deployment.error);
        }
        var rollback = Json.object();
        deployment.takesBack.ifPresent(stopped -> rollback.put("rollbackTriggeringDeploymentId", stopped.id));
        if (deployment.takenBackBy != null) {
            rollback.put("rollbackDeploymentId", deployment.takenBackBy.id);
        }
        if (!rollback.isEmpty()) {
            info.set("rollbackInfo", rollback);
        }
        return info;
    }

    private Optional<Deployment> find(String id) {
        return deployments.stream().filter(known -> known.id.equals(id)).findFirst();
    }

    private Deployment require(ObjectNode request) {
        return find(request.path("deploymentId").asText())
                .orElseThrow(
                        () -> AwsError.refused("DeploymentDoesNotExistException", "The deployment could not be found"));
    }

    private Group requireGroup(ObjectNode request) {
        var name = request.path("applicationName").asText() + "/"
                + request.path("deploymentGroupName").asText();
        return Optional.ofNullable(groups.get(name))
                .orElseThrow(() -> AwsError.refused(
                        "DeploymentGroupDoesNotExistException", "No Deployment Group found for name: " + name));
    }
}
