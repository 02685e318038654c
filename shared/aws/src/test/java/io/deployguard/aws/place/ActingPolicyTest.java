package io.deployguard.aws.place;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.deployguard.action.Command;
import io.deployguard.ecs.ServiceRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ActingPolicyTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final ServiceRef WEB = new ServiceRef("aws-cn", "cn-north-1", "210987654321", "shop", "web");
    private static final String DEFINITION = "arn:aws-cn:ecs:cn-north-1:210987654321:task-definition/web:1";
    private static final String LISTENER =
            "arn:aws-cn:elasticloadbalancing:cn-north-1:210987654321:listener/app/shop/1234567890123456/1234567890123456";

    static Stream<Command> commands() {
        return commands(WEB);
    }

    private static Stream<Command> commands(ServiceRef service) {
        return Stream.of(
                new Command.StopServiceDeployment(service, "arn:deployment"),
                new Command.ContinueServiceDeployment(service, "arn:deployment", "hook"),
                new Command.StopCodeDeployDeployment(service, "d-ABCDEF123"),
                new Command.UpdateService(service, DEFINITION),
                new Command.ForceNewDeployment(service, DEFINITION),
                new Command.RunTask(service, "web", List.of(), "deploy-guard:migration"),
                new Command.RegisterCopy(service, DEFINITION),
                new Command.ScaleToZero(service, 2),
                new Command.Forward(service, LISTENER, Optional.empty(), 443, "arn:group", "[]"));
    }

    @Test
    void namesTheOneServiceAndNoOther() throws Exception {
        var policy = JSON.readTree(ActingPolicy.of(new Command.UpdateService(WEB, DEFINITION)));

        assertThat(policy.path("Statement").get(0).path("Resource").toString())
                .isEqualTo("[\"arn:aws-cn:ecs:cn-north-1:210987654321:service/shop/web\","
                        + "\"arn:aws-cn:ecs:cn-north-1:210987654321:service-deployment/shop/web/*\"]");
        assertThat(policy.toString()).doesNotContain("RunTask", "Register", "Modify", "codedeploy");
    }

    @Test
    void namesTheOneListenerOrRuleAndNothingOfEcs() throws Exception {
        var rule = LISTENER.replace(":listener/", ":listener-rule/") + "/1234567890123456";

        assertThat(resource(new Command.Forward(WEB, LISTENER, Optional.empty(), 443, "arn:group", "[]")))
                .isEqualTo(LISTENER);
        assertThat(resource(new Command.Forward(WEB, LISTENER, Optional.of(rule), 443, "arn:group", "[]")))
                .isEqualTo(rule);
        assertThat(ActingPolicy.of(new Command.Forward(WEB, LISTENER, Optional.of(rule), 443, "arn:group", "[]")))
                .doesNotContain("\"ecs:", "PassRole");
    }

    private static String resource(Command command) throws IOException {
        return JSON.readTree(ActingPolicy.of(command))
                .path("Statement")
                .path(0)
                .path("Resource")
                .path(0)
                .asText();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void allowsOnly(Command command) throws Exception {
        var statements = JSON.readTree(ActingPolicy.of(command)).path("Statement");

        assertThat(statements).isNotEmpty().allSatisfy(statement -> {
            assertThat(statement.path("Effect").asText()).isEqualTo("Allow");
            assertThat(statement.path("Action").toString()).contains(":").doesNotContain("*");
        });
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
        var allowed = commands().map(ActingPolicy::of).collect(Collectors.joining());

        assertThat(actions)
                .contains("ecs:UpdateService", "iam:PassRole", "codedeploy:StopDeployment")
                .allSatisfy(action -> assertThat(allowed).contains("\"" + action + "\""));
    }

    /** Names of clusters and services have at most 255 characters. */
    @Test
    void fitsForTheLongestNames() {
        var longest = new ServiceRef("aws-us-gov", "us-gov-west-1", "210987654321", "c".repeat(255), "s".repeat(255));

        assertThat(commands(longest).map(ActingPolicy::of))
                .allSatisfy(policy -> assertThat(policy).hasSizeLessThanOrEqualTo(SecurityTokens.MOST_POLICY));
    }
}
