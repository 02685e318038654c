package io.deployguard.detection;

import static io.deployguard.fixture.TaskBuilder.aTask;
import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.ecs.Stop;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StopJudgementTest {

    @ParameterizedTest(name = "{0} with \"{1}\"")
    @CsvSource(delimiter = '|', textBlock = """
            ESSENTIAL_CONTAINER_EXITED   | Essential container in task exited                                                            | an essential container exited
            ESSENTIAL_CONTAINER_EXITED   | a wording of next year                                                                        | an essential container exited
            SERVICE_SCHEDULER_INITIATED  | Task failed ELB health checks in (target-group arn:aws:elasticloadbalancing:eu-central-1:1:targetgroup/cart/1) | it failed the load balancer's health checks
            SERVICE_SCHEDULER_INITIATED  | Task failed container health checks                                                           | it failed its container health checks
            SERVICE_SCHEDULER_INITIATED  | ' TASK FAILED CONTAINER HEALTH CHECKS'                                                        | it failed its container health checks
            TASK_FAILED_TO_START         | CannotPullContainerError: pull image manifest has been retried 5 time(s): not found            | its image could not be pulled
            TASK_FAILED_TO_START         | CannotPullECRContainerError: AccessDeniedException                                            | its image could not be pulled
            TASK_FAILED_TO_START         | ResourceInitializationError: unable to pull secrets or registry auth                          | its resources could not be initialized
            TASK_FAILED_TO_START         | RESOURCE:MEMORY                                                                               | the task failed to start
            TASK_FAILED_TO_START         | Unexpected EC2 error while attempting to Create Network Interface                             | the task failed to start
            TASK_FAILED_TO_START         | Timeout waiting for network interface provisioning to complete.                               | the task failed to start
            TASK_FAILED_TO_START         | InternalError: unable to run the task                                                         | the task failed to start
            OTHER                        | Essential container in task exited                                                            | an essential container exited
            """)
    void speaksAgainstTheReleaseWhenItShouldNotHaveStopped(Stop.Code code, String reason, String because) {
        assertThat(judge(code, reason)).isEqualTo(new StopJudgement.Unexpected(because));
    }

    @ParameterizedTest(name = "{0} with \"{1}\"")
    @CsvSource(delimiter = '|', textBlock = """
            SERVICE_SCHEDULER_INITIATED  | Scaling activity initiated by (deployment ecs-svc/4821907733112098876)                        | scale-in or replacement by a newer deployment
            ESSENTIAL_CONTAINER_EXITED   | Scaling activity initiated by (deployment ecs-svc/4821907733112098876)                        | scale-in or replacement by a newer deployment
            SERVICE_SCHEDULER_INITIATED  | Task stopped for availability zone rebalancing                                                | zones are being rebalanced
            SERVICE_SCHEDULER_INITIATED  | ''                                                                                            | the service scheduler stopped it
            SPOT_INTERRUPTION            | Your Spot Task was interrupted.                                                               | Spot capacity was reclaimed
            SPOT_INTERRUPTION            | Essential container in task exited                                                            | Spot capacity was reclaimed
            TERMINATION_NOTICE           | Your Spot Task was interrupted.                                                               | its host is going away
            TERMINATION_NOTICE           | Essential container in task exited                                                            | its host is going away
            USER_INITIATED               | Task stopped by user                                                                          | stopped by a user or an automation
            USER_INITIATED               | Task failed ELB health checks, says the one who stopped it                                    | stopped by a user or an automation
            ESSENTIAL_CONTAINER_EXITED   | Host EC2 (instance i-0123456789abcdef0) terminated.                                           | its host is gone
            TASK_FAILED_TO_START         | Container instance deregistration forced by user                                              | its host was deregistered
            SERVICE_SCHEDULER_INITIATED  | ECS is performing maintenance on the underlying infrastructure hosting the task               | AWS maintains the host
            OTHER                        | a stop code of next year                                                                      | stopped for a reason the guard does not know
            """)
    void saysNothingAboutTheReleaseWhenSomebodyElseEndedIt(Stop.Code code, String reason, String because) {
        assertThat(judge(code, reason)).isEqualTo(new StopJudgement.Expected(because));
    }

    @Test
    void isAboutTasksThatStop() {
        assertThat(StopJudgement.isUnexpected(aTask().build())).isFalse();
    }

    private static StopJudgement judge(Stop.Code code, String reason) {
        return StopJudgement.of(new Stop(code, reason, Optional.empty()));
    }
}
