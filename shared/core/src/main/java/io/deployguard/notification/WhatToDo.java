package io.deployguard.notification;

import io.deployguard.classification.Diagnosis;
import io.deployguard.classification.Remedy;
import io.deployguard.classification.RollbackHelps;
import io.deployguard.decision.Decision;
import io.deployguard.ecs.CodeDeployRef;
import io.deployguard.incident.Approval;
import io.deployguard.incident.Incident;
import io.deployguard.incident.Situation;
import io.deployguard.notification.Notice.Tone;
import io.deployguard.notification.NoticeBlock.Advice;
import io.deployguard.notification.NoticeBlock.ShellCommand;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a person should do, as sentences and as commands. Somebody who need not act is only told how to take back what was done. */
final class WhatToDo {

    private static final int STEPS = 5;
    private static final int STEP = 300;
    private static final int COMMANDS = 3;

    private final Incident incident;
    private final Tone tone;
    private final Findings findings;

    WhatToDo(Incident incident, Tone tone, Findings findings) {
        this.incident = incident;
        this.tone = tone;
        this.findings = findings;
    }

    Optional<Advice> advice() {
        var steps = new ArrayList<Prose>();
        if (incident.diagnosis().filter(Diagnosis::isOpen).isPresent() && tone == Tone.OPEN) {
            steps.add(Prose.of("Read the lines above and the log around them; then compare what changed."));
        }
        if (isAsked()) {
            steps.add(Prose.of("Agree or refuse with a command below, where the database of the guard can be reached;"
                    + " the first answer counts."));
        }
        var canRollBack = mayRollBack()
                && incident.situation()
                        .filter(seen -> !rollBack(seen).isEmpty())
                        .isPresent();
        if (tone == Tone.OPEN && findings.rollbackHelps() == RollbackHelps.HELPS && canRollBack) {
            steps.add(Prose.of(Deed.rollBack(incident).imperative() + ", with the command below."));
        }
        remedies().stream()
                .map(remedy -> Prose.of(Words.sentence(Cut.toWord(STEP, remedy.text()))))
                .limit(STEPS - steps.size())
                .forEach(steps::add);
        var commands = commands();
        return steps.isEmpty() && commands.isEmpty()
                ? Optional.empty()
                : Optional.of(new Advice(title(), steps, commands));
    }

    private boolean isAsked() {
        return tone == Tone.OPEN && incident.approval().filter(Approval::isOpen).isPresent();
    }

    /** Nobody is asked about it, and nobody has refused it. */
    private boolean mayRollBack() {
        return !isAsked()
                && incident.approval()
                        .filter(Approval.Refused.class::isInstance)
                        .isEmpty();
    }

    private String title() {
        return switch (tone) {
            case OPEN, ESCALATED -> "What to do";
            case WORKING, RESOLVED, SUPERSEDED, REPORT -> "So that it does not happen again";
        };
    }

    private List<Remedy.Advice> remedies() {
        if (incident.decision().orElse(null) instanceof Decision.Advise advise
                && !advise.remedies().isEmpty()) {
            return advise.remedies();
        }
        return incident.diagnosis().orElse(null) instanceof Diagnosis.Identified identified
                ? identified.remedies().stream()
                        .filter(Remedy.Advice.class::isInstance)
                        .map(Remedy.Advice.class::cast)
                        .toList()
                : List.of();
    }

