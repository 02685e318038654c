package io.deployguard.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deployguard.classification.Diagnosis;
import io.deployguard.decision.Decision;
import io.deployguard.incident.Incident;
import io.deployguard.incident.Situation;
import io.deployguard.notification.AwsCli;
import io.deployguard.postgres.Documents;
import io.deployguard.report.Dossier;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/** Everything about one incident. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description =
                "Shows everything about an incident: signs, cause, what the decision rests on, commands, notices, history.")
final class IncidentShowCommand extends DossierCommand {

    @Override
    ObjectNode json(Dossier dossier) {
        var incident = dossier.incident();
        var page = new IncidentLine(incident).json();
        incident.diagnosis().ifPresent(diagnosis -> page.set("diagnosis", DiagnosisJson.of(diagnosis)));
        var inputs = page.putArray("inputs");
        incident.grounds()
                .ifPresent(grounds -> grounds.inputs()
                        .forEach(input ->
                                inputs.addObject().put("name", input.name()).put("value", input.value())));
        var history = page.putArray("history");
        dossier.history()
                .forEach(entry -> history.addObject()
                        .put("at", entry.at().toString())
                        .put("revision", entry.revision())
                        .put("what", entry.what()));
        var commands = page.putArray("commands");
        dossier.commands()
                .forEach(entry -> commands.addObject()
                        .put("command", AwsCli.of(entry.command()))
                        .put("begunAt", entry.begunAt().toString())
                        .put("fence", entry.fence())
                        .put("outcome", entry.outcome().orElse(null))
                        .put("detail", entry.detail().orElse(null))
                        .put(
                                "finishedAt",
                                entry.finishedAt().map(Object::toString).orElse(null)));
        var notices = page.putArray("notices");
        dossier.notices()
                .forEach(item -> notices.addObject()
                        .put("channel", item.channel())
                        .put("wanted", item.wanted())
                        .put("reference", item.reference().orElse(null))
                        .put("attempts", item.attempts())
                        .put("lastFailure", item.lastFailure().orElse(null)));
        page.set("document", document(incident));
        return page;
    }

    private static JsonNode document(Incident incident) {
        try {
            return DiagnosisJson.JSON.readTree(Documents.write(incident, Incident.class));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("what was written as JSON is JSON", impossible);
        }
    }

    @Override
    void print(Dossier dossier, PrintWriter out) {
        var incident = dossier.incident();
        out.println("Incident %s, revision %d".formatted(incident.id(), incident.revision()));
        out.println(new IncidentLine(incident).text());
        section(
                out,
                "Signs",
                incident.signs().stream()
                        .map(sign -> "%s  %s: %s".formatted(IncidentLine.utc(sign.at()), sign.kind(), sign.what())));
        section(out, "Cause", incident.diagnosis().stream().flatMap(IncidentShowCommand::cause));
        section(out, "Changed", incident.situation().map(Situation::changes).orElse(List.of()).stream());
        section(
                out,
                "Decision",
                Stream.of(
                                incident.decision().map(Decision::because),
                                incident.grounds().map(grounds -> "by row " + grounds.rule()))
                        .flatMap(Optional::stream));
        section(
                out,
                "Decided on",
                incident.grounds().stream()
                        .flatMap(grounds -> grounds.inputs().stream())
                        .map(input -> "%-21s %s".formatted(input.name(), input.value())));
        section(
                out,
                "Approval",
                incident.approval().map(IncidentLine::approval).stream()
                        .flatMap(approval -> approval.properties().stream())
                        .filter(field -> !field.getValue().isNull())
                        .map(field -> "%-9s %s"
                                .formatted(field.getKey(), field.getValue().asText())));
        section(
                out,
                "Commands",
                dossier.commands().stream()
                        .map(entry -> "%s  %s: %s%s"
                                .formatted(
                                        IncidentLine.utc(entry.begunAt()),
                                        AwsCli.of(entry.command()),
                                        entry.outcome().orElse("not known yet"),
                                        entry.detail().map(text -> ", " + text).orElse(""))));
        section(
                out,
                "Notices",
                dossier.notices().stream()
                        .map(item -> "%s  revision %d%s%s"
                                .formatted(
                                        item.channel(),
                                        item.wanted(),
                                        item.reference()
                                                .map(reference -> ", message " + reference)
                                                .orElse(", not shown yet"),
                                        item.lastFailure()
                                                .map(failure -> ", last failure: " + failure)
                                                .orElse(""))));
        section(out, "Not seen", incident.situation().map(Situation::gaps).orElse(List.of()).stream());
        section(
                out,
                "History",
                dossier.history().stream().map(entry -> IncidentLine.utc(entry.at()) + "  " + entry.what()));
    }

    private static Stream<String> cause(Diagnosis diagnosis) {
        var proof = diagnosis.proof().stream().map(piece -> "| " + piece.source() + ": " + piece.text());
        return Stream.concat(Stream.of(diagnosis.explanation()), proof);
    }

    private static void section(PrintWriter out, String title, Stream<String> entries) {
        var lines = entries.toList();
        if (!lines.isEmpty()) {
            out.println();
            out.println(title);
            lines.forEach(line -> out.println("  " + line));
        }
    }
}
