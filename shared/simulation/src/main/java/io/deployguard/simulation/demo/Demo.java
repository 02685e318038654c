package io.deployguard.simulation.demo;

import io.deployguard.classification.Diagnosis;
import io.deployguard.incident.Approval;
import io.deployguard.incident.Incident;
import io.deployguard.incident.Progress;
import io.deployguard.notification.GuardCli;
import io.deployguard.pipeline.Approvals;
import io.deployguard.pipeline.Nudge;
import io.deployguard.postgres.PostgresDatabase;
import io.deployguard.simulation.account.wire.Call;
import io.deployguard.simulation.demo.Scenario.Expectation;
import io.deployguard.simulation.lab.LambdaFunction;
import io.deployguard.simulation.lab.SlackMessage;
import io.deployguard.simulation.lab.SlackPage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** Plays one scenario from the first deployment to the end of the incident, and says whether the guard reacted as it demands. */
public final class Demo {

    private static final long LOOK_EVERY_MILLIS = 100;

    private final Path template;
    private final Function<String, LambdaFunction> functions;
    private final Consumer<String> progress;
    private final Consumer<Timeline.Entry> timeline;

    /**
     * A demo of the functions in a build.
     *
     * @param progress hears what is being started
     * @param timeline hears the story as it happens
     */
    public Demo(
            Path template,
            Function<String, LambdaFunction> functions,
            Consumer<String> progress,
            Consumer<Timeline.Entry> timeline) {
        this.template = template;
        this.functions = functions;
        this.progress = progress;
        this.timeline = timeline;
    }

    /**
     * What came of it.
     *
     * @param problems what was not as demanded, one sentence each; empty when all was
     */
    public record Result(
            String scenario,
            String cause,
            Optional<String> key,
            String action,
            String outcome,
            int messages,
            List<String> problems,
            Path page) {

        public boolean isAsExpected() {
            return problems.isEmpty();
        }
    }

    /**
     * Plays the scenario.
     *
     * @param page where the Slack messages are written to, as people would see them at each stage
     */
    public Result play(Scenario scenario, Path page) throws IOException, InterruptedException {
        try (var stage = Stage.set(scenario, template, functions, progress, timeline);
                var database = new PostgresDatabase(stage.database())) {
            var end = System.nanoTime() + scenario.patience().toNanos();
            scenario.prepare(stage.account());
            progress.accept("waiting for the first release to become healthy");
            await(end, () -> scenario.isReady(stage.account()));
            stage.timeline().add("operator", "deploys the next release", scenario.title());
            var before = stage.endpoint().changes().size();
            scenario.release(stage.account());
            var messages = new MessageWatch(stage);
            var people = new Approvals(database, Nudge.NONE, stage.account().clock());
            await(end, () -> {
                messages.look();
                if (messages.isAnyShown()) {
                    incident(database).ifPresent(incident -> answer(scenario, incident, people, stage));
                }
                return scenario.services() > 1
                        ? isToldTogether(scenario, messages)
                        : incident(database)
                                .filter(Demo::isOver)
                                .filter(incident -> isShown(database))
                                .isPresent();
            });
            // Time for a second message or a second write, which must not come.
            Thread.sleep(Duration.ofSeconds(2));
            messages.look();
            SlackPage.write(page, Stage.CHANNEL, stage.slack().messages());
            var writes = stage.endpoint().changes().stream()
                    .skip(before)
                    .filter(Demo::isEcs)
                    .toList();
            return result(
                    scenario,
                    incident(database),
                    writes,
                    stage.slack().messages(),
                    stage.endpoint().refusals(),
                    page);
        }
    }

    /** As at the command line: nobody but the next run of the watch wakes the actor. */
    private static void answer(Scenario scenario, Incident incident, Approvals people, Stage stage) {
        if (scenario.answer().isEmpty()
                || incident.approval().filter(Approval::isOpen).isEmpty()) {
            return;
        }
        var answer = scenario.answer().get();
        var by = new Approval.Person("anna", Optional.empty(), "command line");
        var reason = Optional.of(answer.reason());
        stage.timeline()
                .add(
                        "person",
                        answer.agrees() ? "agrees" : "refuses",
                        answer.agrees() ? GuardCli.approve(incident.id()) : GuardCli.refuse(incident.id()));
        if (answer.agrees()) {
            people.agree(incident.id(), by, reason);
        } else {
            people.refuse(incident.id(), by, reason);
        }
    }

