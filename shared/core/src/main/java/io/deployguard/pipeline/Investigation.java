package io.deployguard.pipeline;

import io.deployguard.action.Command;
import io.deployguard.action.RollbackTarget;
import io.deployguard.classification.Diagnosis;
import io.deployguard.decision.Circumstances;
import io.deployguard.decision.DecisionPolicy;
import io.deployguard.decision.Mode;
import io.deployguard.detection.Observation;
import io.deployguard.ecs.CodeDeployRef;
import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.GithubDeployment;
import io.deployguard.ecs.RevisionChanges;
import io.deployguard.ecs.ServiceDeployment;
import io.deployguard.ecs.ServiceRef;
import io.deployguard.ecs.ServiceSnapshot;
import io.deployguard.ecs.SnapshotSource;
import io.deployguard.ecs.Task;
import io.deployguard.ecs.TaskDefinition;
import io.deployguard.ecs.TaskHealth;
import io.deployguard.evidence.Cleaning;
import io.deployguard.evidence.Evidence;
import io.deployguard.evidence.EvidenceBundle;
import io.deployguard.evidence.EvidencePlan;
import io.deployguard.evidence.EvidenceRequest;
import io.deployguard.evidence.EvidenceSource;
import io.deployguard.fault.GuardFault;
import io.deployguard.incident.Situation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Looks at a failing revision: the live service, the evidence, the cause, the decision. Changes nothing and remembers nothing; no transaction is
 * held meanwhile.
 */
public final class Investigation {

    /** One-off tasks this long before the deployment still belong to it: a migration runs before its release. */
    private static final Duration RUNS_BEFORE = Duration.ofHours(1);

    /** Logs of tasks that ECS has forgotten are read this far back; tasks of other revisions that stopped since are still known. */
    private static final Duration LOGS_BEFORE = Duration.ofMinutes(30);

    /** Of a one-off task's log. */
    private static final int TELLING_LINES = 3;

    private final SnapshotSource snapshots;
    private final EvidenceSource evidence;
    private final Diagnose diagnose;
    private final GuardSettings settings;

    public Investigation(SnapshotSource snapshots, EvidenceSource evidence, Diagnose diagnose, GuardSettings settings) {
        this.snapshots = snapshots;
        this.evidence = evidence;
        this.diagnose = diagnose;
        this.settings = settings;
    }

    /** With the usual settings but for the mode. */
    public Investigation(SnapshotSource snapshots, EvidenceSource evidence, Diagnose diagnose, Mode mode) {
        this(snapshots, evidence, diagnose, GuardSettings.DEFAULT.withMode(mode));
    }

    /**
     * What the guard knows of a revision and its service before it looks.
     *
     * @param tasks its own memory of the revision's tasks
     * @param condemned revisions that are no target to go back to
     * @param failingToo other services that began to fail in the same minutes
     * @param brake why the guard may not act by itself right now, whatever the service
     * @param flaky whether deployments of the service have completed although tasks of theirs had failed at first
     */
    public record Memory(
            List<Task> tasks,
            Set<DeploymentId> condemned,
            Optional<String> brake,
            List<ServiceRef> failingToo,
            boolean flaky) {

        /** Of somebody who remembers nothing. */
        public static final Memory NONE = new Memory(List.of(), Set.of(), Optional.empty(), List.of(), false);

        public Memory {
            tasks = List.copyOf(tasks);
            condemned = Set.copyOf(condemned);
            failingToo = List.copyOf(failingToo);
        }
    }

    /**
     * Findings about one revision.
     *
     * @param deadline by which all evidence must be in; what is late is missing
     * @throws GuardFault when the service cannot be described
     */
    public Findings investigate(ServiceRef service, DeploymentId failing, Memory memory, Instant deadline) {
        return investigate(snapshots.describe(service), failing, memory, deadline);
    }

