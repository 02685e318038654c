package io.deployguard.action;

import io.deployguard.action.ActionPlan.Preparation;
import io.deployguard.action.ActionPlan.Refused;
import io.deployguard.action.ActionPlan.Steps;
import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.ServiceSnapshot;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Returns to the last healthy revision although its task definition was deregistered: registers a copy of it and deploys the copy. An ACTIVE
 * revision of the family with the same content, whoever registered it, is as good as a copy, so that nothing is ever registered twice.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deregister-task-definition-v2.html">Deregistering</a>
 */
public final class ReRegisterThenRollBack implements OptIn {

    /** As the settings name it. */
    public static final String ID = "re-register-then-roll-back";

    private static final RollBack ROLL_BACK = new RollBack();

    @Override
    public String id() {
        return ID;
    }

    /** It is a rollback, which the mode of the service allows or not. */
    @Override
    public boolean isWantedBy(Map<String, String> tags) {
        return true;
    }

    @Override
    public String inWords(ServiceSnapshot snapshot, ActionPlan plan) {
        return switch (plan) {
            case Preparation(Command.RegisterCopy(var _, var original)) ->
                "register %s once more and roll back to the copy".formatted(name(original));
            case Steps steps -> "roll " + steps.goal();
            case Preparation _, ActionPlan.Stage _, ActionPlan.Waits _, Refused _, ActionPlan.Overtaken _ ->
                "register the last healthy task definition once more and roll back to the copy";
        };
    }

    @Override
    public Optional<Lookup> lookup(
            ServiceSnapshot snapshot,
            DeploymentId failing,
            Set<DeploymentId> condemned,
            List<CommandJournal.Entry> entries) {
        return redeployed(ROLL_BACK.plan(snapshot, failing, condemned)).map(Lookup.ActiveTwin::new);
    }

    @Override
    public ActionPlan plan(ServiceSnapshot snapshot, DeploymentId failing, Set<DeploymentId> condemned) {
        return next(snapshot, failing, condemned, Course.NONE);
    }

    @Override
    public ActionPlan next(ServiceSnapshot snapshot, DeploymentId failing, Set<DeploymentId> condemned, Course course) {
        var plain = ROLL_BACK.plan(snapshot, failing, condemned);
        return redeployed(plain)
                .map(original -> course.twin()
                        .map(twin -> deploy(twin, original, snapshot))
                        .orElseGet(() -> register(original, snapshot, course)))
                .orElse(plain);
    }

    /** What a plain rollback would start new tasks with; absent when it stops a deployment or is refused. */
    private static Optional<String> redeployed(ActionPlan plain) {
        return plain instanceof Steps steps && steps.commands().getLast() instanceof Command.UpdateService update
                ? Optional.of(update.taskDefinitionArn())
                : Optional.empty();
    }

    private static ActionPlan register(String original, ServiceSnapshot snapshot, Course course) {
        var registered = course.find(Command.RegisterCopy.class)
                .filter(entry -> entry.outcome().isPresent())
                .isPresent();
        return registered
                ? new Refused("ECS does not list the copy of " + name(original) + " that was registered")
                : new Preparation(new Command.RegisterCopy(snapshot.service().ref(), original));
    }

    private static ActionPlan deploy(String twin, String original, ServiceSnapshot snapshot) {
        return new Steps(
                List.of(new Command.UpdateService(snapshot.service().ref(), twin)),
                "back to %s, which is %s once more".formatted(name(twin), name(original)),
                twin);
    }

    private static String name(String arn) {
        return arn.substring(arn.lastIndexOf('/') + 1);
    }
}
