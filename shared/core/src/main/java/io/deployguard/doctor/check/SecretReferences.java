package io.deployguard.doctor.check;

import io.deployguard.doctor.Check;
import io.deployguard.doctor.Draft;
import io.deployguard.doctor.Result;
import java.util.Map;
import java.util.stream.Stream;

/** An ARN that ECS cannot take apart fails every task before its first container starts. */
final class SecretReferences implements Check.OfDefinition {

    @Override
    public String id() {
        return "secret-references";
    }

    @Override
    public String about() {
        return "The ARN of a secret with an incomplete suffix: ECS wants all of `:json-key:version-stage:version-id`, or none.";
    }

    @Override
    public String source() {
        return "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html";
    }

    private static final int PARTS_OF_AN_ARN = 7;
    private static final int PARTS_WITH_SUFFIX = 10;

    @Override
    public Stream<Result> examine(Draft draft) {
        return draft.each(container -> container.definition().secretNames().entrySet().stream()
                .filter(secret -> isIncomplete(secret.getValue()))
                .map(Map.Entry::getKey)
                .sorted()
                .map(name -> new Result.Problem(
                        container.field("secrets"),
                        "valueFrom of %s of container %s has a suffix that is not json-key:version-stage:version-id"
                                .formatted(name, container.name()),
                        "Keep both colons at the end, even with nothing between them: …:secret:NAME:json-key::")));
    }

    private static boolean isIncomplete(String valueFrom) {
        var parts = valueFrom.split(":", -1);
        return parts.length > 2
                && parts[0].equals("arn")
                && parts[2].equals("secretsmanager")
                && parts.length != PARTS_OF_AN_ARN
                && parts.length != PARTS_WITH_SUFFIX;
    }
}
