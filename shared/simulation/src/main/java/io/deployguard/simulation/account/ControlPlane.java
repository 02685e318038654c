package io.deployguard.simulation.account;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * What callers may change in ECS. Requests and answers have the shapes of the ECS API.
 *
 * <p>All methods may be called by any thread, and throw {@link AwsError} where AWS refuses.
 */
public final class ControlPlane {
    private final Agenda agenda;
    private final Arns arns;
    private final Clusters clusters;
    private final TaskDefinitions definitions;
    private final Tags tags;
    private final LoadBalancing loadBalancing;
    private final Deployments deployments;
    private final ServiceScheduler scheduler;
    private final TaskLifecycle lifecycle;
    private final Map<String, Started> startedByToken = new HashMap<>();

    ControlPlane(
            Agenda agenda,
            Arns arns,
            Clusters clusters,
            TaskDefinitions definitions,
            Tags tags,
            LoadBalancing loadBalancing,
            Deployments deployments,
            ServiceScheduler scheduler,
            TaskLifecycle lifecycle) {
        this.agenda = agenda;
        this.arns = arns;
        this.clusters = clusters;
        this.definitions = definitions;
        this.tags = tags;
        this.loadBalancing = loadBalancing;
        this.deployments = deployments;
        this.scheduler = scheduler;
        this.lifecycle = lifecycle;
    }

    /** CreateCluster; an existing one is answered again. */
    public ObjectNode createCluster(ObjectNode request) {
        return agenda.exclusively(() -> answer(
                "cluster",
                clusters.create(Json.text(request, "clusterName").orElse("default"))
                        .describe()));
    }

    /** RegisterTaskDefinition. */
    public ObjectNode registerTaskDefinition(ObjectNode request) {
        return agenda.exclusively(() -> {
            var definition = definitions.register(request, agenda.now());
            tags.put(definition.arn(), request.path("tags"));
            return answer("taskDefinition", definition.describe());
        });
    }

    /** DeregisterTaskDefinition. */
    public ObjectNode deregisterTaskDefinition(ObjectNode request) {
        return agenda.exclusively(() -> answer(
                "taskDefinition",
                definitions
                        .deregister(required(request, "taskDefinition"), agenda.now())
                        .describe()));
    }

    /** CreateService, which begins its first deployment. */
    public ObjectNode createService(ObjectNode request) {
        return agenda.exclusively(() -> {
            var cluster = clusters.require(Json.text(request, "cluster"));
            var name = required(request, "serviceName");
            if (cluster.service(name).filter(Service::isActive).isPresent()) {
                throw AwsError.invalid("Creation of service was not idempotent.");
            }
            var definition = definitions.requireActive(required(request, "taskDefinition"));
            var settings = ServiceSettings.parse(request, definition);
            requireUsable(settings);
            var service = new Service(cluster, name, arns.service(cluster.name(), name), settings, agenda.now());
            cluster.add(service);
            tags.put(service.arn(), request.path("tags"));
            if (settings.hasTaskSets()) {
                deployments.addTaskSet(service, settings, "");
            } else {
                deployments.begin(service);
            }
            scheduler.lookSoon(service);
            return answer("service", service.describe());
        });
    }

    /** UpdateService: changes settings, and begins a deployment where a change needs one or it is forced. */
    public ObjectNode updateService(ObjectNode request) {
        return agenda.exclusively(() -> {
            var service = clusters.requireService(
                    clusters.require(Json.text(request, "cluster")), required(request, "service"));
            var before = service.settings();
            var named = Json.text(request, "taskDefinition");
            var forced = request.path("forceNewDeployment").asBoolean(false);
            if (!before.controller().equals("ECS") && (named.isPresent() || forced)) {
                throw AwsError.invalid(
                        ("Unable to update task definition on services with a %s deployment controller. Use AWS CodeDeploy to"
                                        + " trigger a new deployment.")
                                .formatted(before.controller()));
            }
            var after = before.updated(
                    request, named.map(definitions::requireActive).orElse(before.definition()));
            requireUsable(after);
            service.settings(after);
            if (!after.hasTaskSets() && (forced || after.needsDeployment(before))) {
                deployments.begin(service);
            }
            scheduler.lookSoon(service);
            return answer("service", service.describe());
        });
    }

    /** DeleteService: its tasks are stopped; its history goes with it. */
    public ObjectNode deleteService(ObjectNode request) {
        return agenda.exclusively(() -> {
            var service = clusters.requireService(
                    clusters.require(Json.text(request, "cluster")), required(request, "service"));
            if (service.settings().desiredCount() > 0 && !request.path("force").asBoolean(false)) {
                throw AwsError.invalid("The service cannot be stopped while it is scaled above 0.");
            }
            service.delete();
            scheduler.lookSoon(service);
            return answer("service", service.describe());
        });
    }

    /** StopServiceDeployment; stop type ROLLBACK is the default. */
    public ObjectNode stopServiceDeployment(ObjectNode request) {
        return changeDeployment(request, deployment -> {
            switch (request.path("stopType").asText("ROLLBACK")) {
                case "ROLLBACK" -> deployments.requestRollback(deployment);
                case "ABORT" -> deployments.abort(deployment);
                case String other -> throw AwsError.invalid("Unknown stop type %s.".formatted(other));
            }
        });
    }

