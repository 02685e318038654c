package io.deployguard.pipeline;

import io.deployguard.action.Command;
import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.ServiceDeployment;
import io.deployguard.ecs.ServiceSnapshot;
import java.util.Optional;

/** Whether a command of which only the beginning is on record took effect: the actor died, or its answer got lost. */
final class Effects {

    private Effects() {}

    /** What shows that it did, in words. */
    static Optional<String> find(Command command, DeploymentId failing, ServiceSnapshot snapshot) {
        return switch (command) {
            case Command.StopServiceDeployment stop ->
                deployment(stop.serviceDeploymentArn(), snapshot)
                        .filter(deployment -> deployment.status().isRollingBack()
                                || deployment.rollbackRevisionArn().isPresent())
                        .map(deployment -> "the service deployment is " + deployment.status());
            case Command.UpdateService update ->
                snapshot.service()
                        .primary()
                        .filter(primary -> !primary.id().equals(failing))
                        .filter(primary -> primary.taskDefinitionArn().equals(update.taskDefinitionArn()))
                        .map(primary -> "deployment " + primary.id() + " runs the wanted task definition");
        };
    }

    /** Task definition the service will run once the command has taken effect. */
    static String targetOf(Command command, ServiceSnapshot snapshot) {
        return switch (command) {
            case Command.StopServiceDeployment stop ->
                deployment(stop.serviceDeploymentArn(), snapshot)
                        .flatMap(ServiceDeployment::rollbackRevisionArn)
                        .flatMap(snapshot::findRevision)
                        .map(revision -> revision.taskDefinitionArn())
                        .orElseGet(() -> snapshot.service().taskDefinitionArn());
            case Command.UpdateService update -> update.taskDefinitionArn();
        };
    }

    private static Optional<ServiceDeployment> deployment(String arn, ServiceSnapshot snapshot) {
        return snapshot.deployments().stream()
                .filter(deployment -> deployment.arn().equals(arn))
                .findFirst();
    }
}
