package io.deployguard.simulation.port;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deployguard.ecs.CodeDeployRef;
import io.deployguard.ecs.CodeDeployment;
import io.deployguard.ecs.DeploymentId;
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
import io.deployguard.ecs.TaskDefinitionReader;
import io.deployguard.ecs.TaskSet;
import io.deployguard.ecs.TaskSets;
import io.deployguard.fault.GuardFault;
import io.deployguard.simulation.account.AwsError;
import io.deployguard.simulation.account.Json;
import io.deployguard.simulation.account.SimulatedAccount;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Looks at a service of a simulated account, with the calls and the limits of the look at a real one. For one thread. */
public final class AccountSnapshots implements SnapshotSource {

    /** Most ARNs that DescribeServiceDeployments and DescribeServiceRevisions take. */
    private static final int MOST_ARNS = 20;

    private static final int MOST_ENDED = 50_000;

    /** Most tasks that DescribeTasks takes. */
    private static final int MOST_TASKS = 100;

    /** Of the family, newest first. */
    private static final int MOST_TWINS = 10;

    private final SimulatedAccount account;
    private final Map<String, TaskDefinition> definitions = new HashMap<>();
    private final Map<String, ServiceRevision> revisions = new HashMap<>();

    /** Application and deployment group of services that CodeDeploy deploys, once a task set has told them. */
    private final Map<ServiceRef, ObjectNode> groups = new HashMap<>();

