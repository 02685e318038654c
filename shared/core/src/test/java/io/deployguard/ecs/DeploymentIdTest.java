package io.deployguard.ecs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeploymentIdTest {

    @Test
    void isTheLastSegmentOfTheRevision() {
        assertThat(DeploymentId.ofRevision(
                        "arn:aws:ecs:eu-west-1:123456789012:service-revision/shop/web/9223372036854775807"))
                .isEqualTo(new DeploymentId("ecs-svc/9223372036854775807"));
    }

    @Test
    void standsInStartedByOfItsTasks() {
        assertThat(DeploymentId.findInStartedBy("ecs-svc/4821907733112098876"))
                .contains(new DeploymentId("ecs-svc/4821907733112098876"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ecs-svc/", "github-actions", "", "my-ecs-svc/1"})
    void isAbsentForTasksThatNoServiceStarted(String startedBy) {
        assertThat(DeploymentId.findInStartedBy(startedBy)).isEmpty();
    }

    @Test
    void isNeverBlank() {
        assertThatThrownBy(() -> new DeploymentId(" ")).hasMessageContaining("expected ecs-svc/N");
    }
}