    private static void await(long end, java.util.function.BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean() && System.nanoTime() < end) {
            Thread.sleep(LOOK_EVERY_MILLIS);
        }
    }

    private static Optional<Incident> incident(PostgresDatabase database) {
        return database.transact("read incidents", stores -> stores.incidents().newest(5)).stream()
                .filter(Incident::isTold)
                .findFirst();
    }

    private static boolean isShown(PostgresDatabase database) {
        return database.transact("read outbox", stores -> stores.outbox().pending(1))
                .isEmpty();
    }

    private static boolean isOver(Incident incident) {
        return switch (incident.progress()) {
            case Progress.Closed _ -> true;
            case Progress.Advised _ ->
                incident.approval().filter(Approval::isOpen).isEmpty();
            case Progress.Suspected _,
                    Progress.Dismissed _,
                    Progress.Investigating _,
                    Progress.Planned _,
                    Progress.Verifying _ -> false;
        };
    }

    private static boolean isToldTogether(Scenario scenario, MessageWatch messages) {
        return messages.newest().contains(scenario.services() + " services fail together");
    }

    private static boolean isEcs(Call call) {
        return call.service().equals("ecs");
    }

    private static Result result(
            Scenario scenario,
            Optional<Incident> incident,
            List<Call> writes,
            List<SlackMessage> messages,
            List<String> refusals,
            Path page) {
        var cause = incident.flatMap(Incident::diagnosis)
                .map(diagnosis -> diagnosis instanceof Diagnosis.Identified found
                        ? found.cause().value()
                        : "unknown")
                .orElse("none");
        var key = incident.flatMap(Incident::diagnosis)
                .flatMap(diagnosis -> diagnosis instanceof Diagnosis.Identified found ? found.key() : Optional.empty());
        var action = writes.isEmpty() ? "none" : "roll-back";
        var outcome = scenario.services() > 1
                ? together(scenario, messages)
                : incident.map(Demo::outcome).orElse("none");
        var problems = new ArrayList<String>();
        var expected = scenario.expected();
        demand(problems, "cause", expected.cause(), cause);
        expected.key().ifPresent(wanted -> demand(problems, "key", wanted, key.orElse("none")));
        demand(problems, "action", expected.action(), action);
        demand(problems, "outcome", expected.outcome(), outcome);
        demand(problems, "Slack messages", "1", String.valueOf(messages.size()));
        demand(problems, "writes", expected.action().equals("none") ? "0" : "1", String.valueOf(writes.size()));
        if (!firstMessageHas(expected, messages)) {
            problems.add("the first message does not show the line: " + expected.decisiveLine());
        }
        refusals.forEach(
                refusal -> problems.add("the simulated account was asked for what it does not know: " + refusal));
        return new Result(scenario.name(), cause, key, action, outcome, messages.size(), problems, page);
    }

    private static String together(Scenario scenario, List<SlackMessage> messages) {
        return messages.stream()
                        .map(message -> message.revisions().getLast().text())
                        .anyMatch(text -> text.contains(scenario.services() + " services fail together"))
                ? "storm"
                : "not told together";
    }

    private static void demand(List<String> problems, String what, String expected, String actual) {
        if (!expected.equals(actual)) {
            problems.add("%s: expected %s, got %s".formatted(what, expected, actual));
        }
    }

    private static boolean firstMessageHas(Expectation expected, List<SlackMessage> messages) {
        return messages.stream()
                .findFirst()
                .map(message -> message.revisions().getFirst())
                .filter(first -> texts(first.blocks()).contains(expected.decisiveLine()))
                .isPresent();
    }

    /** All texts of a message's blocks, one after the other. */
    private static String texts(com.fasterxml.jackson.databind.JsonNode blocks) {
        return String.join("\n", blocks.findValuesAsText("text"));
    }

    private static String outcome(Incident incident) {
        return switch (incident.progress()) {
            case Progress.Closed closed ->
                switch (closed.outcome()) {
                    case HEALED -> "healed";
                    case NOT_HEALED -> "not-healed";
                    case RECOVERED -> "recovered";
                    case SUPERSEDED -> "superseded";
                };
            case Progress.Advised _ ->
                incident.approval().filter(Approval.Expired.class::isInstance).isPresent() ? "expired" : "advised";
            case Progress.Suspected _,
                    Progress.Dismissed _,
                    Progress.Investigating _,
                    Progress.Planned _,
                    Progress.Verifying _ ->
                "unfinished: " + incident.progress().getClass().getSimpleName();
        };
    }

    /** Tells of messages as they appear and change. */
    private static final class MessageWatch {
        private final Stage stage;
        private int revisions;

        MessageWatch(Stage stage) {
            this.stage = stage;
        }

        boolean isAnyShown() {
            return revisions > 0;
        }

        /** The newest text of the newest message. */
        String newest() {
            var shown = stage.slack().messages();
            return shown.isEmpty() ? "" : shown.getLast().revisions().getLast().text();
        }

        void look() {
            var seen = 0;
            for (var message : stage.slack().messages()) {
                for (var revision : message.revisions()) {
                    seen++;
                    if (seen > revisions) {
                        stage.timeline()
                                .add(
                                        "Slack",
                                        revision.equals(message.revisions().getFirst()) ? "message" : "message edited",
                                        revision.text());
                    }
                }
            }
            revisions = Math.max(revisions, seen);
        }
    }
}
