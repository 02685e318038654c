package io.deployguard.aws.ecs;

import io.deployguard.aws.AwsClients;
import io.deployguard.aws.AwsFaults;
import io.deployguard.aws.Parallel;
import io.deployguard.aws.ecr.EcrImages;
import io.deployguard.aws.elb.ListenerRules;
import io.deployguard.aws.elb.TargetGroups;
import io.deployguard.ecs.CodeDeployRef;
import io.deployguard.ecs.ImageState;
import io.deployguard.ecs.ListenerRule;
import io.deployguard.ecs.ServiceDeployment;
import io.deployguard.ecs.ServiceDescription;
import io.deployguard.ecs.ServiceRef;
import io.deployguard.ecs.ServiceRevision;
import io.deployguard.ecs.ServiceSnapshot;
import io.deployguard.ecs.SnapshotSource;
import io.deployguard.ecs.TargetHealth;
import io.deployguard.ecs.Task;
import io.deployguard.ecs.TaskDefinition;
import io.deployguard.ecs.TaskSets;
import io.deployguard.fault.GuardFault;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.DesiredStatus;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.ServiceField;
import software.amazon.awssdk.services.ecs.model.SortOrder;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionField;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionStatus;

/** Looks at a service through the APIs of ECS, ELB and, where its deployments belong to it, CodeDeploy: the service first, then everything else at once. Thread-safe. */
public final class EcsSnapshotSource implements SnapshotSource {

    /** For everything after the service itself; what is late becomes a gap. */
    private static final Duration PATIENCE = Duration.ofSeconds(12);

    /** Most ARNs that DescribeServiceDeployments and DescribeServiceRevisions take. */
    private static final int MOST_ARNS = 20;

    /** Most tasks that DescribeTasks takes. */
    private static final int MOST_TASKS = 100;

    /** Of the family, newest first. */
    private static final int MOST_TWINS = 10;

    private final EcsClient ecs;
    private final HookCalls hooks;
    private final TargetGroups targetGroups;
    private final ListenerRules listeners;
    private final EcrImages images;
    private final CodeDeployments codeDeploy;
    private final InstantSource clock;
    private final Map<String, TaskDefinition> definitions = new ConcurrentHashMap<>();

    public EcsSnapshotSource(AwsClients clients, InstantSource clock) {
        this.ecs = clients.ecs();
        this.hooks = new HookCalls(clients, clients);
        this.targetGroups = new TargetGroups(clients.elb());
        this.listeners = new ListenerRules(clients.elb());
        this.images = new EcrImages(clients);
        this.codeDeploy = new CodeDeployments(clients);
        this.clock = clock;
    }

    /**
     * The service that people name by cluster and service, each a short name or an ARN.
     *
     * @throws GuardFault.NotFound when cluster or service do not exist
     */
    public ServiceRef find(String cluster, String service) {
        var subject = "service " + cluster + "/" + service;
        return AwsFaults.ask(
                        "ecs:DescribeServices",
                        subject,
                        () -> ecs.describeServices(
                                request -> request.cluster(cluster).services(service)))
                .services()
                .stream()
                .flatMap(found -> ServiceRef.findInCluster(found.clusterArn(), found.serviceName()).stream())
                .findFirst()
                .orElseThrow(() -> new GuardFault.NotFound(
                        "ecs:DescribeServices for " + subject + ": no such service in the cluster", null));
    }

