package io.deployguard.ecs;

import java.util.Optional;

/**
 * The id {@code ecs-svc/N} of a service revision's rollout: {@code startedBy} of its tasks, {@code deployments[].id} of the service, and N is the
 * last segment of the service revision's ARN.
 *
 * <p>Of a service that CodeDeploy deploys, the id of a task set, which looks alike. CodeDeploy begins a deployment before it makes the task set:
 * until then its own id, {@code d-…}, stands here.
 *
 * <p>A rollback redeploys an existing revision, so the same id can come back: it names <em>what</em> runs, never an attempt. N has up to 19
 * digits and stays text.
 */
public record DeploymentId(String value) {

    private static final String PREFIX = "ecs-svc/";

    public DeploymentId {
        if (value.isBlank()) {
            throw new IllegalArgumentException("deployment id: expected ecs-svc/N, got a blank text");
        }
    }

    /** The id in {@code startedBy} of a task; absent for tasks that a person or a scheduler started. */
    public static Optional<DeploymentId> findInStartedBy(String startedBy) {
        return startedBy.startsWith(PREFIX) && startedBy.length() > PREFIX.length()
                ? Optional.of(new DeploymentId(startedBy))
                : Optional.empty();
    }

    /** The id that belongs to a service revision, {@code arn:…:service-revision/C/S/N}. */
    public static DeploymentId ofRevision(String serviceRevisionArn) {
        return new DeploymentId(PREFIX + serviceRevisionArn.substring(serviceRevisionArn.lastIndexOf('/') + 1));
    }

    /** Whether it is CodeDeploy's own id, of a deployment whose task set was not there yet. */
    public boolean isOfCodeDeploy() {
        return value.startsWith("d-");
    }

    /** The ARN of this revision of the service. */
    String revisionOf(ServiceRef service) {
        return "arn:%s:ecs:%s:%s:service-revision/%s/%s/%s"
                .formatted(
                        service.partition(),
                        service.region(),
                        service.account(),
                        service.cluster(),
                        service.name(),
                        value.substring(value.lastIndexOf('/') + 1));
    }

    @Override
    public String toString() {
        return value;
    }
}
