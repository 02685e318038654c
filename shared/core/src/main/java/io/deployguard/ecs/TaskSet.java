package io.deployguard.ecs;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One entry of {@code taskSets[]} of a service whose deployments belong to CodeDeploy.
 *
 * @param id {@code ecs-svc/N}, which its tasks carry in {@code startedBy}
 * @param status {@code PRIMARY} for the one that production traffic goes to, else {@code ACTIVE} or {@code DRAINING}
 * @param steady whether ECS calls it stable
 * @param codeDeployId id of the deployment that made it; absent for the one that came with the service
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskSet.html">TaskSet</a>
 */
public record TaskSet(
        DeploymentId id,
        String status,
        String taskDefinitionArn,
        int desired,
        int running,
        int pending,
        boolean steady,
        Optional<String> codeDeployId,
        List<ServiceDescription.LoadBalancer> loadBalancers,
        Optional<Instant> createdAt,
        Optional<Instant> updatedAt) {

    public TaskSet {
        loadBalancers = List.copyOf(loadBalancers);
    }

    public boolean isPrimary() {
        return status.equals("PRIMARY");
    }
}
