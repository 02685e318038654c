package io.deployguard.doctor.check;

import io.deployguard.doctor.Check;
import io.deployguard.doctor.Draft;
import io.deployguard.doctor.Result;
import io.deployguard.ecs.EcrImage;
import java.util.Optional;
import java.util.stream.Stream;

/** The role with which ECS itself prepares a task; the task role is for the application. */
final class ExecutionRole implements Check.OfDefinition {

    @Override
    public String id() {
        return "execution-role";
    }

    @Override
    public String about() {
        return "No execution role where ECS has to fetch a secret, pull from Amazon ECR or send logs.";
    }

    @Override
    public String source() {
        return "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html";
    }

    @Override
    public Stream<Result> examine(Draft draft) {
        return draft.definition().executionRoleArn().isPresent()
                ? Stream.empty()
                : draft.containers().stream()
                        .flatMap(container -> need(draft, container).stream())
                        .<Result>map(need -> new Result.Problem(
                                "executionRoleArn",
                                "there is no execution role, and ECS needs one %s".formatted(need),
                                "Name a role that ecs-tasks.amazonaws.com may assume, with AmazonECSTaskExecutionRolePolicy"
                                        + " and, for secrets, the right to read them."))
                        .limit(1);
    }

    private static Optional<String> need(Draft draft, Draft.Container container) {
        if (!container.secrets().isEmpty()) {
            return Optional.of("to fetch the secrets of container " + container.name());
        }
        if (container.settings().contains("repositoryCredentials")) {
            return Optional.of("to log in to the registry of container " + container.name());
        }
        if (!draft.fargate()) {
            // On EC2 the role of the instance pulls and logs.
            return Optional.empty();
        }
        if (EcrImage.find(container.definition().image()).isPresent()) {
            return Optional.of("to pull the image of container %s from Amazon ECR".formatted(container.name()));
        }
        return container
                .definition()
                .logConfiguration()
                .filter(log -> log.driver().equals("awslogs"))
                .map(_ -> "to send the log of container " + container.name());
    }
}
