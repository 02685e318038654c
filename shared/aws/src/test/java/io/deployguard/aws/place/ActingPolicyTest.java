package io.deployguard.aws.place;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.deployguard.ecs.ServiceRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ActingPolicyTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Test
    void namesTheOneServiceAndNoOther() throws Exception {
        var policy =
                JSON.readTree(ActingPolicy.of(new ServiceRef("aws-cn", "cn-north-1", "210987654321", "shop", "web")));

        assertThat(policy.path("Statement").get(0).path("Resource").toString())
                .isEqualTo("[\"arn:aws-cn:ecs:cn-north-1:210987654321:service/shop/web\","
                        + "\"arn:aws-cn:ecs:cn-north-1:210987654321:service-deployment/shop/web/*\"]");
        assertThat(policy.path("Statement").findValuesAsText("ecs:cluster"))
                .containsExactly("arn:aws-cn:ecs:cn-north-1:210987654321:cluster/shop");
        assertThat(policy.path("Statement").findValuesAsText("Effect")).containsOnly("Allow");
    }

    /** A session may do what both its policy and its role allow: what one of them leaves out cannot be done. */
    @Test
    void leavesOutNothingThatTheRoleIsFor() throws IOException {
        var template = Files.readString(Path.of("../../templates/spoke.yaml"));
        var role = template.substring(template.indexOf("  ActingRole:"), template.indexOf("Outputs:"));
        var actions = Pattern.compile("Action: (.*)")
                .matcher(role)
                .results()
                .flatMap(line -> Pattern.compile("[a-z]+:[A-Z]\\w+")
                        .matcher(line.group(1))
                        .results())
                .map(MatchResult::group)
                .filter(action -> !action.startsWith("sts:"))
                .toList();

        assertThat(actions)
                .contains("ecs:UpdateService", "iam:PassRole")
                .allSatisfy(action -> assertThat(
                                ActingPolicy.of(new ServiceRef("aws", "eu-west-1", "210987654321", "shop", "web")))
                        .contains("\"" + action + "\""));
    }

    /** Names of clusters and services have at most 255 characters. */
    @Test
    void fitsForTheLongestNames() {
        assertThat(ActingPolicy.of(new ServiceRef(
                        "aws-us-gov", "us-gov-west-1", "210987654321", "c".repeat(255), "s".repeat(255))))
                .hasSizeLessThanOrEqualTo(SecurityTokens.MOST_POLICY);
    }
}
