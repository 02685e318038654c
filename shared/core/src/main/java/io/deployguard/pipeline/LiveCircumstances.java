package io.deployguard.pipeline;

import io.deployguard.action.Action;
import io.deployguard.action.ActionPlan;
import io.deployguard.action.Actions;
import io.deployguard.action.Command;
import io.deployguard.action.OptIn;
import io.deployguard.action.ReRegisterThenRollBack;
import io.deployguard.action.RollbackTarget;
import io.deployguard.action.ScaleDown;
import io.deployguard.classification.Diagnosis;
import io.deployguard.classification.Remedy;
import io.deployguard.decision.BreakerRule;
import io.deployguard.decision.Circumstances;
import io.deployguard.decision.Decision;
import io.deployguard.decision.DecisionPolicy;
import io.deployguard.decision.OtherRemedy;
import io.deployguard.decision.SchemaMovement;
import io.deployguard.ecs.ServiceDescription;
import io.deployguard.ecs.SnapshotSource;
import io.deployguard.ecs.TaskDefinition;
import io.deployguard.evidence.Cleaning;
import io.deployguard.evidence.EvidenceBundle;
import io.deployguard.evidence.EvidencePlan;
import io.deployguard.fault.GuardFault;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a decision about a failing revision has to read from its service.
 *
 * @param target what a rollback would return to
 * @param before the target's task definition, absent when it could not be read
 * @param plan what was asked for
 * @param snapshots for what an action has to see beside the service
 */
