package io.deployguard.notification;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.action.Command;
import io.deployguard.ecs.CodeDeployRef;
import io.deployguard.ecs.ServiceRef;
import io.deployguard.incident.Situation.LogStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AwsCliTest {

    private static final ServiceRef WEB = new ServiceRef("aws-cn", "cn-north-1", "123456789012", "prod", "web");

    @Test
    void endsADeploymentOfCodeDeployWithItsRollback() {
        assertThat(AwsCli.of(new Command.StopCodeDeployDeployment(WEB, "d-4K8ZQ1XYZ")))
                .isEqualTo("aws deploy stop-deployment --region cn-north-1 --deployment-id d-4K8ZQ1XYZ"
                        + " --auto-rollback-enabled");
    }

    @Test
    void deploysOnceMoreWhatCodeDeployDeployedBefore() {
        var earlier = new CodeDeployRef("aws", "eu-central-1", "123456789012", "cart app", "cart", "d-1");

        assertThat(AwsCli.repeatCodeDeployDeployment(earlier))
                .isEqualTo("aws deploy create-deployment --region eu-central-1 --application-name 'cart app'"
                        + " --deployment-group-name cart --revision \"$(aws deploy get-deployment --region eu-central-1"
                        + " --deployment-id d-1 --query deploymentInfo.revision --output json)\"");
    }

    @Test
    void stopsADeploymentByItsFullArn() {
        var arn = "arn:aws-cn:ecs:cn-north-1:123456789012:service-deployment/prod/web/abc";

        assertThat(AwsCli.of(new Command.StopServiceDeployment(WEB, arn)))
                .isEqualTo("aws ecs stop-service-deployment --region cn-north-1 --service-deployment-arn " + arn
                        + " --stop-type ROLLBACK");
    }

    /** The action is to continue unless one says otherwise. */
    @Test
    void answersAHookWithRollback() {
        var arn = "arn:aws-cn:ecs:cn-north-1:123456789012:service-deployment/prod/web/abc";

        assertThat(AwsCli.of(new Command.ContinueServiceDeployment(WEB, arn, "hook-1")))
                .isEqualTo("aws ecs continue-service-deployment --region cn-north-1 --service-deployment-arn " + arn
                        + " --hook-id hook-1 --action ROLLBACK");
    }

    @Test
    void updatesAServiceToOneRevision() {
        var arn = "arn:aws-cn:ecs:cn-north-1:123456789012:task-definition/web:41";

        assertThat(AwsCli.of(new Command.UpdateService(WEB, arn)))
                .isEqualTo("aws ecs update-service --region cn-north-1 --cluster"
                        + " arn:aws-cn:ecs:cn-north-1:123456789012:cluster/prod --service"
                        + " arn:aws-cn:ecs:cn-north-1:123456789012:service/prod/web --task-definition " + arn);
    }

    @Test
    void deploysTheSameRevisionOnceMore() {
        var arn = "arn:aws-cn:ecs:cn-north-1:123456789012:task-definition/web:41";

        assertThat(AwsCli.of(new Command.ForceNewDeployment(WEB, arn)))
                .endsWith("--task-definition " + arn + " --force-new-deployment");
    }

    @Test
    void runsATask() {
        assertThat(AwsCli.of(new Command.RunTask(WEB, "web-migrate", List.of("npm"), "deploy-guard:42")))
                .isEqualTo("aws ecs run-task --region cn-north-1 --cluster"
                        + " arn:aws-cn:ecs:cn-north-1:123456789012:cluster/prod --task-definition web-migrate"
                        + " --group deploy-guard:42");
    }

    @Test
    void registersACopyOfWhatIsThere() {
        var arn = "arn:aws-cn:ecs:cn-north-1:123456789012:task-definition/web:41";

        assertThat(AwsCli.of(new Command.RegisterCopy(WEB, arn)))
                .startsWith("aws ecs describe-task-definition --region cn-north-1 --task-definition " + arn
                        + " --include TAGS | jq '.taskDefinition + ")
                .endsWith(" .deregisteredAt)' > task-definition.json && aws ecs register-task-definition"
                        + " --region cn-north-1 --cli-input-json file://task-definition.json");
    }

    @Test
    void scalesToZeroAndBack() {
        var command = new Command.ScaleToZero(WEB, 4);

        assertThat(AwsCli.of(command)).endsWith(":service/prod/web --desired-count 0");
        assertThat(AwsCli.undo(command))
                .hasValueSatisfying(back -> assertThat(back).endsWith(":service/prod/web --desired-count 4"));
    }

    @Test
    void changesAListenerAndPutsItBack() {
        var former = "[{\"Type\":\"fixed-response\"}]";
        var command = new Command.Forward(WEB, "arn:l", Optional.empty(), 443, "arn:tg", former);

        assertThat(AwsCli.of(command))
                .isEqualTo("aws elbv2 modify-listener --region cn-north-1 --listener-arn arn:l --default-actions"
                        + " Type=forward,TargetGroupArn=arn:tg");
        assertThat(AwsCli.undo(command))
                .contains("aws elbv2 modify-listener --region cn-north-1 --listener-arn arn:l --default-actions '"
                        + former + "'");
        assertThat(AwsCli.undo(new Command.Forward(WEB, "arn:l", Optional.of("arn:r"), 443, "arn:tg", former)))
                .contains("aws elbv2 modify-rule --region cn-north-1 --rule-arn arn:r --actions '" + former + "'");
    }

    @Test
    void quotesWhatAShellWouldRead() {
        assertThat(AwsCli.tailLog(new LogStream("eu-west-1", "/ecs/it's", "app/$(reboot)/1")))
                .isEqualTo(
                        "aws logs tail '/ecs/it'\\''s' --region eu-west-1 --log-stream-names 'app/$(reboot)/1' --since 3h");
    }

    @ParameterizedTest
    @ValueSource(strings = {"$(id)", "a b", "'; id #", "`id`", "=ls", "", "!!", "~", "*", "é", "\\", "a\"b"})
    void reachesTheProgramAsOneWord(String word) throws IOException, InterruptedException {
        var shell = new ProcessBuilder("sh").start();
        // Not as an argument, which Java would write in the locale's characters.
        try (var script = shell.getOutputStream()) {
            script.write(("printf %s. " + AwsCli.quote(word)).getBytes(StandardCharsets.UTF_8));
        }
        var heard = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(shell.waitFor()).isZero();
        assertThat(heard).isEqualTo(word + ".");
    }
}
