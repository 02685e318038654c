package io.deployguard.ecs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceRefTest {

    private static final String ARN = "arn:aws-cn:ecs:cn-north-1:123456789012:service/shop/web-api";

    @Test
    void readsALongArnAndWritesItAgain() {
        var service = ServiceRef.parse(ARN);

        assertThat(service).isEqualTo(new ServiceRef("aws-cn", "cn-north-1", "123456789012", "shop", "web-api"));
        assertThat(service.arn()).isEqualTo(ARN);
        assertThat(service.clusterArn()).isEqualTo("arn:aws-cn:ecs:cn-north-1:123456789012:cluster/shop");
        assertThat(service).hasToString("shop/web-api");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "arn:aws:ecs:eu-west-1:123456789012:service/web",
                "arn:aws:ecs:eu-west-1:123456789012:task/shop/0a1b",
                "arn:aws:ecs:eu-west-1:123456789012:service/shop/web/more",
                "web",
                ""
            })
    void findsNoServiceInAnotherShape(String text) {
        assertThat(ServiceRef.findByArn(text)).isEmpty();
        assertThatThrownBy(() -> ServiceRef.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected arn:aws:ecs:REGION:ACCOUNT:service/CLUSTER/SERVICE");
    }

    @Test
    void findsTheServiceOfATaskByItsClusterAndGroup() {
        assertThat(ServiceRef.findInCluster("arn:aws:ecs:eu-west-1:123456789012:cluster/shop", "web"))
                .contains(new ServiceRef("aws", "eu-west-1", "123456789012", "shop", "web"));
        assertThat(ServiceRef.findInCluster("arn:aws:ecs:eu-west-1:123456789012:cluster/shop", " "))
                .isEmpty();
        assertThat(ServiceRef.findInCluster("shop", "web")).isEmpty();
    }

    @Test
    void hasNoBlankPart() {
        assertThatThrownBy(() -> new ServiceRef("aws", "eu-west-1", "123456789012", "", "web"))
                .hasMessage("cluster: expected a non-blank text");
    }
}
