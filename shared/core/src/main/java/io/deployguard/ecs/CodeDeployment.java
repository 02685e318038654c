package io.deployguard.ecs;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;

/**
 * What CodeDeploy tells of one of its deployments.
 *
 * @param rollbackOf id of the deployment that this one takes back: CodeDeploy rolls back by a deployment with an id of its own
 * @param rolledBackBy id of the deployment that takes this one back
 * @param reason why it ended otherwise than it should, in CodeDeploy's words
 * @param finishedAt for one that succeeded, after the wait for the end of the earlier tasks
 * @see <a href="https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_DeploymentInfo.html">DeploymentInfo</a>
 */
public record CodeDeployment(
        CodeDeployRef ref,
        Status status,
        Optional<String> rollbackOf,
        Optional<String> rolledBackBy,
        Optional<String> reason,
        Optional<Instant> createdAt,
        Optional<Instant> finishedAt) {

    public static final Comparator<CodeDeployment> NEWEST_FIRST = Comparator.comparing(
                    (CodeDeployment deployment) -> deployment.createdAt().orElse(Instant.EPOCH))
            .reversed();

    /** The statuses of the API model; {@link #UNKNOWN} for any AWS may add. */
    public enum Status {
        CREATED,
        QUEUED,
        IN_PROGRESS,
        BAKING,
        SUCCEEDED,
        FAILED,
        STOPPED,
        READY,
        UNKNOWN;

        static Status parse(String text) {
            return switch (text) {
                case "Created" -> CREATED;
                case "Queued" -> QUEUED;
                case "InProgress" -> IN_PROGRESS;
                case "Baking" -> BAKING;
                case "Succeeded" -> SUCCEEDED;
                case "Failed" -> FAILED;
                case "Stopped" -> STOPPED;
                case "Ready" -> READY;
                default -> UNKNOWN;
            };
        }

        /** Whether {@code StopDeployment} can still end it. */
        public boolean canBeStopped() {
            return switch (this) {
                case CREATED, QUEUED, IN_PROGRESS, BAKING, READY -> true;
                case SUCCEEDED, FAILED, STOPPED, UNKNOWN -> false;
            };
        }

        /** Whether it ended otherwise than it should. */
        public boolean isGivenUp() {
            return this == FAILED || this == STOPPED;
        }
    }

    /** Whether it has ended and another one takes it back, so that nobody need stop it any more. */
    public boolean isTakenBack() {
        return status.isGivenUp() && rolledBackBy.isPresent();
    }

    /**
     * Reads {@code deploymentInfo} as the API gives it.
     *
     * @param service whose account and region CodeDeploy was asked in
     */
    public static CodeDeployment read(JsonNode info, ServiceRef service) {
        var rollback = info.path("rollbackInfo");
        return new CodeDeployment(
                new CodeDeployRef(
                        service.partition(),
                        service.region(),
                        service.account(),
                        info.path("applicationName").asText(),
                        info.path("deploymentGroupName").asText(),
                        info.path("deploymentId").asText()),
                Status.parse(info.path("status").asText()),
                text(rollback, "rollbackTriggeringDeploymentId"),
                text(rollback, "rollbackDeploymentId"),
                text(info.path("errorInformation"), "message"),
                instant(info, "createTime"),
                instant(info, "completeTime"));
    }

    /**
     * The service that a deployment brings a new revision; absent for another platform than ECS, and for a rollback.
     *
     * @param info {@code deploymentInfo} as the API gives it
     * @param group {@code deploymentGroupInfo}
     */
    public static Optional<ServiceRef> serviceOf(CodeDeployRef deployment, JsonNode info, JsonNode group) {
        return Optional.of(group.path("ecsServices").path(0))
                .filter(service -> service.hasNonNull("serviceName") && service.hasNonNull("clusterName"))
                .map(service -> new ServiceRef(
                        deployment.partition(),
                        deployment.region(),
                        deployment.account(),
                        service.path("clusterName").asText(),
                        service.path("serviceName").asText()))
                .filter(service -> read(info, service).rollbackOf().isEmpty());
    }

    /**
     * The task set that a deployment made, also when ECS does not list it any more; absent before it was made.
     *
     * @param target what GetDeploymentTarget answers; the model's own spelling is {@code identifer}
     */
    public static Optional<DeploymentId> replacementIn(JsonNode target) {
        for (var set : target.at("/deploymentTarget/ecsTarget/taskSetsInfo")) {
            if (set.path("taskSetLabel").asText().equalsIgnoreCase("green") && set.hasNonNull("identifer")) {
                return Optional.of(new DeploymentId(set.path("identifer").asText()));
            }
        }
        return Optional.empty();
    }

    private static Optional<String> text(JsonNode node, String field) {
        return Optional.of(node.path(field).asText("")).filter(text -> !text.isBlank());
    }

    private static Optional<Instant> instant(JsonNode node, String field) {
        return Optional.of(node.path(field))
                .filter(JsonNode::isNumber)
                .map(JsonNode::decimalValue)
                .map(seconds -> seconds.multiply(BigDecimal.valueOf(1_000)).longValue())
                .map(Instant::ofEpochMilli);
    }
}
