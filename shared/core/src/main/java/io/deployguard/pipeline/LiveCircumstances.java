package io.deployguard.pipeline;

import io.deployguard.action.Action;
import io.deployguard.action.ActionPlan;
import io.deployguard.action.Actions;
import io.deployguard.action.Command;
import io.deployguard.action.OptIn;
import io.deployguard.action.RollbackTarget;
import io.deployguard.classification.Diagnosis;
import io.deployguard.classification.Remedy;
import io.deployguard.decision.BreakerRule;
import io.deployguard.decision.Circumstances;
import io.deployguard.decision.DecisionPolicy;
import io.deployguard.decision.OtherRemedy;
import io.deployguard.decision.SchemaMovement;
import io.deployguard.ecs.ServiceDescription;
import io.deployguard.ecs.TaskDefinition;
import io.deployguard.evidence.Cleaning;
import io.deployguard.evidence.Evidence;
import io.deployguard.evidence.EvidenceBundle;
import io.deployguard.evidence.EvidencePlan;
import io.deployguard.evidence.EvidenceRequest;
import java.time.Duration;
import java.util.Optional;

/**
 * What a decision about a failing revision has to read from its service.
 *
 * @param target what a rollback would return to
 * @param before the target's task definition, absent when it could not be read
 * @param plan what was asked for
 */
record LiveCircumstances(
        FailingRevision failing,
        Optional<RollbackTarget> target,
        Optional<TaskDefinition> before,
        Targets targets,
        EvidencePlan plan,
        Investigation.Memory memory,
        GuardSettings settings) {

    /** Logs of a container that has ended are there by then, if it wrote any. */
    private static final Duration LOGS_ARRIVE_WITHIN = Duration.ofMinutes(1);

    Circumstances of(Diagnosis diagnosis, EvidenceBundle evidence) {
        var snapshot = failing.snapshot();
        var tags = snapshot.service().tags();
        var rollback = rollbackUnderWay();
        return new Circumstances(
                settings.modes().choose(tags, DecisionPolicy.namesOf(diagnosis)),
                rollback.isPresent() ? Optional.empty() : supersededBy(),
                rollback,
                snapshot.service().controller(),
                target.map(RollbackTarget::taskDefinitionArn),
                Actions.find(DecisionPolicy.ROLL_BACK.action()).flatMap(this::obstacle),
                otherRemedy(diagnosis),
                SchemaMovement.find(Cleaning.of(evidence), tags),
                failing.earlierTasks().size(),
                failing.healthyEarlierTasks(),
                breaker(evidence),
                memory.brake(),
                snapshot.observedAt().plus(settings.askFor()));
    }

    /**
     * Where others fail in the same minutes, what nobody can name may well lie outside of the revision; and a log that is still on its way may name it,
     * or tell that the schema has moved.
     */
    private Optional<String> breaker(EvidenceBundle evidence) {
        return memory.failingToo().isEmpty() && !awaitsLog(evidence)
                ? BreakerRule.find(
                        failing.snapshot(), failing.id(), failing.tasks(), failing.startedAt(), memory.flaky())
                : Optional.empty();
    }

    /** Whether not a line of the task that was asked for has arrived, so soon after its end that some may still come. */
    private boolean awaitsLog(EvidenceBundle evidence) {
        return evidence.only(Evidence.LogLine.class).isEmpty()
                && plan.requests().stream()
                        .filter(EvidenceRequest.ContainerLog.class::isInstance)
                        .flatMap(request -> ((EvidenceRequest.ContainerLog) request).stoppedAt().stream())
                        .anyMatch(at -> at.plus(LOGS_ARRIVE_WITHIN)
                                .isAfter(failing.snapshot().observedAt()));
    }

    /** What the actor would answer if it planned the action now. */
    private Optional<String> obstacle(Action action) {
        return switch (action.plan(failing.snapshot(), failing.id(), targets.excluded())) {
            case ActionPlan.Steps steps -> inactiveTarget(steps);
            case ActionPlan.Stage _, ActionPlan.Waits _ -> Optional.empty();
            case ActionPlan.Refused refused -> Optional.of(targets.explain(refused.because()));
            case ActionPlan.Overtaken overtaken -> Optional.of(overtaken.because());
        };
    }

    /**
     * A deployment that runs is stopped without it, but nothing new is started with a task definition that was deregistered.
     *
     * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deregister-task-definition-v2.html">Deregistering</a>
     */
    private Optional<String> inactiveTarget(ActionPlan.Steps steps) {
        return before.filter(TaskDefinition::inactive)
                .flatMap(TaskDefinition::arn)
                .filter(arn -> steps.commands().stream()
                        .anyMatch(command -> command instanceof Command.UpdateService update
                                && update.taskDefinitionArn().equals(arn)))
                .map(arn ->
                        "task definition %s is INACTIVE, and ECS deploys no such one; register it again under a new revision"
                                .formatted(arn.substring(arn.lastIndexOf('/') + 1)));
    }

    /** The first remedy of the cause that settings and tags both want. */
    private Optional<OtherRemedy> otherRemedy(Diagnosis diagnosis) {
        var snapshot = failing.snapshot();
        return diagnosis instanceof Diagnosis.Identified found
                ? found.remedies().stream()
                        .filter(Remedy.Automatic.class::isInstance)
                        .map(Remedy.Automatic.class::cast)
                        .filter(remedy -> settings.remedies().contains(remedy.action()))
                        .flatMap(remedy -> Actions.find(remedy.action()).stream()
                                .filter(OptIn.class::isInstance)
                                .map(OptIn.class::cast)
                                .filter(action ->
                                        action.isWantedBy(snapshot.service().tags()))
                                .map(action -> new OtherRemedy(remedy, action.inWords(snapshot), obstacle(action))))
                        .findFirst()
                : Optional.empty();
    }

    private Optional<String> supersededBy() {
        return failing.snapshot()
                .service()
                .primary()
                .filter(primary -> !primary.id().equals(failing.id()))
                .map(primary -> "deployment " + primary.id() + " took its place");
    }

    private Optional<String> rollbackUnderWay() {
        return failing.deployment()
                .filter(deployment -> deployment.status().isRollingBack()
                        || deployment.rollbackRevisionArn().isPresent())
                .map(deployment ->
                        deployment.rollbackReason().or(deployment::statusReason).orElse("by ECS"))
                .or(() -> failing.snapshot()
                        .service()
                        .findRollout(failing.id())
                        .filter(rollout -> !rollout.isPrimary())
                        .filter(ServiceDescription.Rollout::isFailed)
                        .map(_ -> "by ECS's circuit breaker"));
    }
}
