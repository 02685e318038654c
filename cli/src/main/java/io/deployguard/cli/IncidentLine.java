package io.deployguard.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deployguard.classification.Diagnosis;
import io.deployguard.decision.Decision;
import io.deployguard.incident.Approval;
import io.deployguard.incident.Incident;
import io.deployguard.incident.Progress;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/** An incident in one line. */
final class IncidentLine {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);

    private final Incident incident;

    IncidentLine(Incident incident) {
        this.incident = incident;
    }

    static String utc(Instant at) {
        return TIME.format(at);
    }

    String text() {
        return "%s  %s  %-28s %-26s %-22s %s"
                .formatted(
                        incident.id().toString().substring(0, 8),
                        utc(incident.openedAt()),
                        incident.service().cluster() + "/" + incident.service().name(),
                        cause().orElse("–"),
                        state(),
                        incident.decision()
                                .map(Decision::because)
                                .map(IncidentLine::cut)
                                .orElse(""));
    }

    ObjectNode json() {
        var line = DiagnosisJson.JSON
                .createObjectNode()
                .put("id", incident.id().toString())
                .put("service", incident.service().arn())
                .put("deployment", incident.deployment().value())
                .put("openedAt", incident.openedAt().toString())
                .put("changedAt", incident.changedAt().toString())
                .put("open", incident.isOpen())
                .put("state", state())
                .put("cause", cause().orElse(null))
                .put("confidence", found().map(Diagnosis.Identified::confidence).orElse(null))
                .put("key", found().flatMap(Diagnosis.Identified::key).orElse(null))
                .put("decision", incident.decision().map(IncidentLine::name).orElse(null))
                .put("rule", incident.grounds().map(grounds -> grounds.rule()).orElse(null))
                .put("because", incident.decision().map(Decision::because).orElse(null));
        incident.approval().ifPresent(approval -> line.set("approval", approval(approval)));
        if (incident.progress() instanceof Progress.Closed closed) {
            line.put("closedAt", closed.at().toString()).put("outcome", name(closed.outcome()));
        }
        return line;
    }

    /** Request and answer. */
    static ObjectNode approval(Approval approval) {
        var json = DiagnosisJson.JSON
                .createObjectNode()
                .put("state", kebab(approval.getClass().getSimpleName()))
                .put("askedAt", approval.request().askedAt().toString())
                .put("until", approval.request().until().toString());
        answer(approval)
                .ifPresent(answer -> json.put("by", answer.by().name())
                        .put("identity", answer.by().identity().orElse(null))
                        .put("via", answer.by().via())
                        .put("at", answer.at().toString())
                        .put("reason", answer.reason().orElse(null)));
        return json;
    }

    private static Optional<Approval.Answer> answer(Approval approval) {
        return switch (approval) {
            case Approval.Granted(var _, var answer) -> Optional.of(answer);
            case Approval.Refused(var _, var answer) -> Optional.of(answer);
            case Approval.Superseded(var _, var grant, var _, var _) -> grant;
            case Approval.Open _, Approval.Expired _ -> Optional.empty();
        };
    }

    /** How far it has come: the stage while it is open, how it ended afterwards. */
    String state() {
        return switch (incident.progress()) {
            case Progress.Closed closed -> name(closed.outcome());
            case Progress.Dismissed _ -> "dismissed";
            case Progress.Suspected _ -> "suspected";
            case Progress.Investigating _ -> "investigating";
            case Progress.Advised _ ->
                incident.approval().filter(Approval::isOpen).isPresent() ? "waits for approval" : "advised";
            case Progress.Planned _ -> "about to act";
            case Progress.Verifying _ -> "verifying";
        };
    }

    private Optional<String> cause() {
        return incident.diagnosis().map(diagnosis -> switch (diagnosis) {
            case Diagnosis.Identified found -> found.cause().value();
            case Diagnosis.Unknown _ -> "unknown";
        });
    }

    private Optional<Diagnosis.Identified> found() {
        return incident.diagnosis()
                .filter(Diagnosis.Identified.class::isInstance)
                .map(Diagnosis.Identified.class::cast);
    }

    private static String name(Decision decision) {
        return kebab(decision.getClass().getSimpleName());
    }

    private static String name(Progress.Outcome outcome) {
        return outcome.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String kebab(String camel) {
        return camel.replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
    }

    private static String cut(String text) {
        return text.length() <= 100 ? text : text.substring(0, 99) + "…";
    }
}
