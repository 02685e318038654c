package io.deployguard.event;

import com.fasterxml.jackson.databind.JsonNode;
import io.deployguard.ecs.Container;
import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.ServiceRef;
import io.deployguard.ecs.Stop;
import io.deployguard.ecs.Task;
import io.deployguard.event.EventReader.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads {@code ECS Task State Change}: its detail looks like the Task of DescribeTasks, without the health.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_task_events.html">Task state change events</a>
 */
final class TaskEvents {

    private static final String SERVICE_GROUP = "service:";

    private TaskEvents() {}

    static EventReading read(JsonNode event, Fields detail) {
        var clusterArn = detail.text("clusterArn");
        var task = task(detail);
        var service = task.group().startsWith(SERVICE_GROUP)
                ? ServiceRef.findInCluster(clusterArn, task.group().substring(SERVICE_GROUP.length()))
                : Optional.<ServiceRef>empty();
        var at = EventReader.at(event, detail);
        var key =
                task.version() > 0 ? new EventKey("task:" + task.arn() + ":" + task.version()) : EventReader.key(event);
        return new EventReading.Understood(new GuardEvent.TaskStateChange(key, at, service, clusterArn, task));
    }

    private static Task task(Fields detail) {
        return new Task(
                detail.text("taskArn"),
                detail.find("group").orElse(""),
                detail.find("startedBy").flatMap(DeploymentId::findInStartedBy),
                detail.text("taskDefinitionArn"),
                detail.text("lastStatus"),
                detail.find("desiredStatus").orElse(""),
                Container.Health.UNKNOWN,
                stop(detail),
                containers(detail.node().path("containers")),
                command(detail.node()),
                ofInterface(detail.node(), "subnetId"),
                ofInterface(detail.node(), "privateIPv4Address"),
                detail.findInstant("createdAt"),
                detail.findInstant("startedAt"),
                detail.findInstant("stoppedAt"),
                detail.node().path("version").asLong(0));
    }

    /** Present once ECS gives a code or a reason; the code is missing in events from before it was introduced. */
    private static Optional<Stop> stop(Fields detail) {
        var code = detail.find("stopCode");
        var reason = detail.find("stoppedReason");
        return code.isPresent() || reason.isPresent()
                ? Optional.of(new Stop(
                        Stop.Code.parse(code.orElse("")),
                        reason.orElse(""),
                        detail.findInstant("executionStoppedAt")
                                .or(() -> detail.findInstant("stoppingAt"))
                                .or(() -> detail.findInstant("stoppedAt"))))
                : Optional.empty();
    }

    private static List<Container> containers(JsonNode containers) {
        var read = new ArrayList<Container>();
        for (JsonNode node : containers) {
            var fields = new Fields(node, "detail.containers[].");
            read.add(new Container(
                    fields.find("name").orElse(""),
                    fields.find("lastStatus").orElse(""),
                    exitCode(node.path("exitCode")),
                    fields.find("reason"),
                    Container.Health.UNKNOWN,
                    fields.find("image"),
                    fields.find("imageDigest"),
                    fields.find("runtimeId")));
        }
        return read;
    }

    private static Optional<Integer> exitCode(JsonNode code) {
        return code.isInt() || (code.isTextual() && code.asText().matches("-?\\d{1,9}"))
                ? Optional.of(code.asInt())
                : Optional.empty();
    }

    private static List<String> command(JsonNode detail) {
        var words = new ArrayList<String>();
        for (JsonNode override : detail.path("overrides").path("containerOverrides")) {
            if (words.isEmpty()) {
                override.path("command").forEach(word -> words.add(word.asText()));
            }
        }
        return words;
    }

    /** Of the network interface of an awsvpc task. */
    private static Optional<String> ofInterface(JsonNode detail, String name) {
        for (JsonNode attachment : detail.path("attachments")) {
            for (JsonNode pair : attachment.path("details")) {
                if (pair.path("name").asText().equals(name)) {
                    return Optional.of(pair.path("value").asText()).filter(text -> !text.isBlank());
                }
            }
        }
        return Optional.empty();
    }
}