    @Override
    public ServiceSnapshot describe(ServiceRef ref) {
        var told = service(ref);
        var sets = EcsMapper.taskSets(told);
        var described = EcsMapper.service(ref, told);
        var byCodeDeploy = described.controller() == ServiceDescription.Controller.CODE_DEPLOY;
        var service = byCodeDeploy ? TaskSets.withTargetGroups(described, sets) : described;
        var gaps = new ArrayList<String>();
        var deployments = new ArrayList<ServiceDeployment>();
        var revisions = new ArrayList<ServiceRevision>();
        var tasks = new ArrayList<Task>();
        var targets = new ArrayList<TargetHealth>();
        var taskSets = new ArrayList<>(List.of(new TaskSets(sets, List.of(), Map.of())));
        List<Callable<Runnable>> questions = new ArrayList<>();
        questions.add(() -> {
            if (byCodeDeploy) {
                var known = codeDeploy.of(ref, sets);
                return () -> taskSets.add(known);
            }
            var history = deployments(ref);
            var known = revisions(ref, history);
            return () -> {
                deployments.addAll(history);
                revisions.addAll(known);
            };
        });
        for (var status : List.of(DesiredStatus.RUNNING, DesiredStatus.STOPPED)) {
            questions.add(() -> {
                var found = tasks(ref, status);
                return () -> tasks.addAll(found);
            });
        }
        for (var arn : service.targetGroups()) {
            questions.add(() -> {
                var health = targetGroups.health(arn);
                return () -> targets.addAll(health);
            });
        }
        for (var answer : Parallel.ask(questions, PATIENCE)) {
            switch (answer) {
                case Parallel.Answer.Given<Runnable>(var keep) -> keep.run();
                case Parallel.Answer.Refused<Runnable>(var fault) -> gaps.add(String.valueOf(fault.getMessage()));
            }
        }
        var look = new ServiceSnapshot(service, deployments, revisions, tasks, targets, gaps, clock.instant());
        return byCodeDeploy ? taskSets.getLast().in(look) : look;
    }

    @Override
    public Optional<ServiceRef> releasedBy(CodeDeployRef deployment) {
        return codeDeploy.releasedBy(deployment);
    }

    private Service service(ServiceRef ref) {
        var answer = AwsFaults.ask(
                "ecs:DescribeServices",
                "service " + ref,
                () -> ecs.describeServices(request ->
                        request.cluster(ref.clusterArn()).services(ref.name()).include(ServiceField.TAGS)));
        return answer.services().stream()
                .findFirst()
                .orElseThrow(() -> new GuardFault.NotFound(
                        "ecs:DescribeServices for service " + ref + ": no such service in the cluster", null));
    }

    private List<ServiceDeployment> deployments(ServiceRef ref) {
        var arns = AwsFaults.ask(
                        "ecs:ListServiceDeployments",
                        "service " + ref,
                        () -> ecs.listServiceDeployments(request -> request.cluster(ref.clusterArn())
                                .service(ref.name())
                                .maxResults(MOST_ARNS)))
                .serviceDeployments()
                .stream()
                .map(brief -> brief.serviceDeploymentArn())
                .toList();
        if (arns.isEmpty()) {
            return List.of();
        }
        return AwsFaults.ask(
                        "ecs:DescribeServiceDeployments",
                        "service " + ref,
                        () -> ecs.describeServiceDeployments(request -> request.serviceDeploymentArns(arns)))
                .serviceDeployments()
                .stream()
                .map(deployment -> EcsMapper.deployment(deployment, hooksOf(deployment)))
                .sorted(Comparator.comparing((ServiceDeployment deployment) ->
                                deployment.createdAt().orElse(java.time.Instant.EPOCH))
                        .reversed())
                .toList();
    }

    /** At most one deployment of a service goes on, and most services have no hooks. */
    private List<ServiceDeployment.Hook> hooksOf(
            software.amazon.awssdk.services.ecs.model.ServiceDeployment deployment) {
        return EcsMapper.mayWaitAtAHook(deployment) ? hooks.hooksOf(deployment.serviceDeploymentArn()) : List.of();
    }

    private List<ServiceRevision> revisions(ServiceRef ref, List<ServiceDeployment> deployments) {
        var arns = deployments.stream()
                .flatMap(deployment -> Stream.concat(
                        Stream.of(deployment.targetRevisionArn()),
                        Stream.concat(
                                deployment.sourceRevisionArns().stream(), deployment.rollbackRevisionArn().stream())))
                .distinct()
                .toList();
        var revisions = new ArrayList<ServiceRevision>();
        for (var from = 0; from < arns.size(); from += MOST_ARNS) {
            var batch = arns.subList(from, Math.min(from + MOST_ARNS, arns.size()));
            AwsFaults.ask(
                            "ecs:DescribeServiceRevisions",
                            "service " + ref,
                            () -> ecs.describeServiceRevisions(request -> request.serviceRevisionArns(batch)))
                    .serviceRevisions()
                    .forEach(revision -> revisions.add(EcsMapper.revision(revision)));
        }
        return revisions;
    }