    /** Tasks that have STOPPED, which nothing changes any more; as many as ECS may list in a busy hour. */
    private final Map<String, Task> ended = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Task> eldest) {
            return size() > MOST_ENDED;
        }
    };

    public AccountSnapshots(SimulatedAccount account) {
        this.account = account;
    }

    @Override
    public ServiceSnapshot describe(ServiceRef ref) {
        try {
            var told = told(ref);
            if (AccountReader.service(ref, told).controller() == ServiceDescription.Controller.CODE_DEPLOY) {
                return describeTaskSets(ref, told);
            }
            var service = AccountReader.service(ref, told);
            var deployments = service.isActive() ? deployments(ref) : List.<ServiceDeployment>of();
            return new ServiceSnapshot(
                    service,
                    deployments,
                    revisions(deployments),
                    service.isActive() ? tasks(ref) : List.of(),
                    targets(service),
                    List.of(),
                    account.agenda().now());
        } catch (AwsError refused) {
            throw new GuardFault.NotFound("service " + ref + ": " + refused.getMessage(), refused);
        }
    }

    private ServiceSnapshot describeTaskSets(ServiceRef ref, JsonNode told) {
        var sets = AccountReader.taskSets(told);
        var service = TaskSets.withTargetGroups(AccountReader.service(ref, told), sets);
        var known = deploymentsBehind(sets, ref);
        return new TaskSets(sets, known, gone(sets, known, ref))
                .in(new ServiceSnapshot(
                        service,
                        List.of(),
                        List.of(),
                        service.isActive() ? tasks(ref) : List.of(),
                        targets(service),
                        List.of(),
                        account.agenda().now()));
    }

    private List<CodeDeployment> deploymentsBehind(List<TaskSet> sets, ServiceRef ref) {
        var codeDeploy = account.codeDeploy();
        sets.stream()
                .flatMap(set -> set.codeDeployId().stream())
                .findFirst()
                .map(id -> codeDeploy.getDeployment(Json.object().put("deploymentId", id)))
                .ifPresent(answer -> groups.put(ref, (ObjectNode) answer.path("deploymentInfo")));
        if (!groups.containsKey(ref)) {
            return List.of();
        }
        var ids =
                codeDeploy.listDeployments(groups.get(ref).deepCopy().retain("applicationName", "deploymentGroupName"));
        var question = Json.object();
        question.set("deploymentIds", ids.path("deployments"));
        return Json.elements(codeDeploy.batchGetDeployments(question), "deploymentsInfo").stream()
                .map(info -> CodeDeployment.read(info, ref))
                .toList();
    }

    private Map<String, DeploymentId> gone(List<TaskSet> sets, List<CodeDeployment> known, ServiceRef ref) {
        var listed = sets.stream().flatMap(set -> set.codeDeployId().stream()).toList();
        var gone = new HashMap<String, DeploymentId>();
        known.stream()
                .filter(deployment -> deployment.rollbackOf().isEmpty())
                .map(deployment -> deployment.ref().id())
                .filter(id -> !listed.contains(id))
                .forEach(id -> CodeDeployment.replacementIn(account.codeDeploy()
                                .getDeploymentTarget(Json.object()
                                        .put("deploymentId", id)
                                        .put("targetId", ref.cluster() + ":" + ref.name())))
                        .ifPresent(set -> gone.put(id, set)));
        return gone;
    }

    @Override
    public Optional<ServiceRef> releasedBy(CodeDeployRef deployment) {
        var codeDeploy = account.codeDeploy();
        var info = codeDeploy
                .getDeployment(Json.object().put("deploymentId", deployment.id()))
                .path("deploymentInfo");
        var group = codeDeploy
                .getDeploymentGroup(Json.object()
                        .put("applicationName", deployment.application())
                        .put("deploymentGroupName", deployment.group()))
                .path("deploymentGroupInfo");
        return CodeDeployment.serviceOf(deployment, info, group);
    }

    private JsonNode told(ServiceRef ref) {
        var request = Json.object().put("cluster", ref.cluster());
        request.putArray("services").add(ref.name());
        request.putArray("include").add("TAGS");
        return Optional.ofNullable(account.inventory()
                        .describeServices(request)
                        .path("services")
                        .get(0))
                .orElseThrow(() -> new GuardFault.NotFound("service " + ref + ": no such service", null));
    }

    private List<ServiceDeployment> deployments(ServiceRef ref) {
        var request = Json.object()
                .put("cluster", ref.cluster())
                .put("service", ref.name())
                .put("maxResults", MOST_ARNS);
        var arns = Json.elements(account.inventory().listServiceDeployments(request), "serviceDeployments").stream()
                .map(brief -> brief.path("serviceDeploymentArn").asText())
                .toList();
        return describe(arns, "serviceDeploymentArns", "serviceDeployments")
                .map(AccountReader::deployment)
                .sorted(Comparator.comparing((ServiceDeployment deployment) ->
                                deployment.createdAt().orElseThrow())
                        .reversed())
                .toList();
    }

    /** A revision never changes, so it is asked for once. */
    private List<ServiceRevision> revisions(List<ServiceDeployment> deployments) {
        var arns = deployments.stream()
                .flatMap(deployment -> Stream.of(
                                Stream.of(deployment.targetRevisionArn()),
                                deployment.sourceRevisionArns().stream(),
                                deployment.rollbackRevisionArn().stream())
                        .flatMap(each -> each))
                .distinct()
                .toList();
        var unknown = arns.stream().filter(arn -> !revisions.containsKey(arn)).toList();
        for (var from = 0; from < unknown.size(); from += MOST_ARNS) {
            describe(
                            unknown.subList(from, Math.min(from + MOST_ARNS, unknown.size())),
                            "serviceRevisionArns",
                            "serviceRevisions")
                    .map(AccountReader::revision)
                    .forEach(revision -> revisions.put(revision.arn(), revision));
        }
        return arns.stream()
                .flatMap(arn -> Optional.ofNullable(revisions.get(arn)).stream())
                .toList();
    }

    private Stream<JsonNode> describe(List<String> arns, String field, String answer) {
        if (arns.isEmpty()) {
            return Stream.empty();
        }
        var request = Json.object();
        request.set(field, Json.texts(arns));
        var inventory = account.inventory();
        var described = field.equals("serviceRevisionArns")
                ? inventory.describeServiceRevisions(request)
                : inventory.describeServiceDeployments(request);
        return Json.elements(described, answer).stream();
    }

    private List<Task> tasks(ServiceRef ref) {
        var tasks = new ArrayList<Task>();
        for (var status : List.of("RUNNING", "STOPPED")) {
            tasks.addAll(tasks(Json.object()
                    .put("cluster", ref.cluster())
                    .put("serviceName", ref.name())
                    .put("desiredStatus", status)));
        }
        return tasks;
    }

    /** All pages of ListTasks, described. */
    List<Task> tasks(ObjectNode request) {
        var tasks = new ArrayList<Task>();
        Optional<String> next;
        do {
            var page = account.inventory().listTasks(request.put("maxResults", MOST_TASKS));
            var arns = Json.textsIn(page, "taskArns");
            tasks.addAll(describeTasks(request.path("cluster").asText(), arns));
            next = Json.text(page, "nextToken");
            next.ifPresent(token -> request.put("nextToken", token));
        } while (next.isPresent());
        return tasks;
    }

    private List<Task> describeTasks(String cluster, List<String> arns) {
        var unknown = arns.stream().filter(arn -> !ended.containsKey(arn)).toList();
        var described = new HashMap<String, Task>();
        if (!unknown.isEmpty()) {
            var wanted = Json.object().put("cluster", cluster);
            wanted.set("tasks", Json.texts(unknown));
            Json.elements(account.inventory().describeTasks(wanted), "tasks").stream()
                    .map(AccountReader::task)
                    .forEach(task -> described.put(task.arn(), task));
        }
        described.values().stream()
                .filter(task -> task.lastStatus().equals("STOPPED"))
                .forEach(task -> ended.put(task.arn(), task));
        return arns.stream()
                .flatMap(arn -> Optional.ofNullable(described.getOrDefault(arn, ended.get(arn))).stream())
                .toList();
    }

    private List<TargetHealth> targets(ServiceDescription service) {
        return service.targetGroups().stream()
                .flatMap(group -> account.loadBalancing().targetHealth(group).stream()
                        .map(target -> AccountReader.target(group, target)))
                .toList();
    }

    @Override
    public ImageState images(ServiceRevision revision) {
        return revision.images().stream()
                .filter(image -> image.digest()
                        .filter(digest -> !account.images().canPull(image.image(), digest))
                        .isPresent())
                .findFirst()
                .<ImageState>map(image -> new ImageState.Gone("image %s of container %s is gone"
                        .formatted(image.digest().orElseThrow(), image.container())))
                .orElseGet(ImageState.Present::new);
    }

    @Override
    public List<ListenerRule> listenerRules(List<String> targetGroupArns) {
        var balancing = account.loadBalancing();
        return balancing.describeTargetGroups(targetGroupArns, List.of(), Optional.empty()).stream()
                .flatMap(group -> Json.textsIn(group, "LoadBalancerArns").stream())
                .distinct()
                .flatMap(balancer -> balancing.describeListeners(balancer).stream())
                .flatMap(listener -> balancing
                        .describeRules(listener.path("ListenerArn").asText())
                        .stream()
                        .map(rule -> AccountRules.rule(listener, rule)))
                .toList();
    }

    @Override
    public Optional<String> findActiveTwin(String taskDefinitionArn) {
        var wanted = TaskDefinitionCopy.of(describe(taskDefinitionArn));
        return Json.textsIn(
                        account.inventory()
                                .listTaskDefinitions(Json.object()
                                        .put(
                                                "familyPrefix",
                                                wanted.path("family").asText())
                                        .put("status", "ACTIVE")
                                        .put("sort", "DESC")
                                        .put("maxResults", MOST_TWINS)),
                        "taskDefinitionArns")
                .stream()
                .filter(arn -> TaskDefinitionCopy.isTwin(wanted, TaskDefinitionCopy.of(describe(arn))))
                .findFirst();
    }

    private ObjectNode describe(String taskDefinitionArn) {
        return account.inventory().describeTaskDefinition(Json.object().put("taskDefinition", taskDefinitionArn));
    }

    @Override
    public List<Task> oneOffTasks(String clusterArn, String family) {
        return Stream.of("RUNNING", "STOPPED")
                .flatMap(status -> oneOffTasks(clusterArn, family, status))
                .toList();
    }

    Stream<Task> oneOffTasks(String clusterArn, String family, String status) {
        return tasks(Json.object()
                        .put("cluster", clusterArn)
                        .put("family", family)
                        .put("desiredStatus", status))
                .stream()
                .filter(task -> task.deployment().isEmpty() && !task.group().startsWith("service:"));
    }

    /** A task definition with a revision never changes, so it is asked for once. */
    @Override
    public TaskDefinition describeTaskDefinition(String taskDefinitionArn) {
        var known = definitions.get(taskDefinitionArn);
        if (known != null) {
            return known;
        }
        try {
            var definition = TaskDefinitionReader.read(
                    account.inventory()
                            .describeTaskDefinition(Json.object().put("taskDefinition", taskDefinitionArn))
                            .path("taskDefinition"),
                    "taskDefinition");
            definitions.put(taskDefinitionArn, definition);
            return definition;
        } catch (AwsError refused) {
            throw new GuardFault.NotFound(taskDefinitionArn + ": " + refused.getMessage(), refused);
        }
    }
}