record LiveCircumstances(
        FailingRevision failing,
        Optional<RollbackTarget> target,
        Optional<TaskDefinition> before,
        Targets targets,
        EvidencePlan plan,
        Investigation.Memory memory,
        GuardSettings settings,
        SnapshotSource snapshots) {

    /**
     * What is the case.
     *
     * @param intended commands of the remedies that may only do what is seen now
     * @param answer how going back begins where the deployment waits at a pause hook, which nobody could name otherwise
     */
    record Seen(Circumstances circumstances, Map<Remedy.Automatic, Command> intended, Optional<Command> answer) {

        /** The command of what was decided, or would have been; else the answer that goes back. */
        Optional<Command> intendedBy(Decision decision) {
            return asSeen(decision).or(() -> answer);
        }

        private Optional<Command> asSeen(Decision decision) {
            return switch (decision) {
                case Decision.Act act -> Optional.ofNullable(intended.get(act.remedy()));
                case Decision.Ask ask -> Optional.ofNullable(intended.get(ask.remedy()));
                case Decision.Advise advise -> advise.wouldDo().map(intended::get);
                case Decision.Wait _, Decision.StandDown _ -> Optional.empty();
            };
        }
    }

    Seen of(Diagnosis diagnosis, EvidenceBundle evidence) {
        var snapshot = failing.snapshot();
        var tags = snapshot.service().tags();
        var rollback = rollbackUnderWay();
        var wayBack = wayBack();
        var otherRemedy = otherRemedy(diagnosis);
        var circumstances = new Circumstances(
                settings.modes().choose(tags, DecisionPolicy.namesOf(diagnosis)),
                rollback.isPresent() ? Optional.empty() : supersededBy(),
                rollback,
                snapshot.service().controller(),
                target.map(RollbackTarget::taskDefinitionArn),
                rollBack().flatMap(this::obstacle),
                wayBack.map(Special::remedy),
                otherRemedy.map(Special::remedy),
                SchemaMovement.find(Cleaning.of(evidence), tags),
                failing.earlierTasks().size(),
                failing.healthyEarlierTasks(),
                breaker(evidence),
                memory.brake(),
                snapshot.observedAt().plus(settings.askFor()));
        return new Seen(
                circumstances,
                Stream.of(wayBack, otherRemedy)
                        .flatMap(Optional::stream)
                        .filter(special -> special.intended().isPresent())
                        .collect(Collectors.toMap(
                                special -> special.remedy().remedy(),
                                special -> special.intended().orElseThrow())),
                answer());
    }

    private Optional<Command> answer() {
        var service = failing.snapshot().service().ref();
        return failing.deployment()
                .flatMap(deployment -> deployment
                        .awaitedHook()
                        .map(hook -> new Command.ContinueServiceDeployment(service, deployment.arn(), hook.id())));
    }

    /** A remedy with the command that it may only send as it is now. */
    private record Special(OtherRemedy remedy, Optional<Command> intended) {}

    /**
     * Where others fail in the same minutes, what nobody can name may well lie outside of the revision; and a log that is still on its way may name it,
     * or tell that the schema has moved.
     */
    private Optional<String> breaker(EvidenceBundle evidence) {
        return memory.failingToo().isEmpty()
                        && !FirstLine.isAwaited(
                                plan, evidence, failing.snapshot().observedAt())
                ? BreakerRule.find(
                        failing.snapshot(), failing.id(), failing.tasks(), failing.startedAt(), memory.flaky())
                : Optional.empty();
    }

    private static Optional<Action> rollBack() {
        return Actions.find(DecisionPolicy.ROLL_BACK.action());
    }

    /** How to go back where ECS would refuse the plain way, and the settings allow more. */
    private Optional<Special> wayBack() {
        return settings.remedies().contains(ReRegisterThenRollBack.ID)
                        && rollBack()
                                .map(this::plan)
                                .flatMap(this::inactiveTarget)
                                .isPresent()
                ? optIn(new Remedy.Automatic(ReRegisterThenRollBack.ID))
                : Optional.empty();
    }

    /** What the actor would answer if it planned the action now. */
    private ActionPlan plan(Action action) {
        var snapshot = failing.snapshot();
        try {
            var course = Courses.look(snapshots, action, snapshot, failing.id(), targets.excluded(), List.of());
            return action.next(snapshot, failing.id(), targets.excluded(), course);
        } catch (GuardFault fault) {
            if (fault.isTransient()) {
                throw fault;
            }
            return new ActionPlan.Refused(String.valueOf(fault.getMessage()));
        }
    }

    private Optional<String> obstacle(Action action) {
        return obstacle(plan(action));
    }

    private Optional<String> obstacle(ActionPlan plan) {
        return switch (plan) {
            case ActionPlan.Steps _ -> inactiveTarget(plan);
            case ActionPlan.Preparation _, ActionPlan.Stage _, ActionPlan.Waits _ -> Optional.empty();
            case ActionPlan.Refused refused -> Optional.of(targets.explain(refused.because()));
            case ActionPlan.Overtaken overtaken -> Optional.of(overtaken.because());
        };
    }

    /**
     * A deployment that runs is stopped without it, but nothing new is started with a task definition that was deregistered.
     *
     * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deregister-task-definition-v2.html">Deregistering</a>
     */
    private Optional<String> inactiveTarget(ActionPlan plan) {
        return before.filter(TaskDefinition::inactive)
                .flatMap(TaskDefinition::arn)
                .filter(arn -> plan instanceof ActionPlan.Steps steps
                        && steps.commands().stream()
                                .anyMatch(command -> command instanceof Command.UpdateService update
                                        && update.taskDefinitionArn().equals(arn)))
                .map(arn ->
                        "task definition %s is INACTIVE, and ECS deploys no such one; register it again under a new revision"
                                .formatted(arn.substring(arn.lastIndexOf('/') + 1)));
    }

    /** The first remedy of the cause that settings and tags both want, else an end of what nothing cures. */
    private Optional<Special> otherRemedy(Diagnosis diagnosis) {
        return remedyOf(diagnosis).or(() -> scaleDown(diagnosis));
    }

    /** Only where another try cures nothing: else the service would come back by itself, and must be left the chance to. */
    private Optional<Special> scaleDown(Diagnosis diagnosis) {
        return settings.remedies().contains(ScaleDown.ID)
                        && diagnosis instanceof Diagnosis.Identified found
                        && found.hopeless()
                ? optIn(new Remedy.Automatic(ScaleDown.ID))
                        .filter(special -> special.remedy().obstacle().isEmpty())
                : Optional.empty();
    }

    private Optional<Special> remedyOf(Diagnosis diagnosis) {
        return diagnosis instanceof Diagnosis.Identified found
                ? found.remedies().stream()
                        .filter(Remedy.Automatic.class::isInstance)
                        .map(Remedy.Automatic.class::cast)
                        .filter(remedy -> settings.remedies().contains(remedy.action()))
                        .flatMap(remedy -> optIn(remedy).stream())
                        .findFirst()
                : Optional.empty();
    }

    /** A remedy that has to be opted in to, where the service's tags want it. */
    private Optional<Special> optIn(Remedy.Automatic remedy) {
        var snapshot = failing.snapshot();
        return Actions.find(remedy.action())
                .filter(OptIn.class::isInstance)
                .map(OptIn.class::cast)
                .filter(action -> action.isWantedBy(snapshot.service().tags()))
                .map(action -> {
                    var plan = plan(action);
                    return new Special(
                            new OtherRemedy(remedy, action.inWords(snapshot, plan), obstacle(plan)),
                            action.isAsSeen() ? plan.nextCommand() : Optional.empty());
                });
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
