package io.deployguard.simulation.account;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What callers may ask ECS. Requests and answers have the shapes of the ECS API, its limits included.
 *
 * <p>All methods may be called by any thread, and throw {@link AwsError} where AWS refuses.
 */
public final class Inventory {
    private final Agenda agenda;
    private final Clusters clusters;
    private final TaskDefinitions definitions;
    private final Tags tags;

    Inventory(Agenda agenda, Clusters clusters, TaskDefinitions definitions, Tags tags) {
        this.agenda = agenda;
        this.clusters = clusters;
        this.definitions = definitions;
        this.tags = tags;
    }

    /** DescribeClusters. */
    public ObjectNode describeClusters(ObjectNode request) {
        var names = request.has("clusters") ? Json.textsIn(request, "clusters") : List.of("default");
        return agenda.exclusively(() ->
                describe("clusters", names, 100, name -> clusters.find(name).map(Cluster::describe)));
    }

    /** DescribeServices: at most 10, unknown ones among the failures. */
    public ObjectNode describeServices(ObjectNode request) {
        var withTags = Json.textsIn(request, "include").contains("TAGS");
        return agenda.exclusively(() -> {
            var cluster = clusters.require(Json.text(request, "cluster"));
            return describe(
                    "services",
                    Json.textsIn(request, "services"),
                    10,
                    name -> cluster.service(Arns.nameIn(name)).map(service -> {
                        var told = service.describe();
                        return withTags ? told.<ObjectNode>set("tags", tags.of(service.arn())) : told;
                    }));
        });
    }

    /** ListServices, 10 to a page unless told otherwise. */
    public ObjectNode listServices(ObjectNode request) {
        return agenda.exclusively(() -> {
            var cluster = clusters.require(Json.text(request, "cluster"));
            var arns = cluster.services().stream()
                    .filter(Service::isActive)
                    .map(Service::arn)
                    .toList();
            return Page.of(request, 10, arns).as("serviceArns", Json::texts);
        });
    }

    /** ListTasks: by default those whose desired status is RUNNING; stopped ones are listed for an hour. */
    public ObjectNode listTasks(ObjectNode request) {
        var startedBy = Json.text(request, "startedBy");
        if (startedBy.isPresent() && (request.has("serviceName") || request.has("family"))) {
            throw AwsError.invalid("startedBy cannot be combined with serviceName or family.");
        }
        return agenda.exclusively(() -> {
            var cluster = clusters.require(Json.text(request, "cluster"));
            var service = Json.text(request, "serviceName").map(name -> clusters.requireService(cluster, name));
            var stopped = request.path("desiredStatus").asText("RUNNING").equals("STOPPED");
            var family = Json.text(request, "family");
            var arns = service.map(cluster::tasksOf).orElseGet(cluster::tasks).stream()
                    .filter(task -> task.isWanted() != stopped)
                    .filter(task -> family.isEmpty()
                            || family.get().equals(task.launch().definition().family()))
                    .filter(task ->
                            startedBy.isEmpty() || task.launch().startedBy().equals(startedBy))
                    .map(SimulatedTask::arn)
                    .toList();
            return Page.of(request, 100, arns).as("taskArns", Json::texts);
        });
    }

    /** DescribeTasks: at most 100, unknown and forgotten ones among the failures. */
    public ObjectNode describeTasks(ObjectNode request) {
        return agenda.exclusively(() -> {
            var cluster = clusters.require(Json.text(request, "cluster"));
            return describe(
                    "tasks",
                    Json.textsIn(request, "tasks"),
                    100,
                    name -> cluster.task(Arns.nameIn(name)).map(SimulatedTask::describe));
        });
    }

    /** DescribeTaskDefinition, of any status. */
    public ObjectNode describeTaskDefinition(ObjectNode request) {
        return agenda.exclusively(() -> {
            var definition = definitions.require(Json.text(request, "taskDefinition")
                    .orElseThrow(() -> AwsError.invalid("taskDefinition cannot be empty.")));
            var answer = Json.object();
            answer.set("taskDefinition", definition.describe());
            answer.set("tags", tags.of(definition.arn()));
            return answer;
        });
    }

