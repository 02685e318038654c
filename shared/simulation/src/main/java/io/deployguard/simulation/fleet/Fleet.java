package io.deployguard.simulation.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deployguard.decision.Mode;
import io.deployguard.decision.SchemaMovement;
import io.deployguard.ecs.ServiceRef;
import io.deployguard.simulation.account.AwsError;
import io.deployguard.simulation.account.Behavior;
import io.deployguard.simulation.account.CodeDeploy;
import io.deployguard.simulation.account.Json;
import io.deployguard.simulation.account.LoadBalancer;
import io.deployguard.simulation.account.ServiceBuilder;
import io.deployguard.simulation.account.SimulatedAccount;
import io.deployguard.simulation.account.SimulatedClock;
import io.deployguard.simulation.account.TargetGroup;
import io.deployguard.simulation.account.Timing;
import io.deployguard.simulation.fleet.FleetService.Traits;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** The services of the simulation in their account, and what people and the world can do to them. */
final class Fleet {

    private static final String REGION = "eu-central-1";
    private static final String ACCOUNT = "123456789012";
    private static final Instant BEGINNING = Instant.parse("2026-03-02T00:00:00Z");
    private static final int SERVICES_PER_CLUSTER = 10;
    private static final int SERVICES_PER_DATABASE = 6;
    private static final int PORT = 8080;

    /** After CodeDeploy has moved the traffic. */
    private static final Duration BOTH_SETS_STAY = Duration.ofMinutes(5);

    private final SimulatedAccount account;
    private final List<FleetService> services = new ArrayList<>();
    private final Map<String, CodeDeploy.Group> groups = new HashMap<>();

    Fleet() {
        this(Timing.fargate());
    }

    Fleet(Timing timing) {
        this.account = SimulatedAccount.in(REGION, ACCOUNT, SimulatedClock.manual(BEGINNING), timing);
    }

    SimulatedAccount account() {
        return account;
    }

    Instant now() {
        return account.agenda().now();
    }

    List<FleetService> services() {
        return services;
    }

    /** Creates that many services with one good release each. */
    void create(int count, long seed) {
        var databases = Math.ceilDiv(count, SERVICES_PER_DATABASE);
        for (var index = 0; index < count; index++) {
            var random = new Random(seed * 1_000_003L + index);
            var ref = new ServiceRef(
                    "aws",
                    REGION,
                    ACCOUNT,
                    "cluster-%02d".formatted(index / SERVICES_PER_CLUSTER),
                    "service-%03d".formatted(index));
            create(new FleetService(ref, Traits.random(random, databases)));
        }
    }

    /** Creates one service with one good release. */
    void create(FleetService service) {
        services.add(service);
        account.cluster(service.cluster());
        account.logs().group("/ecs/" + service.name());
        var release = define(service, Optional.empty());
        var traits = service.traits();
        var builder = account.service(service.cluster(), service.name())
                .desired(service.desired())
                .tag(Mode.TAG, traits.mode().toString());
        if (traits.targets()) {
            var group = targetGroup(service.name());
            var listener =
                    account.loadBalancing().loadBalancer(service.name()).listener(443, LoadBalancer.forwardTo(group));
            builder.behind(group, "web", PORT).gracePeriod(traits.startup().plusSeconds(40));
            if (traits.delivery().isPaired()) {
                pair(service, builder, group, listener);
            }
        }
        if (traits.breaker()) {
            builder.circuitBreaker(traits.breakerRollsBack());
        }
        if (traits.compatible()) {
            builder.tag(SchemaMovement.TAG, "backward-compatible");
        }
        builder.create(release.taskDefinition());
    }

    private TargetGroup targetGroup(String name) {
        return account.loadBalancing()
                .targetGroup(
                        name,
                        PORT,
                        TargetGroup.HealthCheck.of("/health").every(Duration.ofSeconds(10)),
                        Duration.ofSeconds(30));
    }

