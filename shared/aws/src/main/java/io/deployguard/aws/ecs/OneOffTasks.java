package io.deployguard.aws.ecs;

import io.deployguard.aws.AwsFaults;
import io.deployguard.ecs.Container;
import io.deployguard.ecs.Task;
import io.deployguard.evidence.Evidence;
import io.deployguard.evidence.EvidenceRequest;
import java.util.List;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.DesiredStatus;

/** Tasks that no service started: migrations run by hand or by a pipeline. ECS lists stopped ones for about an hour. */
public final class OneOffTasks {

    private static final int MOST = 1_000;

    private final EcsClient ecs;

    public OneOffTasks(EcsClient ecs) {
        this.ecs = ecs;
    }

    /** Those of a family that have stopped since the wanted moment. */
    public List<Evidence> read(EvidenceRequest.TaskRuns wanted) {
        return list(ecs, wanted.clusterArn(), wanted.family(), DesiredStatus.STOPPED).stream()
                .filter(task -> task.createdAt()
                        .filter(at -> at.isBefore(wanted.since()))
                        .isEmpty())
                .<Evidence>map(task -> new Evidence.TaskRun(
                        task.id(),
                        task.command(),
                        task.containers().stream()
                                .map(Container::exitCode)
                                .flatMap(java.util.Optional::stream)
                                .findFirst(),
                        task.stoppedAt()))
                .toList();
    }

    /** Those of a family. A crash loop of a service with the same family fills the list of stopped ones. */
    static List<Task> list(EcsClient ecs, String clusterArn, String family, DesiredStatus status) {
        var subject = "family " + family;
        var arns = AwsFaults.ask(
                "ecs:ListTasks",
                subject,
                () -> ecs
                        .listTasksPaginator(request ->
                                request.cluster(clusterArn).family(family).desiredStatus(status))
                        .taskArns()
                        .stream()
                        .limit(MOST)
                        .toList());
        return EcsSnapshotSource.describeTasks(ecs, clusterArn, subject, arns).stream()
                .filter(task -> task.deployment().isEmpty() && !task.group().startsWith("service:"))
                .toList();
    }
}
