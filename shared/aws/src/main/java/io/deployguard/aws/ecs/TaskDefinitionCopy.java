package io.deployguard.aws.ecs;

import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/** A task definition as DescribeTaskDefinition tells it, in the form that RegisterTaskDefinition takes: each field that both know, and no other. */
final class TaskDefinitionCopy {

    /** Tags that only AWS itself may set. */
    private static final String RESERVED = "aws:";

    private TaskDefinitionCopy() {}

    static RegisterTaskDefinitionRequest of(TaskDefinition original, Collection<Tag> tags) {
        var own = tags.stream()
                .filter(tag -> !tag.key().toLowerCase(java.util.Locale.ROOT).startsWith(RESERVED))
                .toList();
        var copy = content(original).toBuilder();
        return own.isEmpty() ? copy.build() : copy.tags(own).build();
    }

    /** Without tags: two definitions with equal content start equal tasks. */
    static RegisterTaskDefinitionRequest content(TaskDefinition original) {
        var told = original.sdkFields().stream().collect(Collectors.toMap(SdkField::memberName, Function.identity()));
        var copy = RegisterTaskDefinitionRequest.builder();
        for (var taken : fields(copy)) {
            var given = told.get(taken.memberName());
            if (given != null) {
                taken.set(copy, given.getValueOrDefault(original));
            }
        }
        return copy.build();
    }

    private static List<SdkField<?>> fields(RegisterTaskDefinitionRequest.Builder request) {
        return request.sdkFields();
    }
}
