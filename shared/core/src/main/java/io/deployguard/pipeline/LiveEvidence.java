package io.deployguard.pipeline;

import io.deployguard.action.RollbackTarget;
import io.deployguard.detection.StopJudgement;
import io.deployguard.ecs.ServiceDescription;
import io.deployguard.ecs.ServiceSnapshot;
import io.deployguard.ecs.Stop;
import io.deployguard.ecs.TargetHealth;
import io.deployguard.ecs.Task;
import io.deployguard.ecs.TaskDefinition;
import io.deployguard.evidence.Evidence;
import io.deployguard.evidence.EvidenceBundle;
import io.deployguard.evidence.EvidencePlan;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the look at the service itself shows, before anything is asked for. */
final class LiveEvidence {

    /** Service messages older than the deployment by more than this belong to an earlier one. */
    private static final Duration MESSAGES_BEFORE = Duration.ofMinutes(1);

    /** A task is ended soon after its target was called unhealthy. */
    private static final Duration ENDED_WITHIN = Duration.ofMinutes(1);

    /** ECS's words when a load balancer's check fails. */
    private static final String TARGET_UNHEALTHY = "is unhealthy in (target-group";

    private LiveEvidence() {}

    static EvidenceBundle of(
            FailingRevision failing,
            EvidencePlan plan,
            TaskDefinition definition,
            Optional<TaskDefinition> before,
            Optional<RollbackTarget> target) {
        var evidence = new ArrayList<>(EvidencePlan.describe(plan.subject()));
        evidence.add(new Evidence.Definitions(definition, before));
        evidence.addAll(imageDigests(failing, target));
        evidence.addAll(targetReasons(failing));
        evidence.add(failing.serving());
        var since = failing.startedAt().minus(MESSAGES_BEFORE);
        failing.snapshot().service().messages().stream()
                .filter(message -> !message.at().isBefore(since) && !isOfOthers(message, failing))
                .forEach(message ->
                        evidence.add(new Evidence.ServiceMessage(Optional.of(message.at()), message.text())));
        evidence.addAll(plan.missing());
        return new EvidenceBundle(evidence);
    }

    /**
     * ECS does not say whose target is unhealthy. While tasks of another revision are ended for their checks, and none of this one is, it is
     * theirs.
     */
    private static boolean isOfOthers(ServiceDescription.Message message, FailingRevision failing) {
        return message.text().contains(TARGET_UNHEALTHY)
                && failing.tasks().stream().noneMatch(task -> failsChecksAround(message.at(), task))
                && failing.snapshot().tasks().stream()
                        .filter(task ->
                                task.deployment().filter(failing.id()::equals).isEmpty())
                        .anyMatch(task -> failsChecksAround(message.at(), task));
    }

    private static boolean failsChecksAround(Instant moment, Task task) {
        return StopJudgement.isUnexpected(task)
                && task.stop()
                        .filter(stop -> stop.code() == Stop.Code.SERVICE_SCHEDULER_INITIATED)
                        .isPresent()
                && StopJudgement.stoppedAt(task)
                        .filter(at -> Duration.between(at, moment).abs().compareTo(ENDED_WITHIN) <= 0)
                        .isPresent();
    }

    private static List<Evidence> imageDigests(FailingRevision failing, Optional<RollbackTarget> target) {
        var snapshot = failing.snapshot();
        var before = target.flatMap(known -> snapshot.findRevision(known.deployment()));
        return snapshot.findRevision(failing.id()).stream()
                .flatMap(revision -> revision.images().stream())
                .<Evidence>map(image -> new Evidence.ImageDigest(
                        image.container(),
                        image.image(),
                        image.digest(),
                        before.stream()
                                .flatMap(revision -> revision.images().stream())
                                .filter(earlier -> earlier.container().equals(image.container()))
                                .flatMap(earlier -> earlier.digest().stream())
                                .findFirst()))
                .toList();
    }

    /** Targets of the failing tasks; when none can be matched by address, all that are not healthy and not another revision's. */
    private static List<Evidence> targetReasons(FailingRevision failing) {
        var snapshot = failing.snapshot();
        var own = targetsAt(addresses(failing.tasks().stream()), snapshot);
        var others = addresses(snapshot.tasks().stream()
                .filter(task -> task.deployment().filter(failing.id()::equals).isEmpty()));
        var telling = own.isEmpty()
                ? snapshot.targets().stream()
                        .filter(health -> !health.isHealthy())
                        .filter(health ->
                                health.targetId().filter(others::contains).isEmpty())
                        .toList()
                : own;
        return telling.stream()
                .filter(health -> !isIdleAsItShould(health, failing))
                .<Evidence>map(
                        health -> new Evidence.TargetReason(health.state(), health.reason(), health.description()))
                .toList();
    }

    /** CodeDeploy lets no listener lead to the new task set before all of its tasks are well, nor to one that it has replaced or taken back. */
    private static boolean isIdleAsItShould(TargetHealth health, FailingRevision failing) {
        var service = failing.snapshot().service();
        return service.controller() == ServiceDescription.Controller.CODE_DEPLOY
                && health.isUnchecked()
                && (failing.isUnderWay()
                        || service.primary()
                                .filter(primary -> primary.id().equals(failing.id()))
                                .isEmpty());
    }

    private static Set<String> addresses(Stream<Task> tasks) {
        return tasks.flatMap(task -> task.privateIp().stream()).collect(Collectors.toSet());
    }

    private static List<TargetHealth> targetsAt(Set<String> addresses, ServiceSnapshot snapshot) {
        return snapshot.targets().stream()
                .filter(health -> health.targetId().filter(addresses::contains).isPresent())
                .toList();
    }
}