    private void pair(FleetService service, ServiceBuilder builder, TargetGroup blue, LoadBalancer.Listener listener) {
        var green = targetGroup(service.name() + "-green");
        var delivery = service.traits().delivery();
        if (delivery.isByCodeDeploy()) {
            var group = new CodeDeploy.Group(
                    service.name(),
                    service.name(),
                    service.cluster(),
                    service.name(),
                    List.of(blue, green),
                    listener,
                    BOTH_SETS_STAY,
                    true);
            account.codeDeploy().group(group);
            groups.put(service.name(), group);
        } else {
            listener.answerBy(LoadBalancer.forwardTo(blue, green));
        }
        delivery.describe(builder, green, listener.defaultRule());
    }

    /** Registers a release that nothing runs yet. */
    Release define(FleetService service, Optional<Ailment> ailment) {
        var number = service.releaseCount() + 1;
        var arn = account.registerTaskDefinition(definition(service, number));
        account.behavior(
                service.name() + ":" + number,
                ailment.map(Ailment::behavior).orElseGet(() -> good(service.traits(), service.cluster())));
        var release = new Release(arn, ailment);
        service.add(release);
        return release;
    }

    /** Healthy, as long as what it needs is there. */
    private static Behavior good(Traits traits, String cluster) {
        var healthy = Behavior.healthyAfter(traits.startup(), "starting", "listening on " + PORT);
        var away = Behavior.crashing(
                Duration.ofSeconds(5),
                1,
                "starting",
                "psycopg2.OperationalError: connection to server at \"db-%d.internal\" (10.0.9.9), port 5432 failed: Connection refused"
                        .formatted(traits.database()),
                "\tIs the server running on that host and accepting TCP/IP connections?");
        var full = Behavior.unplaceable("RESOURCE:FARGATE");
        return new Behavior.Decided(start -> start.world().holds(full(cluster))
                ? full
                : start.world().holds(away(traits.database())) ? away : healthy);
    }

    /** The flag of a database that is away. */
    static String away(int database) {
        return "database-%d-is-away".formatted(database);
    }

    /** The flag of a cluster without capacity. */
    static String full(String cluster) {
        return cluster + "-is-full";
    }

    private String definition(FleetService service, int number) {
        var check = service.traits().containerCheck()
                ? """
                  "healthCheck":{"command":["CMD-SHELL","wget -qO- localhost:8080/health"],"interval":10,"timeout":5,"retries":3,"startPeriod":%d},
                  """.formatted(service.traits().startup().toSeconds() + 20)
                : "";
        return """
                {"family":"%s","networkMode":"awsvpc","requiresCompatibilities":["FARGATE"],"cpu":"256","memory":"512",
                 "containerDefinitions":[{"name":"web","image":"shop/%s:%d","essential":true,%s
                   "portMappings":[{"containerPort":%d,"protocol":"tcp"}],
                   "logConfiguration":{"logDriver":"awslogs","options":{"awslogs-group":"/ecs/%s",
                     "awslogs-region":"eu-central-1","awslogs-stream-prefix":"web"}}}]}
                """.formatted(service.name(), service.name(), number, check, PORT, service.name());
    }

    /** What ECS says of the service. */
    JsonNode describe(FleetService service) {
        var request = Json.object().put("cluster", service.cluster());
        request.putArray("services").add(service.name());
        return account.inventory().describeServices(request).path("services").path(0);
    }

    /**
     * Brings a release into service: {@code UpdateService} with its task definition, or CodeDeploy's {@code CreateDeployment}.
     *
     * @throws AwsError where CodeDeploy is still about another one
     */
    void deploy(FleetService service, Release release) {
        deploy(service, release.taskDefinition());
    }

