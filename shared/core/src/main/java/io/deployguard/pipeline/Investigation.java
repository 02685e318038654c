package io.deployguard.pipeline;

import io.deployguard.action.Action;
import io.deployguard.action.ActionPlan;
import io.deployguard.action.Actions;
import io.deployguard.action.Command;
import io.deployguard.action.OptIn;
import io.deployguard.action.RollbackTarget;
import io.deployguard.classification.Diagnosis;
import io.deployguard.classification.Remedy;
import io.deployguard.decision.BreakerRule;
import io.deployguard.decision.Circumstances;
import io.deployguard.decision.DecisionPolicy;
import io.deployguard.decision.Mode;
import io.deployguard.decision.OtherRemedy;
import io.deployguard.decision.SchemaMovement;
import io.deployguard.detection.Observation;
import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.Endpoint;
import io.deployguard.ecs.GithubDeployment;
import io.deployguard.ecs.RevisionChanges;
import io.deployguard.ecs.ServiceDeployment;
import io.deployguard.ecs.ServiceDescription;
import io.deployguard.ecs.ServiceRef;
import io.deployguard.ecs.ServiceSnapshot;
import io.deployguard.ecs.SnapshotSource;
import io.deployguard.ecs.TargetHealth;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Looks at a failing revision: the live service, the evidence, the cause, the decision. Changes nothing and remembers nothing; no transaction is
 * held meanwhile.
 */
public final class Investigation {

    /** One-off tasks this long before the deployment still belong to it: a migration runs before its release. */
    private static final Duration RUNS_BEFORE = Duration.ofHours(1);

