package io.deployguard.simulation.account;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** The CloudWatch alarms of the account: each change of state is an event on the bus. */
public final class Alarms {
    // CloudWatch writes the offset without a colon, which Instant.parse refuses.
    private static final DateTimeFormatter TIMESTAMP = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd'T'HH:mm:ss.SSSZ", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private record State(String value, String reason, Instant since) {
        ObjectNode describe() {
            return Json.object().put("value", value).put("reason", reason).put("timestamp", TIMESTAMP.format(since));
        }
    }

    private final Agenda agenda;
    private final Arns arns;
    private final EventStream events;
    private final Map<String, State> states = new HashMap<>();

    Alarms(Agenda agenda, Arns arns, EventStream events) {
        this.agenda = agenda;
        this.arns = arns;
        this.events = events;
    }

    /** Turns the alarm on the unhealthy hosts of a target group to OK, ALARM or INSUFFICIENT_DATA. */
    public void turn(String name, String value, String reason, TargetGroup group) {
        agenda.exclusively(() -> {
            var before = states.getOrDefault(
                    name, new State("INSUFFICIENT_DATA", "Unchecked: Initial alarm creation", agenda.now()));
            var after = new State(value, reason, agenda.now());
            states.put(name, after);
            var detail = Json.object().put("alarmName", name);
            detail.set("state", after.describe());
            detail.set("previousState", before.describe());
            detail.set("configuration", configuration(group));
            events.emit("aws.cloudwatch", "CloudWatch Alarm State Change", arns.alarm(name), detail);
        });
    }

    private static ObjectNode configuration(TargetGroup group) {
        var configuration = Json.object();
        var metric =
                configuration.putArray("metrics").addObject().put("id", "m1").put("returnData", true);
        var stat = metric.putObject("metricStat").put("period", 60).put("stat", "Maximum");
        stat.putObject("metric")
                .put("namespace", "AWS/ApplicationELB")
                .put("name", "UnHealthyHostCount")
                .putObject("dimensions")
                .put("TargetGroup", group.arn().substring(group.arn().indexOf("targetgroup/")));
        return configuration;
    }
}