    /** Findings about one revision of a service that has just been looked at. */
    Findings investigate(ServiceSnapshot snapshot, DeploymentId id, Memory memory, Instant deadline) {
        var service = snapshot.service().ref();
        var failing = FailingRevision.of(snapshot, id, memory.tasks());
        var targets = Targets.of(snapshot, id, memory.condemned(), snapshots);
        // Where every target has lost its images, the nearest one is still what the failing revision is compared with.
        var target = RollbackTarget.find(snapshot, id, targets.excluded())
                .or(() -> RollbackTarget.find(snapshot, id, memory.condemned()));
        var gaps = new ArrayList<>(snapshot.gaps());
        targets.gap().ifPresent(gaps::add);
        ServiceTags.unreadableMode(snapshot.service()).ifPresent(gaps::add);
        var endpoint = ServiceTags.endpoint(snapshot.service(), gaps);
        var definitionArn = failing.taskDefinitionArn();
        var definition = read(definitionArn, gaps).orElseGet(() -> unreadable(definitionArn));
        var before = target.flatMap(known -> read(known.taskDefinitionArn(), gaps));
        var github = ServiceTags.github(failing, definition, gaps);
        var plan = EvidencePlan.of(
                failing.tasks(),
                failing.idsOfOthers(),
                definition,
                snapshot.service().targetGroups(),
                endpoint,
                service.clusterArn(),
                service.region(),
                failing.startedAt().minus(RUNS_BEFORE),
                snapshot.observedAt().minus(LOGS_BEFORE));

        var bundle = LiveEvidence.of(failing, plan, definition, before, target)
                .plus(evidence.gather(service, plan.requests(), deadline))
                .plus(gaps.stream()
                        .map(gap -> new Evidence.Missing("service", gap))
                        .toList())
                .plus(List.of(new Evidence.FailingToo(
                        memory.failingToo().stream().map(ServiceRef::toString).toList())));
        var first = diagnose.diagnose(bundle);
        if (first.isOpen()) {
            bundle = bundle.plus(usual(failing, target, before, deadline));
            if (FirstLine.isAwaited(plan, bundle, snapshot.observedAt())) {
                var earlier = FirstLine.requests(failing, definition);
                var answers = evidence.gather(service, earlier, deadline);
                bundle = bundle.plus(answers);
                plan = plan.plus(FirstLine.answered(earlier, answers));
            }
        }
        var diagnosis = first.isOpen() ? diagnose.diagnose(bundle) : first;
        bundle = bundle.plus(diagnose.gaps().stream()
                .map(gap -> new Evidence.Missing("rules", gap))
                .toList());
        var seen = new LiveCircumstances(failing, target, before, targets, plan, memory, settings, snapshots)
                .of(diagnosis, bundle);
        var ruling = DecisionPolicy.decide(diagnosis, seen.circumstances());
        return new Findings(
                diagnosis,
                ruling,
                situation(
                        failing,
                        plan,
                        definition,
                        before,
                        bundle,
                        seen.circumstances(),
                        github,
                        seen.intendedBy(ruling.decision()),
                        memory.condemned()),
                bundle);
    }

    /**
     * A look at a service whose deployment has ended well.
     *
     * @param unseen what was to be asked and could not be, one sentence each
     */
    record Arrival(Observation.Look look, List<String> unseen) {}

    /** The live service, and what its endpoint answers. */
    Arrival arrival(ServiceSnapshot snapshot, DeploymentId deployment, Instant deadline) {
        var unseen = new ArrayList<String>();
        var questions = ServiceTags.endpoint(snapshot.service(), unseen).stream()
                .<EvidenceRequest>map(EvidenceRequest.EndpointCheck::new)
                .toList();
        var asked = Optional.<Observation.Look.Asked>empty();
        for (var answer : questions.isEmpty()
                ? List.<Evidence>of()
                : evidence.gather(snapshot.service().ref(), questions, deadline)) {
            if (answer instanceof Evidence.EndpointAnswered(var endpoint, var given)) {
                asked = Optional.of(new Observation.Look.Asked(endpoint, given));
            } else if (answer instanceof Evidence.Missing(var source, var reason)) {
                unseen.add(source + ": " + reason);
            }
        }
        return new Arrival(look(snapshot, deployment, asked), unseen);
    }

    /** The live service as it was seen, without asking its endpoint. */
    static Observation.Look look(ServiceSnapshot snapshot, DeploymentId deployment) {
        return look(snapshot, deployment, Optional.empty());
    }

    private static Observation.Look look(
            ServiceSnapshot snapshot, DeploymentId deployment, Optional<Observation.Look.Asked> asked) {
        return new Observation.Look(
                snapshot, Optional.empty(), FailingRevision.startOf(snapshot, deployment), Optional.empty(), asked);
    }

    /** Asked for only when no rule knows the failure: what a healthy task of the last revision wrote as well is no clue. */
    private List<Evidence> usual(
            FailingRevision failing,
            Optional<RollbackTarget> target,
            Optional<TaskDefinition> before,
            Instant deadline) {
        var snapshot = failing.snapshot();
        var healthy = failing.earlierTasks().stream()
                .filter(task -> TaskHealth.isHealthy(task, snapshot))
                .filter(task -> target.filter(known -> known.taskDefinitionArn().equals(task.taskDefinitionArn()))
                        .isPresent())
                .min(Comparator.comparing(Task::arn));
        if (healthy.isEmpty() || before.isEmpty()) {
            return List.of();
        }
        var requests = EvidencePlan.usualLogs(
                healthy.get(), before.get(), snapshot.service().ref().region());
        return evidence.gather(snapshot.service().ref(), requests, deadline).stream()
                .filter(Evidence.UsualLine.class::isInstance)
                .toList();
    }

