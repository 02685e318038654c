package io.deployguard.event;

import com.fasterxml.jackson.databind.JsonNode;
import io.deployguard.ecs.ServiceRef;
import io.deployguard.event.EventReader.Fields;
import java.util.Optional;

/**
 * Reads {@code CloudWatch Alarm State Change}. The event is sent although the alarm is muted or its actions are suppressed.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html">Alarm events and EventBridge</a>
 */
final class AlarmEvents {

    private AlarmEvents() {}

    static EventReading read(JsonNode event, Fields detail) {
        var state = new Fields(detail.node().path("state"), "detail.state.");
        return new EventReading.Understood(new GuardEvent.AlarmStateChange(
                EventReader.key(event),
                EventReader.at(event, detail),
                EventReader.firstResource(event).orElse(""),
                detail.text("alarmName"),
                state.text("value"),
                state.find("reason").orElse(""),
                detail.node().path("muteDetail").isObject()
                        || state.find("actionsSuppressedBy").isPresent(),
                service(event, detail.node()),
                dimension(detail.node(), "TargetGroup")));
    }

    /** The ARN of the alarm tells account and region: {@code arn:aws:cloudwatch:REGION:ACCOUNT:alarm:NAME}. */
    private static Optional<ServiceRef> service(JsonNode event, JsonNode detail) {
        var arn = EventReader.firstResource(event).orElse("").split(":", 6);
        return arn.length < 6
                ? Optional.empty()
                : dimension(detail, "ClusterName")
                        .map(cluster -> "arn:%s:ecs:%s:%s:cluster/%s".formatted(arn[1], arn[3], arn[4], cluster))
                        .flatMap(cluster -> dimension(detail, "ServiceName")
                                .flatMap(name -> ServiceRef.findInCluster(cluster, name)));
    }

    private static Optional<String> dimension(JsonNode detail, String name) {
        for (JsonNode metric : detail.path("configuration").path("metrics")) {
            var dimension =
                    metric.path("metricStat").path("metric").path("dimensions").path(name);
            if (dimension.isTextual()) {
                return Optional.of(dimension.asText());
            }
        }
        return Optional.empty();
    }
}
