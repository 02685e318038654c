package io.deployguard.report;

import io.deployguard.action.CommandJournal;
import io.deployguard.classification.Diagnosis;
import io.deployguard.classification.Remedy;
import io.deployguard.decision.Decision;
import io.deployguard.decision.Grounds;
import io.deployguard.incident.Approval;
import io.deployguard.incident.Incident;
import io.deployguard.incident.Progress;
import io.deployguard.incident.Situation;
import io.deployguard.notification.AwsCli;
import io.deployguard.notification.NoticeBlock.Moment;
import io.deployguard.notification.NoticeComposer;
import io.deployguard.notification.Prose;
import io.deployguard.notification.Words;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** An incident as a Markdown document that a team can keep: what happened, why, who did what and when, what to change. */
public final class PostMortem {

    private final Dossier dossier;
    private final Incident incident;
    private final StringBuilder page = new StringBuilder();

    private PostMortem(Dossier dossier) {
        this.dossier = dossier;
        this.incident = dossier.incident();
    }

    /** The document. Texts from outside are shown as they stand and format nothing. */
    public static String of(Dossier dossier) {
        var report = new PostMortem(dossier);
        report.head();
        report.cause();
        report.evidence();
        report.timeline();
        report.decision();
        report.commands();
        report.prevention();
        report.gaps();
        return report.page.toString();
    }

    private void head() {
        var notice = NoticeComposer.compose(incident);
        line("# " + text(notice.headline()));
        line("");
        line("| | |");
        line("|---|---|");
        row("Incident", "`" + incident.id() + "`");
        row(
                "Service",
                "%s in cluster %s, %s, account %s"
                        .formatted(
                                text(incident.service().name()),
                                text(incident.service().cluster()),
                                incident.service().region(),
                                incident.service().account()));
        incident.situation().ifPresent(seen -> {
            row("Failing revision", code(name(seen.failingTaskDefinitionArn())));
            row(
                    "Last healthy revision",
                    seen.healthyTaskDefinitionArn().map(arn -> code(name(arn))).orElse("none is known"));
        });
        row("First sign", utc(incident.openedAt()));
        row("Outcome", outcome());
        row("Time to detect", lasting(Course.toDetect(incident)));
        row("Time to mitigate", lasting(Course.toMitigate(dossier)));
        row("Time to recover", lasting(Course.toRecover(incident)));
        incident.situation()
                .flatMap(Situation::recurrence)
                .ifPresent(known -> row(
                        "Again",
                        "%d times in %d days for the same cause; the last one began at %s"
                                .formatted(known.times(), known.days(), utc(known.last()))));
    }

    private String outcome() {
        return switch (incident.progress()) {
            case Progress.Closed closed ->
                text(closed.outcome().name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ') + ": "
                        + closed.because());
            case Progress.Dismissed dismissed -> text("dismissed: " + dismissed.because());
            case Progress.Suspected _,
                    Progress.Investigating _,
                    Progress.Advised _,
                    Progress.Planned _,
                    Progress.Verifying _ -> "still open";
        };
    }

    private void cause() {
        section("Cause");
        switch (incident.diagnosis().orElse(null)) {
            case Diagnosis.Identified found -> {
                line("%s (%s, %d %% sure, rule %s)."
                        .formatted(
                                text(found.title()),
                                code(found.cause().value()),
                                Math.round(found.confidence() * 100),
                                code(found.rule())));
                line("");
                line(text(found.explanation()));
            }
            case Diagnosis.Unknown unknown -> line("Not known. " + text(unknown.explanation()));
            case null -> line("Not looked at yet.");
        }
        var changes = incident.situation().map(Situation::changes).orElse(List.of());
        if (!changes.isEmpty()) {
            line("");
            line("The failing revision changed:");
            line("");
            changes.forEach(change -> line("- " + text(change)));
        }
    }

    private void evidence() {
        var proof = incident.diagnosis().map(Diagnosis::proof).orElse(List.of());
        if (!proof.isEmpty()) {
            section("Evidence");
            fenced(proof.stream()
                    .map(piece -> piece.source() + ": " + piece.text())
                    .toList());
        }
    }

    /** Signs at their own time, every other change of the incident, and the commands. */
    private void timeline() {
        section("Timeline");
        line("| time (UTC) | what |");
        line("|---|---|");
        var signs = incident.signs().stream().map(sign -> new Moment(sign.at(), Prose.of("sign: " + sign.what())));
        var known = incident.signs().stream().map(Incident.Sign::what).toList();
        var changes = dossier.history().stream()
                .filter(entry -> !entry.what().startsWith("opened: ") && !known.contains(entry.what()))
                .map(entry -> new Moment(entry.at(), Prose.of(entry.what())));
        var sent = dossier.commands().stream().flatMap(PostMortem::moments);
        Stream.of(signs, changes, sent)
                .flatMap(stream -> stream)
                .sorted(Comparator.comparing(Moment::at))
                .forEach(moment -> row(utc(moment.at()), text(moment.what().plain())));
    }