    private void deploy(FleetService service, String taskDefinition) {
        var group = groups.get(service.name());
        if (group == null) {
            account.ecs().updateService(request(service).put("taskDefinition", taskDefinition));
        } else {
            account.codeDeploy().createDeployment(CodeDeploy.request(group, taskDefinition, "web", PORT));
        }
    }

    void scale(FleetService service, int desired) {
        service.desired(desired);
        account.ecs().updateService(request(service).put("desiredCount", desired));
    }

    /**
     * Deploys once more what serves.
     *
     * @throws AwsError where CodeDeploy is still about another one
     */
    void redeploy(FleetService service) {
        if (service.traits().delivery().isByCodeDeploy()) {
            deploy(service, describe(service).at("/taskSets/0/taskDefinition").asText());
        } else {
            account.ecs().updateService(request(service).put("forceNewDeployment", true));
        }
    }

    /** {@code StopServiceDeployment}, or CodeDeploy's {@code StopDeployment} with rollback, by hand. */
    void stopDeployment(FleetService service) {
        if (service.traits().delivery().isByCodeDeploy()) {
            account.codeDeploy()
                    .stopDeployment(Json.object()
                            .put("deploymentId", newestOfCodeDeploy(service))
                            .put("autoRollbackEnabled", true));
        } else {
            account.ecs().stopServiceDeployment(Json.object().put("serviceDeploymentArn", currentDeployment(service)));
        }
    }

    private String newestOfCodeDeploy(FleetService service) {
        var group = Json.object().put("applicationName", service.name()).put("deploymentGroupName", service.name());
        return account.codeDeploy().listDeployments(group).at("/deployments/0").asText();
    }

    private String currentDeployment(FleetService service) {
        return describe(service).path("currentServiceDeployment").asText();
    }

    /** What ECS says of the newest deployment of a service of its own. */
    JsonNode describeDeployment(FleetService service) {
        var request = Json.object();
        request.putArray("serviceDeploymentArns").add(currentDeployment(service));
        return account.inventory()
                .describeServiceDeployments(request)
                .path("serviceDeployments")
                .path(0);
    }

    /** {@code ContinueServiceDeployment} by hand. */
    void goOn(String serviceDeploymentArn, String hook) {
        account.ecs()
                .continueServiceDeployment(Json.object()
                        .put("serviceDeploymentArn", serviceDeploymentArn)
                        .put("hookId", hook)
                        .put("action", "CONTINUE"));
    }

    /** The task set of a deployment of CodeDeploy, {@code BLUE} or {@code GREEN}; absent before it is made. */
    Optional<String> taskSet(FleetService service, String deployment, String label) {
        var request =
                Json.object().put("deploymentId", deployment).put("targetId", service.cluster() + ":" + service.name());
        return Json.elements(
                        account.codeDeploy().getDeploymentTarget(request).at("/deploymentTarget/ecsTarget"),
                        "taskSetsInfo")
                .stream()
                .filter(set -> set.path("taskSetLabel").asText().equals(label))
                .map(set -> set.path("identifer").asText())
                .findFirst();
    }

    /** Which deployment of CodeDeploy this one takes back; absent when it brings something new. */
    Optional<String> takenBackBy(String deployment) {
        return Json.text(
                account.codeDeploy()
                        .getDeployment(Json.object().put("deploymentId", deployment))
                        .at("/deploymentInfo/rollbackInfo"),
                "rollbackTriggeringDeploymentId");
    }

    void stopTask(FleetService service) {
        account.tasksOf(service.cluster(), service.name()).stream()
                .findFirst()
                .ifPresent(task -> account.ecs()
                        .stopTask(Json.object()
                                .put("cluster", service.cluster())
                                .put("task", task)
                                .put("reason", "Error: crashed, as a person would write it")));
    }

    void delete(FleetService service) {
        service.delete();
        account.ecs().deleteService(request(service).put("force", true));
    }

    private static ObjectNode request(FleetService service) {
        return Json.object().put("cluster", service.cluster()).put("service", service.name());
    }
}