    private List<ShellCommand> commands() {
        var seen = incident.situation();
        if (seen.isEmpty()) {
            return List.of();
        }
        return switch (tone) {
            case OPEN -> {
                var commands = new ArrayList<ShellCommand>();
                if (isAsked()) {
                    commands.add(new ShellCommand("Agree", GuardCli.approve(incident.id())));
                    commands.add(new ShellCommand("Refuse", GuardCli.refuse(incident.id())));
                } else if (mayRollBack() && findings.rollbackHelps() != RollbackHelps.DOES_NOT_HELP) {
                    commands.addAll(intended(seen.get()));
                    commands.addAll(rollBack(seen.get()));
                } else {
                    commands.addAll(intended(seen.get()));
                    commands.add(whatRuns());
                }
                readLog(seen.get()).ifPresent(commands::add);
                yield commands.subList(0, Math.min(COMMANDS, commands.size()));
            }
            case ESCALATED -> {
                var commands = new ArrayList<>(undo(seen.get()));
                commands.add(whatRuns());
                seen.get()
                        .serviceDeploymentArn()
                        .map(arn -> new ShellCommand(
                                "See how the deployment ended",
                                CodeDeployRef.find(arn)
                                        .map(AwsCli::getCodeDeployDeployment)
                                        .orElseGet(() -> AwsCli.describeServiceDeployment(incident.service(), arn))))
                        .ifPresent(commands::add);
                readLog(seen.get()).ifPresent(commands::add);
                yield commands;
            }
            case WORKING, RESOLVED -> undo(seen.get());
            case SUPERSEDED, REPORT -> List.of();
        };
    }

    /** Of what the guard has done. */
    private List<ShellCommand> undo(Situation seen) {
        return incident.hasActed()
                ? seen.intended().flatMap(AwsCli::undo).stream()
                        .map(line -> new ShellCommand("Put back what the guard changed", line))
                        .toList()
                : List.of();
    }

    /** What the guard would do in another mode, for a person to do; what it has refused to do is nobody's to copy. */
    private List<ShellCommand> intended(Situation seen) {
        return incident.decision().orElse(null) instanceof Decision.Advise advise
                        && advise.wouldDo().isPresent()
                ? seen.intended().stream()
                        .filter(_ -> seen.answerToHook().isEmpty())
                        .map(command -> new ShellCommand("Do what the guard would do", AwsCli.of(command)))
                        .toList()
                : List.of();
    }

    /** Two ways, since ECS can only turn a deployment around that is still in progress. */
    private List<ShellCommand> rollBack(Situation seen) {

        var what = findings.rollbackHelps() == RollbackHelps.HELPS
                ? "Roll back"
                : "Roll back, if you judge that it helps,";
        var commands = new ArrayList<ShellCommand>();
        var codeDeploy = seen.serviceDeploymentArn().flatMap(CodeDeployRef::find);
        if (codeDeploy.isPresent()) {
            commands.add(new ShellCommand(
                    what + " until CodeDeploy has ended the deployment",
                    AwsCli.stopCodeDeployDeployment(
                            codeDeploy.get().region(), codeDeploy.get().id())));
            seen.releasedBefore()
                    .map(earlier ->
                            new ShellCommand("The same once it has ended", AwsCli.repeatCodeDeployDeployment(earlier)))
                    .ifPresent(commands::add);
            return commands;
        }
        var answer = seen.answerToHook();
        if (answer.isPresent()) {
            commands.add(new ShellCommand(what + " while the deployment waits at its hook", AwsCli.of(answer.get())));
            commands.add(new ShellCommand(
                    "The same once it goes on",
                    AwsCli.stopServiceDeployment(
                            incident.service(), answer.get().serviceDeploymentArn())));
            return commands;
        }
        seen.serviceDeploymentArn()
                .map(arn -> new ShellCommand(
                        what + " while the deployment is in progress",
                        AwsCli.stopServiceDeployment(incident.service(), arn)))
                .ifPresent(commands::add);
        seen.healthyTaskDefinitionArn()
                .map(arn -> new ShellCommand(
                        (commands.isEmpty() ? what + " to the last healthy revision" : "The same once it has finished"),
                        AwsCli.updateService(incident.service(), arn)))
                .ifPresent(commands::add);
        return commands;
    }

    private ShellCommand whatRuns() {
        return new ShellCommand("See what runs now", AwsCli.describeService(incident.service()));
    }

    private static Optional<ShellCommand> readLog(Situation seen) {
        return seen.logStream()
                .map(log -> new ShellCommand("Read the whole log of the failed task", AwsCli.tailLog(log)));
    }
}
