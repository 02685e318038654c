package io.deployguard.aws.ecs;

import com.fasterxml.jackson.databind.JsonNode;
import io.deployguard.aws.AwsClients;
import io.deployguard.aws.JsonCalls;
import io.deployguard.aws.SignedCalls;
import io.deployguard.ecs.ServiceDeployment;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/**
 * What the SDK's client of ECS cannot say in its present version: at which hooks a deployment waits, and the answer to one of them. Thread-safe.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentLifecycleHookDetail.html">DeploymentLifecycleHookDetail</a>
 */
final class HookCalls {

    private final JsonCalls reads;
    private final JsonCalls writes;

    HookCalls(AwsClients reading, AwsClients acting) {
        this.reads = calls(reading.signed("ecs"));
        this.writes = calls(acting.signedOnce("ecs"));
    }

    private static JsonCalls calls(SignedCalls signed) {
        return new JsonCalls(signed, "ecs", "AmazonEC2ContainerServiceV20141113");
    }

    /** The hooks of the stage that the deployment is in; none of one that ECS does not know. */
    List<ServiceDeployment.Hook> hooksOf(String serviceDeploymentArn) {
        var question = JsonCalls.question();
        question.putArray("serviceDeploymentArns").add(serviceDeploymentArn);
        var details = reads.ask("DescribeServiceDeployments", serviceDeploymentArn, question)
                .path("serviceDeployments")
                .path(0)
                .path("lifecycleHookDetails");
        return StreamSupport.stream(details.spliterator(), false)
                .filter(detail -> detail.hasNonNull("hookId"))
                .map(HookCalls::hook)
                .toList();
    }

    /**
     * Answers a pause hook with ROLLBACK, once.
     *
     * @throws io.deployguard.fault.GuardFault.Malformed when ECS refuses: the hook may have been answered or have timed out
     */
    void rollBack(String serviceDeploymentArn, String hookId) {
        writes.ask(
                "ContinueServiceDeployment",
                serviceDeploymentArn,
                JsonCalls.question()
                        .put("serviceDeploymentArn", serviceDeploymentArn)
                        .put("hookId", hookId)
                        // ECS takes CONTINUE where nothing is said.
                        .put("action", "ROLLBACK"));
    }

    private static ServiceDeployment.Hook hook(JsonNode detail) {
        return new ServiceDeployment.Hook(
                detail.path("hookId").asText(),
                detail.path("status").asText(),
                Optional.of(detail.path("expiresAt"))
                        .filter(JsonNode::isNumber)
                        .map(seconds -> Instant.ofEpochMilli(
                                seconds.decimalValue().movePointRight(3).longValue())),
                Optional.of(detail.path("timeoutAction").asText()).filter(action -> !action.isEmpty()));
    }
}