    /** ListTaskDefinitions of one family, oldest first unless sorted DESC, 100 to a page unless told otherwise. */
    public ObjectNode listTaskDefinitions(ObjectNode request) {
        var family = Json.text(request, "familyPrefix")
                .orElseThrow(() -> AwsError.invalid("only the listing of one family is simulated"));
        var active = request.path("status").asText("ACTIVE").equals("ACTIVE");
        return agenda.exclusively(() -> {
            var arns = definitions.ofFamily(family).stream()
                    .filter(definition -> definition.isActive() == active)
                    .map(TaskDefinition::arn)
                    .toList();
            var newestFirst = request.path("sort").asText("ASC").equals("DESC");
            return Page.of(request, 100, newestFirst ? arns.reversed() : arns).as("taskDefinitionArns", Json::texts);
        });
    }

    /** ListServiceDeployments, newest first, of the last 90 days. */
    public ObjectNode listServiceDeployments(ObjectNode request) {
        return agenda.exclusively(() -> {
            var cluster = clusters.require(Json.text(request, "cluster"));
            var service = clusters.requireService(
                    cluster,
                    Json.text(request, "service").orElseThrow(() -> AwsError.invalid("service cannot be empty.")));
            service.forgetBefore(agenda.now());
            var wanted = Json.textsIn(request, "status");
            var after = epoch(request, "after").orElse(Instant.MIN);
            var before = epoch(request, "before").orElse(Instant.MAX);
            var found = service.allDeployments().stream()
                    .filter(deployment -> wanted.isEmpty()
                            || wanted.contains(deployment.status().name()))
                    .filter(deployment -> deployment.createdAt().isAfter(after)
                            && deployment.createdAt().isBefore(before))
                    .map(ServiceDeployment::brief)
                    .toList();
            return Page.of(request, 20, found)
                    .as("serviceDeployments", briefs -> Json.array().addAll(briefs));
        });
    }

    /** DescribeServiceDeployments: at most 20. */
    public ObjectNode describeServiceDeployments(ObjectNode request) {
        return agenda.exclusively(() -> describe(
                "serviceDeployments",
                Json.textsIn(request, "serviceDeploymentArns"),
                20,
                arn -> clusters.deployment(arn).map(ServiceDeployment::describe)));
    }

    /** DescribeServiceRevisions: at most 20. */
    public ObjectNode describeServiceRevisions(ObjectNode request) {
        return agenda.exclusively(() -> describe(
                "serviceRevisions",
                Json.textsIn(request, "serviceRevisionArns"),
                20,
                arn -> clusters.revision(arn).map(ServiceRevision::describe)));
    }

    /** ListTagsForResource. */
    public ObjectNode listTagsForResource(ObjectNode request) {
        var arn = Json.text(request, "resourceArn").orElseThrow(() -> AwsError.invalid("resourceArn cannot be empty."));
        return agenda.exclusively(() -> {
            var answer = Json.object();
            answer.set("tags", tags.of(arn));
            return answer;
        });
    }

    private static Optional<Instant> epoch(ObjectNode request, String field) {
        return Optional.of(request.path("createdAt").path(field))
                .filter(JsonNode::isNumber)
                .map(node -> Instant.ofEpochMilli(
                        node.decimalValue().movePointRight(3).longValue()));
    }

    private static ObjectNode describe(
            String field, Collection<String> names, int most, Function<String, Optional<ObjectNode>> find) {
        if (names.isEmpty() || names.size() > most) {
            throw AwsError.invalid(
                    "%s must have between 1 and %d entries; %d were given.".formatted(field, most, names.size()));
        }
        var found = Json.array();
        ArrayNode failures = Json.array();
        names.forEach(name -> find.apply(name)
                .ifPresentOrElse(
                        found::add, () -> failures.addObject().put("arn", name).put("reason", "MISSING")));
        var answer = Json.object();
        answer.set(field, found);
        answer.set("failures", failures);
        return answer;
    }
}
