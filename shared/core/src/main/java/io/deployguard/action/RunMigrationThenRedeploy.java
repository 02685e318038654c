package io.deployguard.action;

import io.deployguard.action.ActionPlan.Refused;
import io.deployguard.action.ActionPlan.Stage;
import io.deployguard.action.ActionPlan.Steps;
import io.deployguard.action.ActionPlan.Waits;
import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.ServiceDescription;
import io.deployguard.ecs.ServiceSnapshot;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Runs the service's migration task once, waits for its end, and deploys the failing revision once more when every essential container of the task
 * exited with 0. The task runs where the service runs: same cluster, subnets, security groups, launch type and platform version.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html">RunTask</a>
 */
public final class RunMigrationThenRedeploy implements OptIn {

    /** ECS may not list at once what it has started. */
    private static final Duration APPEARS_WITHIN = Duration.ofMinutes(2);

    /** The check of the rollback that is no concern here: nothing goes back to the tasks of the earlier revision. */
    private static final String OF_ROLLBACK_ONLY = "earlier-tasks";

    /** After the migration tasks may become healthy that ECS goes on starting; the deployment that follows is what is verified. */
    private static final String BEFORE_ONLY = "healthy-now";

    @Override
    public String id() {
        return "run-migration-then-redeploy";
    }

    @Override
    public boolean isWantedBy(Map<String, String> tags) {
        return Migration.isNamed(tags);
    }

    @Override
    public String inWords(ServiceSnapshot snapshot, ActionPlan plan) {
        var task = Migration.find(snapshot.service()).map(Migration::taskDefinition);
        return "run migration task %s, then deploy %s once more"
                .formatted(task.orElse("that cannot be read"), name(runningDefinition(snapshot)));
    }

    @Override
    public Optional<Lookup> lookup(
            ServiceSnapshot snapshot,
            DeploymentId failing,
            Set<DeploymentId> condemned,
            List<CommandJournal.Entry> entries) {
        return new Course(entries, new MigrationRun.NotListed())
                .find(Command.RunTask.class)
                .map(entry -> ((Command.RunTask) entry.command()).taskDefinition())
                .or(() -> Migration.find(snapshot.service()).map(Migration::taskDefinition))
                .map(Migration::familyOf)
                .map(Lookup.OneOffTasks::new);
    }

    @Override
    public ActionPlan plan(ServiceSnapshot snapshot, DeploymentId failing, Set<DeploymentId> condemned) {
        return next(snapshot, failing, condemned, Course.NONE);
    }

    @Override
    public ActionPlan next(ServiceSnapshot snapshot, DeploymentId failing, Set<DeploymentId> condemned, Course course) {
        var begun = course.find(Command.RunTask.class);
        var but = begun.isEmpty() ? Set.of(OF_ROLLBACK_ONLY) : Set.of(OF_ROLLBACK_ONLY, BEFORE_ONLY);
        return RollBack.objection(snapshot, failing, but)
                .orElseGet(() -> begun.map(entry -> goOn(entry, snapshot, course.migration()))
                        .orElseGet(() -> begin(snapshot, failing, course.migration())));
    }

    private static ActionPlan begin(ServiceSnapshot snapshot, DeploymentId failing, MigrationRun seen) {
        var migration = Migration.find(snapshot.service());
        if (migration.isEmpty()) {
            return new Refused("tag %s: expected a family or family:revision".formatted(Migration.TASK_TAG));
        }
        return switch (seen) {
            case MigrationRun.NotListed _ ->
                Stage.of(new Command.RunTask(
                        snapshot.service().ref(),
                        migration.get().taskDefinition(),
                        migration.get().command(),
                        Migration.groupFor(failing)));
            case MigrationRun.OfSomebodyElse(var task) ->
                new Refused("task %s of %s runs already, and the guard did not start it"
                        .formatted(task.id(), migration.get().taskDefinition()));
            case MigrationRun.Running _, MigrationRun.Succeeded _, MigrationRun.Failed _ ->
                new Refused("the migration task was run for this revision before");
        };
    }

    private static ActionPlan goOn(CommandJournal.Entry begun, ServiceSnapshot snapshot, MigrationRun seen) {
        return switch (seen) {
            case MigrationRun.Running(var task) -> new Waits("migration task " + task.id() + " has not ended yet");
            case MigrationRun.Failed(var task, var because) ->
                new Waits("migration task %s failed, %s; its log is to be read".formatted(task.id(), because));
            case MigrationRun.Succeeded(var task) -> redeploy(snapshot, task.id());
            case MigrationRun.NotListed _, MigrationRun.OfSomebodyElse _ -> {
                if (begun.outcome().isEmpty()) {
                    // Sent again as it was: ECS knows it by its token.
                    yield Stage.of((Command.RunTask) begun.command());
                }
                yield begun.begunAt().plus(APPEARS_WITHIN).isAfter(snapshot.observedAt())
                        ? new Waits("ECS does not list the migration task yet")
                        : new Refused("ECS does not list the migration task, so nobody can say how it ended");
            }
        };
    }

    private static ActionPlan redeploy(ServiceSnapshot snapshot, String task) {
        var definition = runningDefinition(snapshot);
        return new Steps(
                List.of(new Command.ForceNewDeployment(snapshot.service().ref(), definition)),
                "%s once more, after migration task %s".formatted(name(definition), task),
                definition);
    }

    private static String runningDefinition(ServiceSnapshot snapshot) {
        return snapshot.service()
                .primary()
                .map(ServiceDescription.Rollout::taskDefinitionArn)
                .orElseGet(() -> snapshot.service().taskDefinitionArn());
    }

    private static String name(String arn) {
        return arn.substring(arn.lastIndexOf('/') + 1);
    }
}
