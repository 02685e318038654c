package io.deployguard.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Action;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ActionTypeEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupTuple;

class SdkJsonTest {

    @Test
    void writesWhatTheCommandLineTakes() {
        var answers = Action.builder()
                .type(ActionTypeEnum.FIXED_RESPONSE)
                .order(1)
                .fixedResponseConfig(fixed -> fixed.statusCode("404").messageBody("it's \"gone\""))
                .build();
        var forwards = Action.builder()
                .type(ActionTypeEnum.FORWARD)
                .forwardConfig(config -> config.targetGroups(TargetGroupTuple.builder()
                                .targetGroupArn("arn:tg")
                                .weight(1)
                                .build())
                        .targetGroupStickinessConfig(sticky -> sticky.enabled(false)))
                .build();

        assertThat(SdkJson.text(List.of(answers, forwards)))
                .contains("\"Type\":\"fixed-response\"")
                .contains("\"Order\":1")
                .contains("\"FixedResponseConfig\":{\"MessageBody\":\"it's \\\"gone\\\"\",\"StatusCode\":\"404\"}")
                .contains("\"TargetGroups\":[{\"TargetGroupArn\":\"arn:tg\",\"Weight\":1}]")
                .contains("\"TargetGroupStickinessConfig\":{\"Enabled\":false}")
                .doesNotContain("null");
    }
}
