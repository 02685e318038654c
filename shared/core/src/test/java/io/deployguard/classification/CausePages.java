package io.deployguard.classification;

import com.fasterxml.jackson.databind.JsonNode;
import io.deployguard.classification.Rule.Example;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The catalogue as pages for people: one per cause, and an index. */
final class CausePages {

    /** More examples than this repeat themselves. */
    private static final int EXAMPLES = 4;

    /** Lines of a log that a page shows. */
    private static final int LINES = 8;

    private CausePages() {}

    static String index(List<Cause> causes) {
        var page = new StringBuilder("""
                # The causes

                Every root cause the guard can name. The pages are written from the catalogue
                (`shared/core/src/main/resources/catalog`); [adding a cause](../adding-a-cause.md) tells how one comes into it.

                | cause | what it is | would a rollback help? | rules |
                |---|---|---|---|
                """);
        causes.forEach(cause -> page.append("| [`%s`](%s.md) | %s | %s | %d |\n"
                .formatted(
                        cause.id(),
                        cause.id(),
                        cell(cause.title()),
                        answer(cause.rollback()),
                        cause.rules().size())));
        return page.toString();
    }

    static String page(Cause cause) {
        var page = new StringBuilder("# `%s`: %s\n\n%s\n".formatted(cause.id(), cause.title(), cause.summary()));
        page.append("\n## Would a rollback help?\n").append(outlook(cause));
        if (!cause.remedies().isEmpty()) {
            page.append("\n## What to do\n");
            cause.remedies()
                    .forEach(remedy -> page.append("- ").append(inWords(remedy)).append('\n'));
        }
        var examples = cause.rules().stream()
                .flatMap(rule -> rule.examples().stream())
                .limit(EXAMPLES)
                .toList();
        if (!examples.isEmpty()) {
            page.append("\n## How it shows\n");
            examples.forEach(example -> page.append(show(example)));
        }
        if (!cause.rules().isEmpty()) {
            page.append("\n## Rules\n| rule | standing | confidence | source |\n|---|---|---|---|\n");
            cause.rules()
                    .forEach(rule -> page.append("| `%s` | %s%s | %s | %s |\n"
                            .formatted(
                                    rule.id(),
                                    rule.proven() ? "proven" : "on trial",
                                    rule.weight() == Weight.ROOT
                                            ? ""
                                            : ", " + rule.weight().name().toLowerCase(java.util.Locale.ROOT),
                                    rule.confidence(),
                                    cell(rule.source()))));
        }
        return page.toString();
    }

    private static String outlook(Cause cause) {
        var text = new StringBuilder(answer(cause.rollback())).append(".\n");
        cause.rollbackWhen().entrySet().stream()
                .sorted(java.util.Map.Entry.comparingByKey())
                .forEach(when -> text.append(
                        "- %s, when the guard finds `%s`\n".formatted(answer(when.getValue()), when.getKey())));
        cause.rules().stream()
                .flatMap(rule -> rule.rollback().stream()
                        .map(helps -> "- %s, when rule `%s` names it\n".formatted(answer(helps), rule.id())))
                .forEach(text::append);
        if (cause.hopeless()) {
            text.append("\nStarting the same task again cannot succeed, so the first stop is enough to decide.\n");
        }
        return text.toString();
    }

    private static String answer(RollbackHelps helps) {
        return switch (helps) {
            case HELPS -> "Yes";
            case DOES_NOT_HELP -> "No";
            case DEPENDS -> "It depends";
        };
    }

    private static String inWords(Remedy remedy) {
        return switch (remedy) {
            case Remedy.Advice advice -> advice.text();
            case Remedy.Automatic automatic ->
                "The guard can do it, where the service allows it: `" + automatic.action() + "`.";
        };
    }

    private static String show(Example example) {
        return "\n%s:\n\n```text\n%s\n```\n"
                .formatted(capitalized(example.name()), String.join("\n", seen(example.evidence())));
    }

    private static List<String> seen(JsonNode evidence) {
        var seen = new ArrayList<String>();
        var log = evidence.path("logs").valueStream().map(JsonNode::asText).toList();
        seen.addAll(log.stream().limit(LINES).toList());
        if (log.size() > LINES) {
            seen.add("…");
        }
        Stream.of("stopCode", "stoppedReason")
                .filter(evidence::has)
                .forEach(field -> seen.add(field + ": " + evidence.path(field).asText()));
        evidence.path("containers")
                .forEach(container -> Stream.of("exitCode", "reason", "healthStatus")
                        .filter(field -> !container.path(field).asText("").isEmpty())
                        .forEach(field ->
                                seen.add("container " + container.path("name").asText() + " " + field + ": "
                                        + container.path(field).asText())));
        evidence.path("targetHealth")
                .forEach(target -> seen.add("target %s %s %s"
                        .formatted(
                                target.path("state").asText(),
                                target.path("reason").asText(),
                                target.path("description").asText())
                        .strip()));
        evidence.path("serviceEvents").forEach(event -> seen.add("service event: " + event.asText()));
        // Definitions, listeners and runs say nothing in one line.
        return seen.isEmpty() ? evidence.toPrettyString().lines().toList() : seen;
    }

    private static String capitalized(String text) {
        return text.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + text.substring(1);
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace('\n', ' ').strip();
    }
}
