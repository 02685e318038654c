package io.deployguard.event;

import io.deployguard.ecs.CodeDeployRef;
import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.Place;
import io.deployguard.ecs.ServiceRef;
import io.deployguard.ecs.Task;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * Something that happened in the account, as EventBridge told it.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_cwe_events.html">Amazon ECS events</a>
 */
public sealed interface GuardEvent {

    /** The same for every delivery of the same event. */
    EventKey key();

    /** When it happened. */
    Instant at();

    /**
     * A task changed its state.
     *
     * @param service absent for tasks that no service started
     */
    record TaskStateChange(EventKey key, Instant at, Optional<ServiceRef> service, String clusterArn, Task task)
            implements GuardEvent {}

    /**
     * A deployment began, completed or failed.
     *
     * @param name {@code SERVICE_DEPLOYMENT_IN_PROGRESS}, {@code …_COMPLETED} or {@code …_FAILED}
     */
    record DeploymentStateChange(
            EventKey key, Instant at, ServiceRef service, String name, DeploymentId deployment, String reason)
            implements GuardEvent {

        public boolean isFailed() {
            return name.equals("SERVICE_DEPLOYMENT_FAILED");
        }

        public boolean isCompleted() {
            return name.equals("SERVICE_DEPLOYMENT_COMPLETED");
        }

        public boolean isInProgress() {
            return name.equals("SERVICE_DEPLOYMENT_IN_PROGRESS");
        }

        /** Whether CodeDeploy says it, of a deployment of its own. */
        public boolean isOfCodeDeploy() {
            return reason.startsWith("CodeDeploy ");
        }

        /** A rollback announces itself as a deployment in progress; only the wording of the reason tells. */
        public boolean isRollback() {
            return isInProgress() && reason.toLowerCase(Locale.ROOT).contains("rolling back");
        }
    }

    /**
     * CodeDeploy says how far one of its deployments is, and not of which service.
     *
     * @param state {@code START}, {@code READY}, {@code SUCCESS}, {@code FAILURE}, {@code STOP} or another one
     * @see <a href="https://docs.aws.amazon.com/codedeploy/latest/userguide/monitoring-cloudwatch-events.html">Monitoring CodeDeploy</a>
     */
    record CodeDeployStateChange(EventKey key, Instant at, CodeDeployRef deployment, String state)
            implements GuardEvent {

        /** As ECS would call it of a deployment of its own; absent where that says nothing. */
        public Optional<String> ecsName() {
            return switch (state) {
                case "START" -> Optional.of("SERVICE_DEPLOYMENT_IN_PROGRESS");
                case "SUCCESS" -> Optional.of("SERVICE_DEPLOYMENT_COMPLETED");
                case "FAILURE" -> Optional.of("SERVICE_DEPLOYMENT_FAILED");
                default -> Optional.empty();
            };
        }
    }

    /**
     * The service scheduler says something about a service.
     *
     * @param name for instance {@code SERVICE_TASK_START_IMPAIRED}; decides, the event type does not
     */
    record ServiceAction(EventKey key, Instant at, ServiceRef service, String name, String reason)
            implements GuardEvent {}

    /**
     * A CloudWatch alarm changed its state.
     *
     * @param state {@code OK}, {@code ALARM} or {@code INSUFFICIENT_DATA}
     * @param muted whether its actions are suppressed or muted; the event is sent all the same
     * @param service by the dimensions {@code ClusterName} and {@code ServiceName} when the alarm watches one
     * @param targetGroup dimension {@code targetgroup/NAME/ID} when the alarm watches one
     */
    record AlarmStateChange(
            EventKey key,
            Instant at,
            String alarmArn,
            String name,
            String state,
            String reason,
            boolean muted,
            Optional<ServiceRef> service,
            Optional<String> targetGroup)
            implements GuardEvent {

        public boolean isOn() {
            return state.equals("ALARM");
        }

        public boolean isOver() {
            return state.equals("OK");
        }

        /** Whether the alarm is in the account and region of the service; of an alarm without an ARN nobody knows. */
        public boolean isNear(ServiceRef other) {
            return Place.findInArn(alarmArn).map(other.place()::equals).orElse(true);
        }
    }

    /**
     * A lifecycle hook of a deployment changed its state.
     *
     * @param name for instance {@code HOOK_AWAITING_ACTION}
     * @param type {@code PAUSE} or {@code AWS_LAMBDA}
     */
    record HookStateChange(
            EventKey key,
            Instant at,
            ServiceRef service,
            String name,
            String serviceDeploymentArn,
            String hookId,
            String type,
            String stage,
            Optional<Instant> expiresAt)
            implements GuardEvent {

        /** Its function refused the deployment, or gave no answer that ECS takes for one; ECS goes back. */
        public boolean isFailed() {
            return name.equals("HOOK_FAILED");
        }

        /** Nobody answered in time; the hook's own setting says whether ECS then goes back or on. */
        public boolean isTimedOut() {
            return name.equals("HOOK_TIMED_OUT");
        }
    }

    /** A container instance changed its state or health, or a daemon did: a matter of hosts, never of a release. */
    record HostChange(EventKey key, Instant at, String subject, String what) implements GuardEvent {}
}
