package io.deployguard.pipeline;

import io.deployguard.action.ActionPlan;
import io.deployguard.action.Command;
import io.deployguard.action.Course;
import io.deployguard.action.RollbackTarget;
import io.deployguard.ecs.CodeDeployRef;
import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.ServiceDeployment;
import io.deployguard.ecs.ServiceDescription;
import io.deployguard.ecs.ServiceRevision;
import io.deployguard.ecs.ServiceSnapshot;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whether a command of which only the beginning is on record took effect: the actor died, or its answer got lost. */
final class Effects {

    private Effects() {}

    /** What shows that it did, in words. */
    static Optional<String> find(Command command, DeploymentId failing, ServiceSnapshot snapshot, Course course) {
        return switch (command) {
            case Command.StopServiceDeployment stop -> ofEnding(stop.serviceDeploymentArn(), failing, snapshot);
            case Command.ContinueServiceDeployment answer -> ofEnding(answer.serviceDeploymentArn(), failing, snapshot);
            case Command.StopCodeDeployDeployment stop ->
                ofEnding(arnOf(stop.deploymentId(), snapshot), failing, snapshot);
            case Command.UpdateService update ->
                otherPrimary(failing, snapshot)
                        .filter(primary -> primary.taskDefinitionArn().equals(update.taskDefinitionArn()))
                        .map(primary -> "deployment " + primary.id() + " runs the wanted task definition");
            case Command.ForceNewDeployment redeploy ->
                otherPrimary(failing, snapshot)
                        .filter(primary -> primary.taskDefinitionArn().equals(redeploy.taskDefinitionArn()))
                        .map(primary -> "deployment " + primary.id() + " runs the task definition once more");
            case Command.RunTask _ -> course.migration().own().map(task -> "task " + task.id() + " was started");
            case Command.Forward forward ->
                course.rules().stream()
                        .filter(rule -> rule.listenerArn().equals(forward.listenerArn())
                                && rule.ruleArn().equals(forward.ruleArn()))
                        .filter(rule -> rule.targetGroupArns().contains(forward.targetGroupArn()))
                        .findFirst()
                        .map(rule -> "the " + rule.name() + " forwards there");
            case Command.ScaleToZero _ ->
                snapshot.service().desired() == 0 ? Optional.of("the service is scaled to zero") : Optional.empty();
            case Command.RegisterCopy _ -> course.twin().map(twin -> "task definition " + name(twin) + " is the copy");
        };
    }

    /** What the service will run now that the command, the last of its action, has taken effect. */
    static ActionPlan.Steps goalOf(
            Command command, DeploymentId failing, Set<DeploymentId> condemned, ServiceSnapshot snapshot) {
        return switch (command) {
            case Command.StopServiceDeployment stop ->
                backTo(stop, targetOf(stop.serviceDeploymentArn(), failing, condemned, snapshot));
            case Command.ContinueServiceDeployment answer ->
                backTo(answer, targetOf(answer.serviceDeploymentArn(), failing, condemned, snapshot));
            case Command.StopCodeDeployDeployment stop ->
                backTo(stop, targetOf(arnOf(stop.deploymentId(), snapshot), failing, condemned, snapshot));
            case Command.UpdateService update -> backTo(update, update.taskDefinitionArn());
            case Command.ForceNewDeployment redeploy ->
                new ActionPlan.Steps(
                        List.of(redeploy),
                        name(redeploy.taskDefinitionArn()) + " once more",
                        redeploy.taskDefinitionArn());
            case Command.Forward forward ->
                new ActionPlan.Steps(
                        List.of(forward),
                        "requests reach the service",
                        snapshot.service().taskDefinitionArn());
            case Command.ScaleToZero scale ->
                new ActionPlan.Steps(
                        List.of(scale),
                        "scaled from %d to 0".formatted(scale.from()),
                        snapshot.service().taskDefinitionArn());
            case Command.RunTask _, Command.RegisterCopy _ ->
                throw new IllegalArgumentException("is never the last command: " + command);
        };
    }

    /** Where the ended deployment goes back to: what ECS says, else what runs, else what was meant. */
    private static String targetOf(
            String deploymentArn, DeploymentId failing, Set<DeploymentId> condemned, ServiceSnapshot snapshot) {
        return snapshot.findDeployment(deploymentArn)
                .flatMap(ServiceDeployment::rollbackRevisionArn)
                .flatMap(snapshot::findRevision)
                .map(ServiceRevision::taskDefinitionArn)
                .or(() -> otherPrimary(failing, snapshot).map(ServiceDescription.Rollout::taskDefinitionArn))
                .or(() -> RollbackTarget.find(snapshot, failing, condemned).map(RollbackTarget::taskDefinitionArn))
                .orElseGet(() -> snapshot.service().taskDefinitionArn());
    }

    private static ActionPlan.Steps backTo(Command command, String taskDefinitionArn) {
        return new ActionPlan.Steps(List.of(command), "back to " + name(taskDefinitionArn), taskDefinitionArn);
    }

    private static String name(String arn) {
        return arn.substring(arn.lastIndexOf('/') + 1);
    }

    private static Optional<String> ofEnding(String deploymentArn, DeploymentId failing, ServiceSnapshot snapshot) {
        return snapshot.findDeployment(deploymentArn)
                .map(Effects::ofEnding)
                .orElseGet(() ->
                        otherPrimary(failing, snapshot).map(primary -> "deployment " + primary.id() + " runs instead"));
    }

    private static Optional<String> ofEnding(ServiceDeployment deployment) {
        return deployment.status().isRollingBack()
                        || deployment.rollbackRevisionArn().isPresent()
                ? Optional.of("the service deployment is " + deployment.status())
                : Optional.empty();
    }

    private static Optional<ServiceDescription.Rollout> otherPrimary(DeploymentId failing, ServiceSnapshot snapshot) {
        return snapshot.service().primary().filter(primary -> !primary.id().equals(failing));
    }

    private static String arnOf(String codeDeployId, ServiceSnapshot snapshot) {
        return snapshot.deployments().stream()
                .map(ServiceDeployment::arn)
                .filter(arn -> CodeDeployRef.find(arn)
                        .filter(ref -> ref.id().equals(codeDeployId))
                        .isPresent())
                .findFirst()
                .orElse(codeDeployId);
    }
}
