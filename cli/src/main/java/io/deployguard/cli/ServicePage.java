package io.deployguard.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deployguard.classification.CauseId;
import io.deployguard.classification.Diagnosis;
import io.deployguard.decision.Decision;
import io.deployguard.decision.RollbackOutlook;
import io.deployguard.detection.StopJudgement;
import io.deployguard.ecs.Container;
import io.deployguard.ecs.ServiceDescription.Rollout;
import io.deployguard.ecs.TargetHealth;
import io.deployguard.ecs.Task;
import io.deployguard.evidence.Cleaning;
import io.deployguard.evidence.Evidence;
import io.deployguard.evidence.LineCleaner;
import io.deployguard.notification.Cut;
import io.deployguard.pipeline.Checkup;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** What a look at a live service found, in the order in which a person would have looked. Nothing in it holds a secret. */
final class ServicePage {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);
    private static final int WIDTH = 200;
    private static final double WORTH_A_WORD = 0.05;
    private static final int MESSAGES = 8;
    private static final int STOPS = 5;
    private static final int LAST_LINES = 12;

    private final Checkup.Report report;
    private final Diagnosis diagnosis;
    private final UnaryOperator<String> clean;

    ServicePage(Checkup.Report report) {
        this.report = report;
        this.diagnosis = report.findings().diagnosis();
        this.clean = Cleaning.ofText(report.findings().evidence());
    }

    List<String> lines() {
        var service = report.snapshot().service();
        var page = new ArrayList<String>();
        page.add("%s in %s, account %s, looked at %s UTC"
                .formatted(
                        service.ref(),
                        service.ref().region(),
                        service.ref().account(),
                        TIME.format(report.snapshot().observedAt())));
        page.add("");
        page.add("%s: %s".formatted(inWords(report.state()), clean.apply(report.because())));
        if (tells()) {
            page.addAll(cause());
        }
        section(page, "Deployments", service.rollouts().stream().map(this::rollout));
        section(page, "Changed since the last healthy revision", report.findings().situation().changes().stream());
        section(page, "Service events, newest first", messages().limit(MESSAGES));
        section(page, "Stopped tasks, newest first", stops().limit(STOPS).map(this::stop));
        section(page, "Targets", report.snapshot().targets().stream().map(this::target));
        if (diagnosis.isOpen() && report.state() != Checkup.State.WELL) {
            section(page, "Last lines of the log", lastLines());
        }
        section(page, "Not seen", report.findings().situation().gaps().stream().map(clean));
        return page.stream().map(ServicePage::cut).toList();
    }

    ObjectNode json() {
        var service = report.snapshot().service();
        var json = DiagnosisJson.JSON
                .createObjectNode()
                .put("service", service.ref().arn())
                .put(
                        "state",
                        report.state().name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'))
                .put("because", clean.apply(report.because()))
                .put("deployment", report.subject().value());
        json.setAll(DiagnosisJson.of(diagnosis));
        var decision = report.findings().decision();
        outlook()
                .ifPresent(outlook ->
                        json.put("rollbackHelps", outlook.helps().answer()).put("rollbackBecause", outlook.because()));
        json.put("decision", clean.apply(decision.because()));
        report.findings()
                .situation()
                .healthyTaskDefinitionArn()
                .ifPresent(target -> json.put("lastHealthyTaskDefinition", target));
        json.putObject("serving")
                .put("earlierRevisions", report.findings().situation().servingOld())
                .put("thisRevision", report.findings().situation().servingNew())
                .put("desired", service.desired());
        var deployments = json.putArray("deployments");
        service.rollouts().forEach(rollout -> deployments.add(rollout(rollout)));
        var changes = json.putArray("changes");
        report.findings().situation().changes().forEach(changes::add);
        var events = json.putArray("serviceEvents");
        messages().forEach(events::add);
        var stopped = json.putArray("stoppedTasks");
        stops().map(this::stop).forEach(stopped::add);
        var targets = json.putArray("targets");
        report.snapshot().targets().stream().map(this::target).forEach(targets::add);
        var gaps = json.putArray("notSeen");
        report.findings().situation().gaps().stream().map(clean).forEach(gaps::add);
        return DiagnosisJson.harmless(json);
    }

    /** Whether the diagnosis has something to say: of a service that is well only what the guard is sure to see. */
    private boolean tells() {
        return report.state() != Checkup.State.WELL
                || (diagnosis instanceof Diagnosis.Identified found
                        && !found.cause().equals(CauseId.NOT_A_FAILURE));
    }

    private List<String> cause() {
        var page = new ArrayList<String>();
        page.add("");
        page.add(CauseLine.of(diagnosis));
        if (diagnosis instanceof Diagnosis.Identified found) {
            page.add("  " + found.explanation());
        }
        diagnosis.proof().forEach(proof -> page.add("  | " + proof.source() + ": " + proof.text()));
        diagnosis.alternatives().stream()
                .filter(other -> other.confidence() >= WORTH_A_WORD)
                .forEach(other -> page.add(
                        "  also possible: %s (%d %%)".formatted(other.cause(), Math.round(other.confidence() * 100))));
        outlook()
                .ifPresent(outlook -> page.add("Would a rollback help? %s: %s"
                        .formatted(
                                switch (outlook.helps()) {
                                    case HELPS -> "Yes";
                                    case DOES_NOT_HELP -> "No";
                                    case DEPENDS -> "It depends";
                                },
                                outlook.because())));
        page.add("The guard: " + clean.apply(report.findings().decision().because()));
        section(page, "What to do", DiagnosisJson.advice(diagnosis).stream());
        return page;
    }

    private Optional<RollbackOutlook> outlook() {
        return switch (report.findings().decision()) {
            case Decision.Act act -> Optional.of(act.outlook());
            case Decision.Ask ask -> Optional.of(ask.outlook());
            case Decision.Advise advise -> Optional.of(advise.outlook());
            case Decision.Wait _, Decision.StandDown _ -> Optional.empty();
        };
    }

    private static String inWords(Checkup.State state) {
        return switch (state) {
            case WELL -> "Well";
            case DEPLOYING -> "Deploying";
            case FAILING -> "FAILING";
            case ROLLED_BACK -> "ROLLED BACK";
        };
    }

    private String rollout(Rollout rollout) {
        return "%s %s %s: %d of %d running, %d pending, %d failed%s%s"
                .formatted(
                        rollout.status(),
                        rollout.id(),
                        name(rollout.taskDefinitionArn()),
                        rollout.running(),
                        rollout.desired(),
                        rollout.pending(),
                        rollout.failedTasks(),
                        rollout.state().map(state -> ", " + state).orElse(""),
                        rollout.stateReason()
                                .map(reason -> " (" + clean.apply(reason) + ")")
                                .orElse(""));
    }

    private Stream<String> messages() {
        return report.snapshot().service().messages().stream()
                .map(message -> TIME.format(message.at()) + "  " + clean.apply(message.text()));
    }

    private Stream<Task> stops() {
        return report.snapshot().tasks().stream()
                .filter(task -> task.stop().isPresent())
                .sorted(Comparator.comparing(
                                (Task task) -> StopJudgement.stoppedAt(task).orElse(Instant.MIN))
                        .reversed());
    }

    private String stop(Task task) {
        var stop = task.stop().orElseThrow();
        var containers = new ArrayList<String>();
        for (var container : task.containers()) {
            var exit = container.exitCode().map(code -> " exit " + code).orElse("");
            var reason = container
                    .reason()
                    .map(text -> " (" + clean.apply(text) + ")")
                    .orElse("");
            if (!exit.isEmpty() || !reason.isEmpty() || container.health() == Container.Health.UNHEALTHY) {
                containers.add(container.name()
                        + exit
                        + reason
                        + (container.health() == Container.Health.UNHEALTHY ? ", unhealthy" : ""));
            }
        }
        return "%s  %s of %s: %s%s%s"
                .formatted(
                        StopJudgement.stoppedAt(task).map(TIME::format).orElse("stopping"),
                        task.id(),
                        name(task.taskDefinitionArn()),
                        clean.apply(stop.reason()),
                        StopJudgement.isUnexpected(task) ? "" : " [expected]",
                        containers.isEmpty() ? "" : "; " + String.join("; ", containers));
    }

    private String target(TargetHealth target) {
        return "%s%s %s%s%s"
                .formatted(
                        target.targetId().orElse("?"),
                        target.port().map(port -> ":" + port).orElse(""),
                        target.state(),
                        target.reason().map(reason -> ", " + reason).orElse(""),
                        target.description()
                                .map(text -> ": " + clean.apply(text))
                                .orElse(""));
    }

    private Stream<String> lastLines() {
        var lines = Cleaning.of(report.findings().evidence()).only(Evidence.LogLine.class);
        return lines.stream()
                .skip(Math.max(0, lines.size() - LAST_LINES))
                .map(line -> line.container() + " | " + line.text());
    }

    private static void section(List<String> page, String title, Stream<String> entries) {
        var lines = entries.toList();
        if (!lines.isEmpty()) {
            page.add("");
            page.add(title);
            lines.forEach(line -> page.add("  " + line));
        }
    }

    private static String cut(String line) {
        return Cut.to(WIDTH, LineCleaner.clean(line));
    }

    private static String name(String arn) {
        return arn.substring(arn.lastIndexOf('/') + 1);
    }
}