    /**
     * What the logs of a one-off task say of why it failed: the cause with the lines that tell it, else the most telling lines.
     *
     * @param deadline by which the logs must be in
     */
    Optional<String> explain(Task task, ServiceRef service, Instant deadline) {
        var gaps = new ArrayList<String>();
        var definition = read(task.taskDefinitionArn(), gaps).orElseGet(() -> unreadable(task.taskDefinitionArn()));
        var plan = EvidencePlan.of(
                List.of(task),
                Set.of(),
                definition,
                List.of(),
                Optional.empty(),
                service.clusterArn(),
                service.region(),
                Instant.MAX,
                Instant.MAX);
        var logs = plan.requests().stream()
                .filter(EvidenceRequest.ContainerLog.class::isInstance)
                .toList();
        var bundle = new EvidenceBundle(EvidencePlan.describe(plan.subject()))
                .plus(List.of(new Evidence.Definitions(definition, Optional.empty())))
                .plus(evidence.gather(service, logs, deadline));
        return switch (diagnose.diagnose(bundle)) {
            case Diagnosis.Identified found -> Optional.of(found.title() + said(found.proof()));
            case Diagnosis.Unknown unknown ->
                unknown.proof().isEmpty() ? Optional.empty() : Optional.of("its log says" + said(unknown.proof()));
        };
    }

    private static String said(List<Diagnosis.Proof> proof) {
        return proof.stream()
                .limit(TELLING_LINES)
                .map(Diagnosis.Proof::text)
                .collect(Collectors.joining(" / ", ": ", ""));
    }

    /** What the guard should know and does not, whatever the service. */
    List<String> gaps() {
        return diagnose.gaps();
    }

    /** A definition of which only the name is known: stop reasons and exit codes still tell, logs cannot be located. */
    private static TaskDefinition unreadable(String arn) {
        var name = arn.substring(arn.lastIndexOf('/') + 1);
        var family = name.contains(":") ? name.substring(0, name.indexOf(':')) : name;
        return new TaskDefinition(
                Optional.of(arn),
                family,
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Set.of());
    }

    private Optional<TaskDefinition> read(String taskDefinitionArn, List<String> gaps) {
        try {
            return Optional.of(snapshots.describeTaskDefinition(taskDefinitionArn));
        } catch (GuardFault fault) {
            if (fault.isTransient()) {
                throw fault;
            }
            gaps.add(String.valueOf(fault.getMessage()));
            return Optional.empty();
        }
    }

    private static Situation situation(
            FailingRevision failing,
            EvidencePlan plan,
            TaskDefinition definition,
            Optional<TaskDefinition> before,
            EvidenceBundle bundle,
            Circumstances circumstances,
            Optional<GithubDeployment> github,
            Optional<Command> intended,
            Set<DeploymentId> condemned) {
        var serving = failing.serving();
        return new Situation(
                definition.arn().orElse(definition.family()),
                circumstances.targetTaskDefinition(),
                before.map(earlier -> RevisionChanges.between(earlier, definition))
                        .orElse(List.of()),
                serving.healthyOld(),
                serving.healthyNew(),
                serving.desired(),
                failing.deployment().map(ServiceDeployment::arn),
                plan.subject().map(Task::id),
                plan.requests().stream()
                        .filter(EvidenceRequest.ContainerLog.class::isInstance)
                        .map(EvidenceRequest.ContainerLog.class::cast)
                        .findFirst()
                        .map(log -> new Situation.LogStream(log.region(), log.group(), log.stream())),
                Cleaning.of(bundle).only(Evidence.Missing.class).stream()
                        .map(missing -> missing.source() + ": " + missing.reason())
                        .toList(),
                circumstances.mode().mode().toString(),
                Optional.empty(),
                github,
                intended,
                releasedBefore(failing, condemned));
    }

    /** Whose revision CodeDeploy could deploy once more. */
    private static Optional<CodeDeployRef> releasedBefore(FailingRevision failing, Set<DeploymentId> condemned) {
        return failing.snapshot().deployments().stream()
                .filter(deployment -> deployment.status() == ServiceDeployment.Status.SUCCESSFUL)
                .filter(deployment -> !deployment.deploymentId().equals(failing.id())
                        && !condemned.contains(deployment.deploymentId()))
                .flatMap(deployment -> CodeDeployRef.find(deployment.arn()).stream())
                .findFirst();
    }
}