    private static Stream<Moment> moments(CommandJournal.Entry entry) {
        var sent = new Moment(
                entry.begunAt(), Prose.of("command: " + entry.command().describe()));
        var done = entry.finishedAt()
                .map(at -> new Moment(
                        at,
                        Prose.of("command %s: %s"
                                .formatted(
                                        entry.outcome().orElse("ended"),
                                        entry.detail().orElse("")))));
        return Stream.concat(Stream.of(sent), done.stream());
    }

    private void decision() {
        section("Decision");
        line(incident.decision().map(Decision::because).map(PostMortem::text).orElse("None yet."));
        incident.approval().ifPresent(approval -> {
            line("");
            line(asked(approval));
        });
        incident.grounds().ifPresent(grounds -> {
            line("");
            line("Decided by row %s of the table, on:".formatted(code(grounds.rule())));
            line("");
            line("| fact | value |");
            line("|---|---|");
            grounds.inputs().forEach((Grounds.Input input) -> row(text(input.name()), text(input.value())));
        });
    }

    private static String asked(Approval approval) {
        var asked = "Asked at %s, until %s. "
                .formatted(
                        utc(approval.request().askedAt()),
                        utc(approval.request().until()));
        return asked
                + switch (approval) {
                    case Approval.Open _ -> "Nobody has answered yet.";
                    case Approval.Granted(var _, var answer) -> said(answer, "agreed");
                    case Approval.Refused(var _, var answer) -> said(answer, "refused");
                    case Approval.Expired _ -> "Nobody answered in time.";
                    case Approval.Superseded(var _, var grant, var at, var because) ->
                        grant.map(answer -> said(answer, "agreed") + " ").orElse("")
                                + "Superseded at %s: %s.".formatted(utc(at), text(because));
                };
    }

    private static String said(Approval.Answer answer, String verb) {
        return "%s%s %s at %s, on the %s%s."
                .formatted(
                        text(answer.by().name()),
                        answer.by()
                                .identity()
                                .map(identity -> " (" + code(identity) + ")")
                                .orElse(""),
                        verb,
                        utc(answer.at()),
                        text(answer.by().via()),
                        answer.reason().map(reason -> ": " + text(reason)).orElse(""));
    }

    private void commands() {
        if (!dossier.commands().isEmpty()) {
            section("Commands of the guard");
            fenced(dossier.commands().stream()
                    .map(entry -> AwsCli.of(entry.command()))
                    .toList());
        }
    }

    private void prevention() {
        if (incident.diagnosis().orElse(null) instanceof Diagnosis.Identified found) {
            var advice = found.remedies().stream()
                    .filter(Remedy.Advice.class::isInstance)
                    .map(remedy -> ((Remedy.Advice) remedy).text())
                    .toList();
            if (!advice.isEmpty()) {
                section("So that it does not happen again");
                advice.forEach(step -> line("- [ ] " + text(step)));
            }
        }
    }

    private void gaps() {
        var gaps = incident.situation().map(Situation::gaps).orElse(List.of());
        if (!gaps.isEmpty()) {
            section("Not seen");
            gaps.forEach(gap -> line("- " + text(gap)));
        }
    }

    private void section(String title) {
        line("");
        line("## " + title);
        line("");
    }

    private void row(String name, String value) {
        line("| %s | %s |".formatted(name, value));
    }

    private void line(String text) {
        page.append(text).append('\n');
    }

    /** No line of the text can close the fence. */
    private void fenced(List<String> lines) {
        var fence = "```";
        while (String.join("\n", lines).contains(fence)) {
            fence += "`";
        }
        line(fence + "text");
        lines.forEach(this::line);
        line(fence);
    }

    private static String code(String text) {
        return "`" + text.replace("`", "'").replace("|", "\\|") + "`";
    }

    /** On one line, with nothing in it that Markdown or HTML would take for its own. */
    private static String text(String text) {
        return text.strip()
                .replaceAll("\\s+", " ")
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replaceAll("([\\\\`*_\\[\\]|])", "\\\\$1");
    }

    private static String utc(Instant at) {
        return Prose.utc(at);
    }

    private static String lasting(Optional<Duration> duration) {
        return duration.map(Words::lasting).orElse("–");
    }

    private static String name(String arn) {
        return arn.substring(arn.lastIndexOf('/') + 1);
    }
}
