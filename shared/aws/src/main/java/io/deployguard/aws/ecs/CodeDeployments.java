package io.deployguard.aws.ecs;

import com.fasterxml.jackson.databind.JsonNode;
import io.deployguard.aws.AwsClients;
import io.deployguard.aws.JsonCalls;
import io.deployguard.ecs.CodeDeployRef;
import io.deployguard.ecs.CodeDeployment;
import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.ServiceRef;
import io.deployguard.ecs.TaskSet;
import io.deployguard.ecs.TaskSets;
import io.deployguard.fault.GuardFault;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What CodeDeploy tells of the services that it deploys. Thread-safe.
 *
 * @see <a href="https://docs.aws.amazon.com/codedeploy/latest/APIReference/Welcome.html">CodeDeploy API</a>
 */
public final class CodeDeployments {

    static final String TARGET = "CodeDeploy_20141006";

    /** Of a deployment group, newest first. Older ones have nothing that runs. */
    private static final int MOST = 6;

    private final JsonCalls codeDeploy;

    /** Groups of services, once a task set has told them: the one that came with the service names none. */
    private final Map<ServiceRef, CodeDeployRef> groups = new ConcurrentHashMap<>();

    /** Which task set a deployment made never changes. */
    private final Map<String, DeploymentId> made = new ConcurrentHashMap<>();

    public CodeDeployments(AwsClients clients) {
        this.codeDeploy = new JsonCalls(clients.signed("codedeploy"), "codedeploy", TARGET);
    }

    /**
     * The task sets of a service with the deployments behind them.
     *
     * @throws GuardFault when CodeDeploy refuses or cannot be asked
     */
    TaskSets of(ServiceRef service, List<TaskSet> sets) {
        var known = groupOf(service, sets).map(group -> newest(group, service)).orElse(List.of());
        return new TaskSets(sets, known, gone(service, sets, known));
    }

    /** The service that a deployment brings a new revision, as {@link io.deployguard.ecs.SnapshotSource#releasedBy} wants it. */
    Optional<ServiceRef> releasedBy(CodeDeployRef deployment) {
        try {
            var info = info(deployment.id());
            var group = codeDeploy
                    .ask(
                            "GetDeploymentGroup",
                            "deployment group " + deployment.application() + "/" + deployment.group(),
                            JsonCalls.question()
                                    .put("applicationName", deployment.application())
                                    .put("deploymentGroupName", deployment.group()))
                    .path("deploymentGroupInfo");
            return CodeDeployment.serviceOf(deployment, info, group);
        } catch (GuardFault.NotFound gone) {
            return Optional.empty();
        }
    }

    private Optional<CodeDeployRef> groupOf(ServiceRef service, List<TaskSet> sets) {
        return Optional.ofNullable(groups.get(service))
                .or(() -> sets.stream()
                        .flatMap(set -> set.codeDeployId().stream())
                        .findFirst()
                        .map(id -> CodeDeployment.read(info(id), service).ref())
                        .map(group -> {
                            groups.put(service, group);
                            return group;
                        }));
    }

    private JsonNode info(String deployment) {
        return codeDeploy
                .ask(
                        "GetDeployment",
                        "deployment " + deployment,
                        JsonCalls.question().put("deploymentId", deployment))
                .path("deploymentInfo");
    }

    private List<CodeDeployment> newest(CodeDeployRef group, ServiceRef service) {
        var subject = "deployment group " + group.application() + "/" + group.group();
        var ids = codeDeploy
                .ask(
                        "ListDeployments",
                        subject,
                        JsonCalls.question()
                                .put("applicationName", group.application())
                                .put("deploymentGroupName", group.group()))
                .path("deployments");
        var question = JsonCalls.question();
        var some = question.putArray("deploymentIds");
        elements(ids).limit(MOST).forEach(some::add);
        return some.isEmpty()
                ? List.of()
                : elements(codeDeploy
                                .ask("BatchGetDeployments", subject, question)
                                .path("deploymentsInfo"))
                        .map(info -> CodeDeployment.read(info, service))
                        .sorted(CodeDeployment.NEWEST_FIRST)
                        .toList();
    }

    private Map<String, DeploymentId> gone(ServiceRef service, List<TaskSet> sets, List<CodeDeployment> known) {
        var listed = sets.stream().flatMap(set -> set.codeDeployId().stream()).toList();
        var gone = new HashMap<String, DeploymentId>();
        known.stream()
                .filter(deployment -> deployment.rollbackOf().isEmpty())
                .map(deployment -> deployment.ref().id())
                .filter(id -> !listed.contains(id))
                .forEach(id -> madeBy(id, service).ifPresent(set -> gone.put(id, set)));
        return gone;
    }

    private Optional<DeploymentId> madeBy(String deployment, ServiceRef service) {
        return Optional.ofNullable(made.get(deployment)).or(() -> {
            var target = codeDeploy.ask(
                    "GetDeploymentTarget",
                    "deployment " + deployment,
                    JsonCalls.question()
                            .put("deploymentId", deployment)
                            .put("targetId", service.cluster() + ":" + service.name()));
            var set = CodeDeployment.replacementIn(target);
            set.ifPresent(id -> made.put(deployment, id));
            return set;
        });
    }

    private static Stream<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}
