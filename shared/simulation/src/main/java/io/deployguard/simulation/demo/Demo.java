package io.deployguard.simulation.demo;

import io.deployguard.incident.Approval;
import io.deployguard.incident.Incident;
import io.deployguard.incident.Progress;
import io.deployguard.notification.GuardCli;
import io.deployguard.pipeline.Approvals;
import io.deployguard.pipeline.Nudge;
import io.deployguard.postgres.PostgresDatabase;
import io.deployguard.simulation.account.wire.Call;
import io.deployguard.simulation.lab.LambdaFunction;
import io.deployguard.simulation.lab.SlackPage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;

/** Plays one scenario from the first deployment to the end of the incident, and says whether the guard reacted as it demands. */
public final class Demo {

    private static final long LOOK_EVERY_MILLIS = 100;

    /** Where a service can be changed. */
    private static final Set<String> DEPLOYERS = Set.of("ecs", "elasticloadbalancing", "codedeploy");

    private final Path template;
    private final Function<String, LambdaFunction> functions;
    private final Consumer<String> progress;
    private final Consumer<Timeline.Entry> timeline;
    private final int patience;

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
        this(template, functions, progress, timeline, 1);
    }

    private Demo(
            Path template,
            Function<String, LambdaFunction> functions,
            Consumer<String> progress,
            Consumer<Timeline.Entry> timeline,
            int patience) {
        this.template = template;
        this.functions = functions;
        this.progress = progress;
        this.timeline = timeline;
        this.patience = patience;
    }

    /** The same, waiting so many times as long before it gives up: for machines that do much else meanwhile. */
    public Demo withPatience(int times) {
        return new Demo(template, functions, progress, timeline, times);
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
            var end = System.nanoTime()
                    + scenario.patience().multipliedBy(patience).toNanos();
            scenario.prepare(stage.account());
            progress.accept("waiting for the first release to become healthy");
            await(end, () -> scenario.isReady(stage.account()));
            stage.timeline().add("operator", "deploys the next release", scenario.title());
            var before = stage.endpoint().acceptedChanges().size();
            scenario.release(stage.account());
            var messages = new MessageWatch(stage);
            var people = new People(
                    scenario,
                    stage,
                    new Approvals(database, Nudge.NONE, stage.account().clock()));
            await(end, () -> {
                messages.look();
                if (messages.isAnyShown()) {
                    people.react(newest(database));
                }
                return hasEnded(scenario, database, messages);
            });
            // Time for a second message or a second write, which must not come.
            Thread.sleep(Duration.ofSeconds(2));
            messages.look();
            SlackPage.write(page, Stage.CHANNEL, stage.slack().messages());
            var writes = stage.endpoint().acceptedChanges().stream()
                    .skip(before)
                    .filter(Demo::isOfServices)
                    .toList();
            return new Outcome(scenario, database).result(writes, stage, page);
        }
    }

    private static void await(long end, BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean() && System.nanoTime() < end) {
            Thread.sleep(LOOK_EVERY_MILLIS);
        }
    }

    private static boolean hasEnded(Scenario scenario, PostgresDatabase database, MessageWatch messages) {
        return scenario.services() > 1
                ? Outcome.tellsOfAll(scenario, messages.newest())
                : newest(database)
                        .filter(incident -> isOver(incident, scenario.expected().outcome()))
                        .filter(_ -> isShown(database))
                        .isPresent();
    }

    /** The newest incident that people have heard of. */
    private static Optional<Incident> newest(PostgresDatabase database) {
        return database.transact("read incidents", stores -> stores.incidents().newest(5)).stream()
                .filter(Incident::isTold)
                .findFirst();
    }

    private static boolean isShown(PostgresDatabase database) {
        return database.transact("read outbox", stores -> stores.outbox().pending(1))
                .isEmpty();
    }

    /** What is advised may still change by itself: another task fails, somebody else acts. */
    private static boolean isOver(Incident incident, String awaited) {
        return switch (incident.progress()) {
            case Progress.Closed _ -> true;
            case Progress.Advised _ ->
                incident.approval().filter(Approval::isOpen).isEmpty()
                        && (awaited.equals(Outcome.ADVISED) || awaited.equals(Outcome.EXPIRED));
            case Progress.Suspected _,
                    Progress.Dismissed _,
                    Progress.Investigating _,
                    Progress.Planned _,
                    Progress.Verifying _ -> false;
        };
    }

    /** What the functions do among themselves is no change. */
    private static boolean isOfServices(Call call) {
        return DEPLOYERS.contains(call.service());
    }

    /** Does once what the scenario's person does when there is something to read. */
    private static final class People {
        private final Scenario scenario;
        private final Stage stage;
        private final Approvals approvals;
        private boolean told;

        People(Scenario scenario, Stage stage, Approvals approvals) {
            this.scenario = scenario;
            this.stage = stage;
            this.approvals = approvals;
        }

        void react(Optional<Incident> incident) {
            if (!told) {
                told = true;
                scenario.onceTold(stage.account());
            }
            incident.filter(asked -> asked.approval().filter(Approval::isOpen).isPresent())
                    .ifPresent(asked -> scenario.answer().ifPresent(answer -> answer(asked, answer)));
        }

        /** As at the command line: nobody but the next run of the watch wakes the actor. */
        private void answer(Incident incident, Scenario.Answer answer) {
            var by = new Approval.Person("anna", Optional.empty(), "command line");
            var reason = Optional.of(answer.reason());
            stage.timeline()
                    .add(
                            "person",
                            answer.agrees() ? "agrees" : "refuses",
                            answer.agrees() ? GuardCli.approve(incident.id()) : GuardCli.refuse(incident.id()));
            if (answer.agrees()) {
                approvals.agree(incident.id(), by, reason);
            } else {
                approvals.refuse(incident.id(), by, reason);
            }
        }
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
