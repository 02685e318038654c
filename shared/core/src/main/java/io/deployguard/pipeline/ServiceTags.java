package io.deployguard.pipeline;

import io.deployguard.decision.Mode;
import io.deployguard.ecs.Endpoint;
import io.deployguard.ecs.GithubDeployment;
import io.deployguard.ecs.ServiceDeployment;
import io.deployguard.ecs.ServiceDescription;
import io.deployguard.ecs.TaskDefinition;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** What a service's owner has written into its tags. One that cannot be read is a gap, told with the incident. */
final class ServiceTags {

    private ServiceTags() {}

    static Optional<String> unreadableMode(ServiceDescription service) {
        return Optional.ofNullable(service.tags().get(Mode.TAG))
                .filter(text -> Mode.find(text).isEmpty())
                .map(_ ->
                        "tag " + Mode.TAG + ": expected observe, ask or auto, got something else; the guard observes");
    }

    static Optional<Endpoint> endpoint(ServiceDescription service, List<String> gaps) {
        return read(() -> Endpoint.of(service.tags()), gaps);
    }

    /**
     * What the pipeline calls this deployment. A task definition's tags belong to one revision for ever; a service's are those of its newest
     * deployment, and count for that one only.
     */
    static Optional<GithubDeployment> github(FailingRevision failing, TaskDefinition definition, List<String> gaps) {
        var snapshot = failing.snapshot();
        var isNewest = snapshot.currentDeployment()
                .map(ServiceDeployment::deploymentId)
                .or(() -> snapshot.service().primary().map(ServiceDescription.Rollout::id))
                .filter(failing.id()::equals)
                .isPresent();
        return read(
                () -> GithubDeployment.of(definition.tags())
                        .or(() -> isNewest
                                ? GithubDeployment.of(snapshot.service().tags())
                                : Optional.empty()),
                gaps);
    }

    private static <T> Optional<T> read(Supplier<Optional<T>> tag, List<String> gaps) {
        try {
            return tag.get();
        } catch (IllegalArgumentException unreadable) {
            gaps.add(String.valueOf(unreadable.getMessage()));
            return Optional.empty();
        }
    }
}