    /** Service messages older than the deployment by more than this belong to an earlier one. */
    private static final Duration MESSAGES_BEFORE = Duration.ofMinutes(1);

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
     */
    public record Memory(
            List<Task> tasks, Set<DeploymentId> condemned, Optional<String> brake, List<ServiceRef> failingToo) {

        /** Of somebody who remembers nothing. */
        public static final Memory NONE = new Memory(List.of(), Set.of(), Optional.empty(), List.of());

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
    Findings investigate(ServiceSnapshot snapshot, DeploymentId failing, Memory memory, Instant deadline) {
        var service = snapshot.service().ref();
        var tasks = merge(memory.tasks(), snapshot.tasksOf(failing));
        var targets = Targets.of(snapshot, failing, memory.condemned(), snapshots);
        // Where every target has lost its images, the nearest one is still what the failing revision is compared with.
        var target = RollbackTarget.find(snapshot, failing, targets.excluded())
                .or(() -> RollbackTarget.find(snapshot, failing, memory.condemned()));
        var gaps = new ArrayList<>(snapshot.gaps());
        targets.gap().ifPresent(gaps::add);
        unreadableMode(snapshot.service()).ifPresent(gaps::add);
        var endpoint = endpointOf(snapshot.service(), gaps);
        var definitionArn = definitionArn(snapshot, failing, tasks);
        var definition = read(definitionArn, gaps).orElseGet(() -> unreadable(definitionArn));
        var before = target.flatMap(known -> read(known.taskDefinitionArn(), gaps));
        var github = githubOf(snapshot, failing, definition, gaps);
        var plan = EvidencePlan.of(
                tasks,
                othersThan(failing, snapshot),
                definition,
                snapshot.service().targetGroups(),
                endpoint,
                service.clusterArn(),
                service.region(),
                startOf(snapshot, failing).minus(RUNS_BEFORE),
                snapshot.observedAt().minus(LOGS_BEFORE));

        var bundle = seen(snapshot, failing, tasks, plan, definition, before, target)
                .plus(evidence.gather(plan.requests(), deadline))
                .plus(gaps.stream()
                        .map(gap -> new Evidence.Missing("service", gap))
                        .toList())
                .plus(List.of(new Evidence.FailingToo(
                        memory.failingToo().stream().map(ServiceRef::toString).toList())));
        var first = diagnose.diagnose(bundle);
        if (first instanceof Diagnosis.Unknown) {
            bundle = bundle.plus(usual(snapshot, failing, target, before, deadline));
        }
        var diagnosis = first instanceof Diagnosis.Unknown ? diagnose.diagnose(bundle) : first;
        bundle = bundle.plus(diagnose.gaps().stream()
                .map(gap -> new Evidence.Missing("rules", gap))
                .toList());
        var circumstances = circumstances(snapshot, failing, target, before, targets, memory, tasks, bundle, diagnosis);
        var ruling = DecisionPolicy.decide(diagnosis, circumstances);
        return new Findings(
                diagnosis,
                ruling,
                situation(snapshot, failing, plan, definition, before, bundle, circumstances)
                        .withGithub(github),
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
        var questions = endpointOf(snapshot.service(), unseen).stream()
                .<EvidenceRequest>map(EvidenceRequest.EndpointCheck::new)
                .toList();
        var asked = Optional.<Observation.Look.Asked>empty();
        for (var answer : questions.isEmpty() ? List.<Evidence>of() : evidence.gather(questions, deadline)) {
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
        return new Observation.Look(snapshot, Optional.empty(), startOf(snapshot, deployment), Optional.empty(), asked);
    }

    /** A tag that cannot be read is a gap, told with the incident. */
    private static Optional<Endpoint> endpointOf(ServiceDescription service, List<String> gaps) {
        try {
            return Endpoint.of(service.tags());
        } catch (IllegalArgumentException unreadable) {
            gaps.add(String.valueOf(unreadable.getMessage()));
            return Optional.empty();
        }
    }

    /**
     * What the pipeline calls this deployment. A task definition's tags belong to one revision for ever; a service's are those of its newest
     * deployment, and count for that one only.
     */
    private static Optional<GithubDeployment> githubOf(
            ServiceSnapshot snapshot, DeploymentId failing, TaskDefinition definition, List<String> gaps) {
        var isNewest = snapshot.currentDeployment()
                .map(ServiceDeployment::deploymentId)
                .or(() -> snapshot.service().primary().map(ServiceDescription.Rollout::id))
                .filter(failing::equals)
                .isPresent();
        try {
            return GithubDeployment.of(definition.tags())
                    .or(() -> isNewest ? GithubDeployment.of(snapshot.service().tags()) : Optional.empty());
        } catch (IllegalArgumentException unreadable) {
            gaps.add(String.valueOf(unreadable.getMessage()));
            return Optional.empty();
        }
    }

    /** Asked for only when no rule knows the failure: what a healthy task of the last revision wrote as well is no clue. */
    private List<Evidence> usual(
            ServiceSnapshot snapshot,
            DeploymentId failing,
            Optional<RollbackTarget> target,
            Optional<TaskDefinition> before,
            Instant deadline) {
        var healthy = oldTasks(snapshot, failing).stream()
                .filter(task -> TaskHealth.isHealthy(task, snapshot))
                .filter(task -> target.filter(known -> known.taskDefinitionArn().equals(task.taskDefinitionArn()))
                        .isPresent())
                .min(Comparator.comparing(Task::arn));
        if (healthy.isEmpty() || before.isEmpty()) {
            return List.of();
        }
        var requests = EvidencePlan.usualLogs(
                healthy.get(), before.get(), snapshot.service().ref().region());
        return evidence.gather(requests, deadline).stream()
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
                .plus(evidence.gather(logs, deadline));
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

    private static Set<String> othersThan(DeploymentId failing, ServiceSnapshot snapshot) {
        return snapshot.tasks().stream()
                .filter(task -> task.deployment().filter(failing::equals).isEmpty())
                .map(Task::id)
                .collect(Collectors.toSet());
    }

    private static Optional<String> unreadableMode(ServiceDescription service) {
        return Optional.ofNullable(service.tags().get(Mode.TAG))
                .filter(text -> Mode.find(text).isEmpty())
                .map(_ ->
                        "tag " + Mode.TAG + ": expected observe, ask or auto, got something else; the guard observes");
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

    private static EvidenceBundle seen(
            ServiceSnapshot snapshot,
            DeploymentId failing,
            List<Task> tasks,
            EvidencePlan plan,
            TaskDefinition definition,
            Optional<TaskDefinition> before,
            Optional<RollbackTarget> target) {
        var evidence = new ArrayList<>(EvidencePlan.describe(plan.subject()));
        evidence.add(new Evidence.Definitions(definition, before));
        evidence.addAll(imageDigests(snapshot, failing, target));
        evidence.addAll(targetReasons(snapshot, failing, tasks));
        evidence.add(serving(snapshot, failing));
        var since = startOf(snapshot, failing).minus(MESSAGES_BEFORE);
        snapshot.service().messages().stream()
                .filter(message -> !message.at().isBefore(since))
                .forEach(message ->
                        evidence.add(new Evidence.ServiceMessage(Optional.of(message.at()), message.text())));
        evidence.addAll(plan.missing());
        return new EvidenceBundle(evidence);
    }

    private static List<Evidence> imageDigests(
            ServiceSnapshot snapshot, DeploymentId failing, Optional<RollbackTarget> target) {
        var before = target.flatMap(known -> snapshot.findRevision(known.deployment()));
        return snapshot.findRevision(failing).stream()
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
    private static List<Evidence> targetReasons(ServiceSnapshot snapshot, DeploymentId failing, List<Task> tasks) {
        var own = targetsAt(addresses(tasks.stream()), snapshot);
        var others = addresses(snapshot.tasks().stream()
                .filter(task -> task.deployment().filter(failing::equals).isEmpty()));
        var telling = own.isEmpty()
                ? snapshot.targets().stream()
                        .filter(health -> !health.isHealthy())
                        .filter(health ->
                                health.targetId().filter(others::contains).isEmpty())
                        .toList()
                : own;
        return telling.stream()
                .<Evidence>map(
                        health -> new Evidence.TargetReason(health.state(), health.reason(), health.description()))
                .toList();
    }

    private static Set<String> addresses(Stream<Task> tasks) {
        return tasks.flatMap(task -> task.privateIp().stream()).collect(Collectors.toSet());
    }

    private static List<TargetHealth> targetsAt(Set<String> addresses, ServiceSnapshot snapshot) {
        return snapshot.targets().stream()
                .filter(health -> health.targetId().filter(addresses::contains).isPresent())
                .toList();
    }

    private static Evidence.Serving serving(ServiceSnapshot snapshot, DeploymentId failing) {
        return new Evidence.Serving(
                (int) oldTasks(snapshot, failing).stream()
                        .filter(task -> TaskHealth.isHealthy(task, snapshot))
                        .count(),
                TaskHealth.healthyTasksOf(failing, snapshot).size(),
                snapshot.service().desired());
    }

    private static List<Task> oldTasks(ServiceSnapshot snapshot, DeploymentId failing) {
        return snapshot.tasks().stream()
                .filter(Task::isRunning)
                .filter(task ->
                        task.deployment().filter(id -> !id.equals(failing)).isPresent())
                .toList();
    }

    private Circumstances circumstances(
            ServiceSnapshot snapshot,
            DeploymentId failing,
            Optional<RollbackTarget> target,
            Optional<TaskDefinition> before,
            Targets targets,
            Memory memory,
            List<Task> tasks,
            EvidenceBundle bundle,
            Diagnosis diagnosis) {
        var old = oldTasks(snapshot, failing);
        var rollback = rollbackUnderWay(snapshot, failing);
        return new Circumstances(
                settings.modes().choose(snapshot.service().tags(), DecisionPolicy.namesOf(diagnosis)),
                rollback.isPresent() ? Optional.empty() : supersededBy(snapshot, failing),
                rollback,
                snapshot.service().controller(),
                target.map(RollbackTarget::taskDefinitionArn),
                Actions.find(DecisionPolicy.ROLL_BACK.action())
                        .flatMap(rollBack -> obstacle(rollBack, snapshot, failing, targets, before)),
                otherRemedy(snapshot, failing, targets, before, diagnosis),
                SchemaMovement.find(Cleaning.of(bundle), snapshot.service().tags()),
                old.size(),
                (int) old.stream()
                        .filter(task -> TaskHealth.isHealthy(task, snapshot))
                        .count(),
                breaker(snapshot, failing, memory, tasks),
                memory.brake(),
                snapshot.observedAt().plus(settings.askFor()));
    }

    /** Where others fail in the same minutes, what nobody can name may well lie outside of the revision. */
    private static Optional<String> breaker(
            ServiceSnapshot snapshot, DeploymentId failing, Memory memory, List<Task> tasks) {
        return memory.failingToo().isEmpty()
                ? BreakerRule.find(snapshot, failing, tasks, startOf(snapshot, failing))
                : Optional.empty();
    }

    /** What the actor would answer if it planned the action now. */
    private static Optional<String> obstacle(
            Action action,
            ServiceSnapshot snapshot,
            DeploymentId failing,
            Targets targets,
            Optional<TaskDefinition> before) {
        return switch (action.plan(snapshot, failing, targets.excluded())) {
            case ActionPlan.Steps steps -> inactiveTarget(steps, before);
            case ActionPlan.Stage _, ActionPlan.Waits _ -> Optional.empty();
            case ActionPlan.Refused refused -> Optional.of(targets.explain(refused.because()));
            case ActionPlan.Overtaken overtaken -> Optional.of(overtaken.because());
        };
    }

    /**
     * A deployment that runs is stopped without it, but nothing new is started with a task definition that was deregistered.
     *
     * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deregister-task-definition-v2.html">Deregistering</a>
     */
    private static Optional<String> inactiveTarget(ActionPlan.Steps steps, Optional<TaskDefinition> before) {
        return before.filter(TaskDefinition::inactive)
                .flatMap(TaskDefinition::arn)
                .filter(arn -> steps.commands().stream()
                        .anyMatch(command -> command instanceof Command.UpdateService update
                                && update.taskDefinitionArn().equals(arn)))
                .map(arn ->
                        "task definition %s is INACTIVE, and ECS deploys no such one; register it again under a new revision"
                                .formatted(arn.substring(arn.lastIndexOf('/') + 1)));
    }

    /** The first remedy of the cause that settings and tags both want. */
    private Optional<OtherRemedy> otherRemedy(
            ServiceSnapshot snapshot,
            DeploymentId failing,
            Targets targets,
            Optional<TaskDefinition> before,
            Diagnosis diagnosis) {
        return diagnosis instanceof Diagnosis.Identified found
                ? found.remedies().stream()
                        .filter(Remedy.Automatic.class::isInstance)
                        .map(Remedy.Automatic.class::cast)
                        .filter(remedy -> settings.remedies().contains(remedy.action()))
                        .flatMap(remedy -> Actions.find(remedy.action()).stream()
                                .filter(OptIn.class::isInstance)
                                .map(OptIn.class::cast)
                                .filter(action ->
                                        action.isWantedBy(snapshot.service().tags()))
                                .map(action -> new OtherRemedy(
                                        remedy,
                                        action.inWords(snapshot),
                                        obstacle(action, snapshot, failing, targets, before))))
                        .findFirst()
                : Optional.empty();
    }

    private static Optional<String> supersededBy(ServiceSnapshot snapshot, DeploymentId failing) {
        return snapshot.service()
                .primary()
                .filter(primary -> !primary.id().equals(failing))
                .map(primary -> "deployment " + primary.id() + " took its place");
    }

    private static Optional<String> rollbackUnderWay(ServiceSnapshot snapshot, DeploymentId failing) {
        return snapshot.deployments().stream()
                .filter(deployment -> deployment.deploymentId().equals(failing))
                .findFirst()
                .filter(deployment -> deployment.status().isRollingBack()
                        || deployment.rollbackRevisionArn().isPresent())
                .map(deployment ->
                        deployment.rollbackReason().or(deployment::statusReason).orElse("by ECS"))
                .or(() -> snapshot.service()
                        .findRollout(failing)
                        .filter(rollout -> !rollout.isPrimary())
                        .filter(ServiceDescription.Rollout::isFailed)
                        .map(_ -> "by ECS's circuit breaker"));
    }

    private static Situation situation(
            ServiceSnapshot snapshot,
            DeploymentId failing,
            EvidencePlan plan,
            TaskDefinition definition,
            Optional<TaskDefinition> before,
            EvidenceBundle bundle,
            Circumstances circumstances) {
        var serving = serving(snapshot, failing);
        return new Situation(
                definition.arn().orElse(definition.family()),
                circumstances.targetTaskDefinition(),
                before.map(earlier -> RevisionChanges.between(earlier, definition))
                        .orElse(List.of()),
                serving.healthyOld(),
                serving.healthyNew(),
                serving.desired(),
                snapshot.deployments().stream()
                        .filter(deployment -> deployment.deploymentId().equals(failing))
                        .findFirst()
                        .map(deployment -> deployment.arn()),
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
                Optional.empty());
    }

    private static String definitionArn(ServiceSnapshot snapshot, DeploymentId failing, List<Task> tasks) {
        return tasks.stream()
                .findFirst()
                .map(Task::taskDefinitionArn)
                .or(() -> snapshot.service().findRollout(failing).map(ServiceDescription.Rollout::taskDefinitionArn))
                .or(() -> snapshot.findRevision(failing).map(revision -> revision.taskDefinitionArn()))
                .orElse(snapshot.service().taskDefinitionArn());
    }

    private static Instant startOf(ServiceSnapshot snapshot, DeploymentId failing) {
        return snapshot.service()
                .findRollout(failing)
                .flatMap(ServiceDescription.Rollout::createdAt)
                .or(() -> snapshot.deployments().stream()
                        .filter(deployment -> deployment.deploymentId().equals(failing))
                        .findFirst()
                        .flatMap(deployment -> deployment.createdAt()))
                .orElse(snapshot.observedAt().minus(RUNS_BEFORE));
    }

    /** One view per task, the one with the higher version; ECS's present view wins a tie, as it carries the health. */
    private static List<Task> merge(List<Task> remembered, List<Task> live) {
        var byArn = new LinkedHashMap<String, Task>();
        live.forEach(task -> byArn.put(task.arn(), task));
        remembered.forEach(task -> byArn.merge(
                task.arn(), task, (present, earlier) -> earlier.version() > present.version() ? earlier : present));
        return List.copyOf(byArn.values());
    }
}