    /** ContinueServiceDeployment; action CONTINUE is the default. */
    public ObjectNode continueServiceDeployment(ObjectNode request) {
        var hook = required(request, "hookId");
        return changeDeployment(request, deployment -> {
            switch (request.path("action").asText("CONTINUE")) {
                case "CONTINUE" -> deployments.answerHook(deployment, hook, true);
                case "ROLLBACK" -> deployments.answerHook(deployment, hook, false);
                case String other -> throw AwsError.invalid("Unknown action %s.".formatted(other));
            }
        });
    }

    private ObjectNode changeDeployment(ObjectNode request, Consumer<ServiceDeployment> change) {
        return agenda.exclusively(() -> {
            var arn = required(request, "serviceDeploymentArn");
            var deployment = clusters.deployment(arn)
                    .orElseThrow(() ->
                            AwsError.refused("ServiceDeploymentNotFoundException", "Service deployment not found."));
            change.accept(deployment);
            scheduler.lookSoon(deployment.service());
            return Json.object().put("serviceDeploymentArn", arn);
        });
    }

    /** RunTask: one-off tasks, with the overrides of their containers. */
    public ObjectNode runTask(ObjectNode request) {
        return agenda.exclusively(() -> {
            var cluster = clusters.require(Json.text(request, "cluster"));
            var definition = definitions.requireActive(required(request, "taskDefinition"));
            var overrides = request.path("overrides") instanceof ObjectNode given ? given : Json.object();
            requireKnownContainers(definition, overrides);
            var count = request.path("count").asInt(1);
            if (count < 1 || count > 10) {
                throw AwsError.invalid("Count must be between 1 and 10.");
            }
            var token = Json.text(request, "clientToken");
            var before = token.map(startedByToken::get);
            if (before.isPresent()) {
                return repeated(before.get(), request);
            }
            var tasks = Json.array();
            IntStream.range(0, count).forEach(index -> {
                var task = lifecycle.launch(
                        cluster,
                        new SimulatedTask.Launch(
                                definition,
                                Json.text(request, "group").orElse("family:" + definition.family()),
                                Json.text(request, "startedBy"),
                                Optional.empty(),
                                Optional.empty(),
                                overrides));
                tags.put(task.arn(), request.path("tags"));
                tasks.add(task.describe());
            });
            var answer = Json.object();
            answer.set("tasks", tasks);
            answer.putArray("failures");
            token.ifPresent(key -> startedByToken.put(key, new Started(request.deepCopy(), answer)));
            return answer;
        });
    }

    /** What a RunTask with a client token was, and what it was answered. */
    private record Started(ObjectNode request, ObjectNode answer) {}

    /** The same request is answered as before; another one with its token is a conflict. */
    private static ObjectNode repeated(Started before, ObjectNode request) {
        if (!before.request().equals(request)) {
            throw AwsError.refused("ConflictException", "The clientToken was used before with other parameters.");
        }
        return before.answer();
    }

    /** StopTask. */
    public ObjectNode stopTask(ObjectNode request) {
        return agenda.exclusively(() -> {
            var cluster = clusters.require(Json.text(request, "cluster"));
            var task = clusters.requireTask(cluster, required(request, "task"));
            var reason = Json.text(request, "reason").orElse("Task stopped by user");
            lifecycle.stop(task, new SimulatedTask.Stop("UserInitiated", reason));
            return answer("task", task.describe());
        });
    }

    /** TagResource. */
    public ObjectNode tagResource(ObjectNode request) {
        return agenda.exclusively(() -> {
            tags.put(required(request, "resourceArn"), request.path("tags"));
            return Json.object();
        });
    }

    private void requireUsable(ServiceSettings settings) {
        settings.shift().ifPresent(_ -> LifecycleHooks.requireValid(settings.deploymentConfiguration()));
        for (var node : settings.loadBalancers()) {
            requireUsableTargetGroup(node.path("targetGroupArn").asText());
            Json.text(node.path("advancedConfiguration"), "alternateTargetGroupArn")
                    .ifPresent(this::requireUsableTargetGroup);
        }
    }

    private void requireUsableTargetGroup(String arn) {
        if (!loadBalancing.isInUse(loadBalancing.require(arn))) {
            throw AwsError.invalid("The target group with targetGroupArn %s does not have an associated load balancer."
                    .formatted(arn));
        }
    }

    private static void requireKnownContainers(TaskDefinition definition, ObjectNode overrides) {
        List<String> known = definition.containers().stream()
                .map(TaskDefinition.Container::name)
                .toList();
        Json.elements(overrides, "containerOverrides").stream()
                .map(override -> override.path("name").asText())
                .filter(name -> !known.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw AwsError.invalid("Override for container named %s is not a container in the TaskDefinition."
                            .formatted(name));
                });
    }

    private static String required(ObjectNode request, String field) {
        return Json.text(request, field).orElseThrow(() -> AwsError.invalid("%s cannot be empty.".formatted(field)));
    }

    private static ObjectNode answer(String field, ObjectNode value) {
        var answer = Json.object();
        answer.set(field, value);
        return answer;
    }
}
