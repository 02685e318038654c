package io.deployguard.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.deployguard.ecs.Accounts;
import io.deployguard.ecs.CodeDeployRef;
import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.Place;
import io.deployguard.ecs.ServiceRef;
import io.deployguard.event.EventReading.Malformed;
import io.deployguard.event.EventReading.NotForUs;
import io.deployguard.event.EventReading.Refused;
import io.deployguard.event.EventReading.Understood;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Reads what EventBridge delivers: every family that Amazon ECS emits, deployments of CodeDeploy, and CloudWatch alarms. Lenient, since AWS adds fields and texts at any time;
 * strict only about what a kind of event cannot do without. Never throws, whatever the text.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_cwe_events.html">Amazon ECS events</a>
 */
public final class EventReader {

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(200).build())
                    .build())
            .build();

    private EventReader() {}

    /** The event in the text. */
    public static EventReading read(String text) {
        return read(text, Accounts.OWN);
    }

    /**
     * The event in the text, when the guard looks after its account.
     *
     * <p>Both the account that sent the event and the account of what it is about must be looked after, and be the same one; where nobody has said
     * which account is the guard's own, every event is taken.
     */
    public static EventReading read(String text, Accounts accounts) {
        try {
            var event = JSON.readTree(text);
            var reading = read(event);
            return reading instanceof Understood(var understood)
                    ? refusal(event, understood, accounts).orElse(reading)
                    : reading;
        } catch (JsonProcessingException malformed) {
            return new Malformed("event", "a JSON object; " + malformed.getOriginalMessage());
        }
    }

    /** The event in a JSON value. */
    public static EventReading read(JsonNode event) {
        try {
            return readChecked(event);
        } catch (Lacking lacking) {
            return lacking.reading;
        }
    }

    private static Optional<EventReading> refusal(JsonNode envelope, GuardEvent event, Accounts accounts) {
        if (accounts.own().isEmpty()) {
            return Optional.empty();
        }
        var sender = Optional.of(envelope.path("account").asText("")).filter(account -> !account.isBlank());
        var subject = Place.findInArn(subjectOf(event)).map(Place::account);
        var unlisted = Stream.concat(sender.stream(), subject.stream())
                .filter(account -> !accounts.includes(account))
                .findFirst()
                .map(account -> "event of account %s, which is not listed".formatted(account));
        return unlisted.or(() -> sender.flatMap(from -> subject.filter(about -> !about.equals(from))
                        .map(about -> "event of account %s about account %s".formatted(from, about))))
                .map(Refused::new);
    }

    /** ARN of what the event is about. */
    private static String subjectOf(GuardEvent event) {
        return switch (event) {
            case GuardEvent.TaskStateChange change -> change.clusterArn();
            case GuardEvent.DeploymentStateChange change -> change.service().arn();
            case GuardEvent.ServiceAction action -> action.service().arn();
            case GuardEvent.AlarmStateChange alarm -> alarm.alarmArn();
            case GuardEvent.HookStateChange hook -> hook.service().arn();
            case GuardEvent.CodeDeployStateChange change -> change.deployment().arn();
            case GuardEvent.HostChange host -> host.subject();
        };
    }

    private static EventReading readChecked(JsonNode event) {
        if (!event.isObject()) {
            return new Malformed("event", "a JSON object as EventBridge delivers it");
        }
        var kind = new Fields(event, "").text("detail-type");
        var source = event.path("source").asText();
        if ((kind.startsWith("ECS ") && !source.equals("aws.ecs"))
                || (kind.startsWith("CloudWatch ") && !source.equals("aws.cloudwatch"))
                || (kind.startsWith("CodeDeploy ") && !source.equals("aws.codedeploy"))) {
            // Whoever may put events on the bus may call them what they like; sources that begin with aws. are AWS's
            // alone.
            return new NotForUs("source " + (source.isEmpty() ? "(none)" : source) + " does not send " + kind);
        }
        var detail = event.path("detail");
        if (!detail.isObject()) {
            return new Malformed("detail", "an object");
        }
        var fields = new Fields(detail, "detail.");
        return switch (kind) {
            case "ECS Task State Change" -> TaskEvents.read(event, fields);
            case "ECS Deployment State Change" -> deployment(event, fields);
            case "ECS Service Action" -> serviceAction(event, fields);
            case "ECS Hook State Change" -> hook(event, fields);
            case "ECS Container Instance State Change", "ECS Container Instance Health Change" ->
                host(event, fields, "containerInstanceArn", kind);
            case "ECS Daemon Deployment State Change", "ECS Daemon Service Action" ->
                host(event, fields, "daemonArn", kind);
            case "CodeDeploy Deployment State-change Notification" -> codeDeploy(event, fields);
            case "CloudWatch Alarm State Change" -> AlarmEvents.read(event, fields);
            default -> new NotForUs("detail-type " + kind + " is none of the guard's");
        };
    }

    private static EventReading deployment(JsonNode event, Fields detail) {
        var service = service(event);
        if (service.isEmpty()) {
            return shortArn(event);
        }
        return new Understood(new GuardEvent.DeploymentStateChange(
                key(event),
                at(event, detail),
                service.get(),
                detail.text("eventName"),
                new DeploymentId(detail.text("deploymentId")),
                detail.find("reason").orElse("")));
    }

    private static EventReading serviceAction(JsonNode event, Fields detail) {
        var service = service(event);
        if (service.isEmpty()) {
            return shortArn(event);
        }
        return new Understood(new GuardEvent.ServiceAction(
                key(event),
                at(event, detail),
                service.get(),
                detail.text("eventName"),
                detail.find("reason").orElse("")));
    }

    private static EventReading hook(JsonNode event, Fields detail) {
        var service = ServiceRef.findByArn(detail.text("serviceArn"));
        if (service.isEmpty()) {
            return shortArn(event);
        }
        return new Understood(new GuardEvent.HookStateChange(
                key(event),
                at(event, detail),
                service.get(),
                detail.text("eventName"),
                detail.text("serviceDeploymentArn"),
                detail.find("hookId").orElse(""),
                detail.find("hookType").orElse(""),
                detail.find("lifecycleStage").orElse(""),
                detail.findInstant("expiresAt")));
    }

    /** The partition stands in the ARNs only. */
    private static EventReading codeDeploy(JsonNode event, Fields detail) {
        var envelope = new Fields(event, "");
        return new Understood(new GuardEvent.CodeDeployStateChange(
                key(event),
                at(event, detail),
                new CodeDeployRef(
                        firstResource(event)
                                .map(arn -> arn.split(":", 3))
                                .filter(parts -> parts.length == 3)
                                .map(parts -> parts[1])
                                .orElse("aws"),
                        envelope.text("region"),
                        envelope.text("account"),
                        detail.text("application"),
                        detail.text("deploymentGroup"),
                        detail.text("deploymentId")),
                detail.text("state")));
    }

    private static EventReading host(JsonNode event, Fields detail, String subject, String kind) {
        return new Understood(new GuardEvent.HostChange(
                key(event),
                at(event, detail),
                detail.find(subject).or(() -> firstResource(event)).orElse("host"),
                detail.find("eventName")
                        .or(() -> detail.find("overallStatus"))
                        .or(() -> detail.find("status"))
                        .orElse(kind)));
    }

    /** The service named by the long ARN in {@code resources}. */
    private static Optional<ServiceRef> service(JsonNode event) {
        var resource = firstResource(event);
        if (resource.isEmpty()) {
            throw new Lacking(new Malformed("resources[0]", "the ARN of the service"));
        }
        return ServiceRef.findByArn(resource.get());
    }

    private static EventReading shortArn(JsonNode event) {
        return new NotForUs("the ARN " + firstResource(event).orElse("")
                + " names no cluster; opt in to the long ARN format (account setting serviceLongArnFormat)");
    }

    static Optional<String> firstResource(JsonNode event) {
        return Optional.ofNullable(event.path("resources").get(0))
                .map(JsonNode::asText)
                .filter(text -> !text.isBlank());
    }

    /** The envelope's id; without one, its time with the content, which is the same for every delivery. */
    static EventKey key(JsonNode event) {
        var id = event.path("id").asText("");
        return new EventKey(
                id.isBlank()
                        ? "content:" + event.path("time").asText("") + ":"
                                + event.toString().hashCode()
                        : "event:" + id);
    }

    static Instant at(JsonNode event, Fields detail) {
        return new Fields(event, "")
                .findInstant("time")
                .or(() -> detail.findInstant("updatedAt"))
                .orElseThrow(() -> new Lacking(new Malformed("time", "an ISO-8601 instant in UTC")));
    }

    /** Fields of one JSON object, by name. */
    record Fields(JsonNode node, String path) {

        String text(String name) {
            return find(name).orElseThrow(() -> new Lacking(new Malformed(path + name, "a non-blank text")));
        }

        /** A text; numbers and booleans count as their text, objects and blanks as absent. */
        Optional<String> find(String name) {
            var value = node.path(name);
            return value.isValueNode() && !value.isNull()
                    ? Optional.of(value.asText()).filter(text -> !text.isBlank())
                    : Optional.empty();
        }

        Optional<Instant> findInstant(String name) {
            return find(name).flatMap(Times::find);
        }
    }

    /** A field that the kind of event cannot do without is missing. */
    static final class Lacking extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient EventReading reading;

        Lacking(EventReading reading) {
            super(reading.toString(), null, false, false);
            this.reading = reading;
        }
    }
}
