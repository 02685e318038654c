package io.deployguard.aws.ecs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.services.ecs.model.Compatibility;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionStatus;

class TaskDefinitionCopyTest {

    private static TaskDefinition.Builder described() {
        return TaskDefinition.builder()
                .taskDefinitionArn("arn:aws:ecs:eu-central-1:123456789012:task-definition/web:41")
                .family("web")
                .revision(41)
                .status(TaskDefinitionStatus.INACTIVE)
                .registeredBy("arn:aws:iam::123456789012:user/ada")
                .compatibilities(Compatibility.EC2, Compatibility.FARGATE)
                .requiresCompatibilities(Compatibility.FARGATE)
                .networkMode(NetworkMode.AWSVPC)
                .taskRoleArn("arn:aws:iam::123456789012:role/web")
                .cpu("256")
                .memory("512")
                .containerDefinitions(ContainerDefinition.builder()
                        .name("app")
                        .image("shop/web@sha256:11")
                        .user("1000")
                        .build());
    }

    @Test
    void takesWhatRegistrationTakesAndNothingThatOnlyEcsSays() {
        assertThat(TaskDefinitionCopy.content(described().build()))
                .isEqualTo(RegisterTaskDefinitionRequest.builder()
                        .family("web")
                        .requiresCompatibilities(Compatibility.FARGATE)
                        .networkMode(NetworkMode.AWSVPC)
                        .taskRoleArn("arn:aws:iam::123456789012:role/web")
                        .cpu("256")
                        .memory("512")
                        .containerDefinitions(ContainerDefinition.builder()
                                .name("app")
                                .image("shop/web@sha256:11")
                                .user("1000")
                                .build())
                        .build());
    }

    /** A field that a later SDK lets people register must not get lost on the way. */
    @Test
    void missesNoFieldOfTheSdk() {
        var told = TaskDefinition.builder().sdkFields().stream()
                .map(SdkField::memberName)
                .toList();

        assertThat(RegisterTaskDefinitionRequest.builder().sdkFields())
                .extracting(SdkField::memberName)
                .filteredOn(name -> !told.contains(name))
                .containsExactly("tags");
    }

    @Test
    void keepsTheTagsButThoseOfAws() {
        var team = Tag.builder().key("team").value("shop").build();
        var stack =
                Tag.builder().key("aws:cloudformation:stack-name").value("shop").build();

        assertThat(TaskDefinitionCopy.of(described().build(), List.of(team, stack))
                        .tags())
                .containsExactly(team);
        assertThat(TaskDefinitionCopy.of(described().build(), List.of(stack)).hasTags())
                .isFalse();
    }

    @Test
    void comparesWhatRuns() {
        var one = TaskDefinitionCopy.content(described().build());

        assertThat(TaskDefinitionCopy.content(described()
                        .revision(43)
                        .status(TaskDefinitionStatus.ACTIVE)
                        .taskDefinitionArn("arn:aws:ecs:eu-central-1:123456789012:task-definition/web:43")
                        .build()))
                .isEqualTo(one);
        assertThat(TaskDefinitionCopy.content(described()
                        .taskRoleArn("arn:aws:iam::123456789012:role/admin")
                        .build()))
                .isNotEqualTo(one);
    }
}
