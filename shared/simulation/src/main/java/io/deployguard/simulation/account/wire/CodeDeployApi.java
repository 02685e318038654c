package io.deployguard.simulation.account.wire;

import static io.deployguard.simulation.account.wire.Action.read;
import static io.deployguard.simulation.account.wire.Action.write;

import io.deployguard.simulation.account.CodeDeploy;
import java.util.List;

/** The actions of CodeDeploy that the endpoint serves; the account answers them itself. */
final class CodeDeployApi {

    private CodeDeployApi() {}

    static List<Action> of(CodeDeploy codeDeploy) {
        return List.of(
                read("codedeploy", "GetDeployment", "deploymentId", codeDeploy::getDeployment),
                read("codedeploy", "BatchGetDeployments", "deploymentIds", codeDeploy::batchGetDeployments),
                read(
                        "codedeploy",
                        "ListDeployments",
                        "applicationName deploymentGroupName",
                        codeDeploy::listDeployments),
                read(
                        "codedeploy",
                        "GetDeploymentGroup",
                        "applicationName deploymentGroupName",
                        codeDeploy::getDeploymentGroup),
                read("codedeploy", "GetDeploymentTarget", "deploymentId targetId", codeDeploy::getDeploymentTarget),
                write(
                        "codedeploy",
                        "CreateDeployment",
                        "applicationName deploymentGroupName revision description",
                        codeDeploy::createDeployment),
                write("codedeploy", "StopDeployment", "deploymentId autoRollbackEnabled", codeDeploy::stopDeployment));
    }
}