    private List<Task> tasks(ServiceRef ref, DesiredStatus status) {
        var arns = AwsFaults.ask(
                "ecs:ListTasks",
                "service " + ref,
                () -> ecs
                        .listTasksPaginator(request -> request.cluster(ref.clusterArn())
                                .serviceName(ref.name())
                                .desiredStatus(status))
                        .taskArns()
                        .stream()
                        .limit(MOST_TASKS * 10L)
                        .toList());
        return describeTasks(ecs, ref.clusterArn(), "service " + ref, arns);
    }

    /** Tasks by their ARNs, in batches as large as the API takes. */
    static List<Task> describeTasks(EcsClient ecs, String cluster, String subject, List<String> arns) {
        var tasks = new ArrayList<Task>();
        for (var from = 0; from < arns.size(); from += MOST_TASKS) {
            var batch = arns.subList(from, Math.min(from + MOST_TASKS, arns.size()));
            AwsFaults.ask(
                            "ecs:DescribeTasks",
                            subject,
                            () -> ecs.describeTasks(
                                    request -> request.cluster(cluster).tasks(batch)))
                    .tasks()
                    .forEach(task -> tasks.add(EcsMapper.task(task)));
        }
        return tasks;
    }

    @Override
    public ImageState images(ServiceRevision revision) {
        return images.of(revision);
    }

    @Override
    public List<ListenerRule> listenerRules(List<String> targetGroupArns) {
        return listeners.describe(targetGroupArns);
    }

    @Override
    public Optional<String> findActiveTwin(String taskDefinitionArn) {
        var original = definition(taskDefinitionArn);
        var content = TaskDefinitionCopy.content(original);
        return AwsFaults.ask(
                        "ecs:ListTaskDefinitions",
                        "family " + original.family(),
                        () -> ecs.listTaskDefinitions(request -> request.familyPrefix(original.family())
                                .status(TaskDefinitionStatus.ACTIVE)
                                .sort(SortOrder.DESC)
                                .maxResults(MOST_TWINS)))
                .taskDefinitionArns()
                .stream()
                .filter(arn -> TaskDefinitionCopy.content(definition(arn)).equals(content))
                .findFirst();
    }

    private software.amazon.awssdk.services.ecs.model.TaskDefinition definition(String taskDefinitionArn) {
        return AwsFaults.ask(
                        "ecs:DescribeTaskDefinition",
                        taskDefinitionArn,
                        () -> ecs.describeTaskDefinition(request -> request.taskDefinition(taskDefinitionArn)))
                .taskDefinition();
    }

    @Override
    public List<Task> oneOffTasks(String clusterArn, String family) {
        return Stream.of(DesiredStatus.RUNNING, DesiredStatus.STOPPED)
                .flatMap(status -> OneOffTasks.list(ecs, clusterArn, family, status).stream())
                .toList();
    }

    /** A task definition with a revision never changes, so it is asked for once. */
    @Override
    public TaskDefinition describeTaskDefinition(String taskDefinitionArn) {
        return Optional.ofNullable(definitions.get(taskDefinitionArn)).orElseGet(() -> {
            var answer = AwsFaults.ask(
                    "ecs:DescribeTaskDefinition",
                    taskDefinitionArn,
                    () -> ecs.describeTaskDefinition(
                            request -> request.taskDefinition(taskDefinitionArn).include(TaskDefinitionField.TAGS)));
            var definition = TaskDefinitionMapper.definition(answer.taskDefinition(), answer.tags());
            definitions.put(taskDefinitionArn, definition);
            return definition;
        });
    }
}
