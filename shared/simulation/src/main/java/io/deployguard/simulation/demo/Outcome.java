package io.deployguard.simulation.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.deployguard.classification.Diagnosis;
import io.deployguard.decision.Decision;
import io.deployguard.incident.Approval;
import io.deployguard.incident.Incident;
import io.deployguard.incident.IncidentStore;
import io.deployguard.incident.Progress;
import io.deployguard.incident.Storm;
import io.deployguard.incident.Storm.Member;
import io.deployguard.postgres.PostgresDatabase;
import io.deployguard.simulation.account.wire.Call;
import io.deployguard.simulation.lab.SlackMessage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** What came of a scenario, read from the guard's memory, the account and Slack, and what of it was not as demanded. */
final class Outcome {

    static final String ADVISED = "advised";
    static final String EXPIRED = "expired";
    static final String RECOVERED = "recovered";
    static final String SUPERSEDED = "superseded";
    private static final String STORM = "storm";

    private final Scenario scenario;
    private final List<Incident> told;
    private final List<IncidentStore.Entry> history;
    private final Optional<Storm> storm;

    Outcome(Scenario scenario, PostgresDatabase database) {
        this.scenario = scenario;
        this.told = database
                .transact("read incidents", stores -> stores.incidents().newest(5))
                .stream()
                .filter(Incident::isTold)
                .toList();
        this.history = told.stream()
                .findFirst()
                .map(incident -> database.transact(
                        "read history", stores -> stores.incidents().historyOf(incident.id())))
                .orElse(List.of());
        this.storm = database.transact("read storms", stores -> stores.storms().current(1)).stream()
                .findFirst();
    }

    /** Whether a message speaks of all the services of the scenario at once. */
    static boolean tellsOfAll(Scenario scenario, String text) {
        return text.contains(scenario.services() + " services fail together");
    }

    Demo.Result result(List<Call> writes, Stage stage, Path page) {
        var messages = stage.slack().messages();
        var expected = scenario.expected();
        var cause = cause();
        var key = key();
        var action = writes.isEmpty() ? "none" : remedy();
        var outcome = outcome(messages);
        var problems = new ArrayList<String>();
        demand(problems, "cause", expected.cause(), cause);
        expected.key().ifPresent(wanted -> demand(problems, "key", wanted, key.orElse("none")));
        demand(problems, "action", expected.action(), action);
        demand(problems, "outcome", expected.outcome(), outcome);
        demand(problems, "Slack messages", "1", String.valueOf(messages.size()));
        demand(problems, "writes", String.valueOf(expected.writes()), String.valueOf(writes.size()));
        if (!says(messages, List::getFirst, expected.decisiveLine())) {
            problems.add("the first message does not show: " + expected.decisiveLine());
        }
        expected.finallySaid().stream()
                .filter(text -> !says(messages, List::getLast, text))
                .forEach(text -> problems.add("the message does not end up saying: " + text));
        if (expected.atFirstStop() && !isDecidedAtFirstStop()) {
            problems.add("it was not decided at the first stop: " + history);
        }
        stage.endpoint()
                .refusals()
                .forEach(refusal ->
                        problems.add("the simulated account was asked for what it does not know: " + refusal));
        return new Demo.Result(scenario.name(), cause, key, action, outcome, messages.size(), problems, page);
    }

    /** What the guard decided to do; a storm is never acted on. */
    private String remedy() {
        return told.stream()
                .findFirst()
                .flatMap(Incident::decision)
                .map(decision ->
                        decision instanceof Decision.Act act ? act.remedy().action() : "undecided")
                .orElse("none");
    }

    private String cause() {
        if (scenario.services() > 1) {
            return most(member -> member.cause().stream()).orElse("none");
        }
        return told.stream()
                .findFirst()
                .flatMap(Incident::diagnosis)
                .map(diagnosis -> diagnosis instanceof Diagnosis.Identified found
                        ? found.cause().value()
                        : "unknown")
                .orElse("none");
    }

    private Optional<String> key() {
        if (scenario.services() > 1) {
            return most(member -> member.key().stream());
        }
        return told.stream()
                .findFirst()
                .flatMap(Incident::diagnosis)
                .flatMap(diagnosis -> diagnosis instanceof Diagnosis.Identified found ? found.key() : Optional.empty());
    }

    /** The value that all members of the storm have. */
    private Optional<String> most(Function<Member, Stream<String>> value) {
        var values = storm.stream()
                .flatMap(together -> together.members().stream())
                .flatMap(value)
                .distinct()
                .toList();
        return values.size() == 1 ? Optional.of(values.getFirst()) : Optional.empty();
    }

    private String outcome(List<SlackMessage> messages) {
        if (scenario.services() > 1) {
            return messages.stream()
                            .map(message -> message.revisions().getLast().text())
                            .anyMatch(text -> tellsOfAll(scenario, text))
                    ? STORM
                    : "not told together";
        }
        return told.stream().findFirst().map(Outcome::outcome).orElse("none");
    }

    private static String outcome(Incident incident) {
        return switch (incident.progress()) {
            case Progress.Closed closed ->
                switch (closed.outcome()) {
                    case HEALED -> "healed";
                    case NOT_HEALED -> "not-healed";
                    case RECOVERED -> RECOVERED;
                    case SUPERSEDED -> SUPERSEDED;
                };
            case Progress.Advised _ ->
                incident.approval().filter(Approval.Expired.class::isInstance).isPresent() ? EXPIRED : ADVISED;
            case Progress.Suspected _,
                    Progress.Dismissed _,
                    Progress.Investigating _,
                    Progress.Planned _,
                    Progress.Verifying _ ->
                "unfinished: " + incident.progress().getClass().getSimpleName();
        };
    }

    /** Nothing but its opening came before the decision. */
    private boolean isDecidedAtFirstStop() {
        return told.stream()
                        .findFirst()
                        .filter(incident -> incident.signs().getFirst().kind().equals("suspicious-stop"))
                        .isPresent()
                && history.stream()
                        .anyMatch(entry -> entry.revision() == 2 && entry.what().startsWith("diagnosis "));
    }

    private static void demand(List<String> problems, String what, String expected, String actual) {
        if (!expected.equals(actual)) {
            problems.add("%s: expected %s, got %s".formatted(what, expected, actual));
        }
    }

    /** Whether the text is there, with capitals wherever: sentences begin with one. */
    private static boolean says(
            List<SlackMessage> messages,
            Function<List<SlackMessage.Revision>, SlackMessage.Revision> which,
            String text) {
        return messages.stream()
                .findFirst()
                .map(message -> texts(which.apply(message.revisions()).blocks()))
                .filter(all -> all.toLowerCase(Locale.ROOT).contains(text.toLowerCase(Locale.ROOT)))
                .isPresent();
    }

    /** All texts of a message's blocks: those of one element joined, as people read them. */
    private static String texts(JsonNode node) {
        if (node.path("text").isTextual()) {
            return node.path("text").asText();
        }
        return StreamSupport.stream(node.spliterator(), false)
                .map(Outcome::texts)
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining(node.isArray() ? "" : "\n"));
    }
}
