package io.deployguard.simulation.demo;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deployguard.decision.Mode;
import io.deployguard.simulation.account.Behavior;
import io.deployguard.simulation.account.LoadBalancer;
import io.deployguard.simulation.account.ServiceBuilder;
import io.deployguard.simulation.account.SimulatedAccount;
import io.deployguard.simulation.account.TargetGroup;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A service: two tasks behind a load balancer in mode auto, unless told otherwise.
 *
 * @param tags beside the mode
 * @param grace the service's health check grace period
 * @param balanced whether it stands behind the load balancer; one that only works off a queue does not
 * @param shape what else its description says
 */
record WebService(
        String name, Map<String, String> tags, Duration grace, boolean balanced, UnaryOperator<ServiceBuilder> shape) {

    static final String CLUSTER = "shop";
    static final int PORT = 8080;
    static final int LISTENER = 443;

    static WebService of(String name) {
        return new WebService(name, Map.of(), Duration.ofSeconds(60), true, UnaryOperator.identity());
    }

    /** One that only works off a queue. */
    static WebService worker(String name) {
        return new WebService(name, Map.of(), Duration.ZERO, false, UnaryOperator.identity());
    }

    WebService tagged(String key, String value) {
        var more = new java.util.HashMap<>(tags);
        more.put(key, value);
        return new WebService(name, Map.copyOf(more), grace, balanced, shape);
    }

    WebService withGrace(Duration longer) {
        return new WebService(name, tags, longer, balanced, shape);
    }

    WebService shaped(UnaryOperator<ServiceBuilder> other) {
        return new WebService(name, tags, grace, balanced, other);
    }

    /**
     * One release.
     *
     * @param content what the image holds: the same content has the same digest
     * @param healthCheck of the container, as JSON; empty for none
     */
    record Release(String tag, String content, Optional<String> healthCheck, Behavior behavior) {

        static Release of(String tag, Behavior behavior) {
            return new Release(tag, tag, Optional.empty(), behavior);
        }

        Release withContent(String other) {
            return new Release(tag, other, healthCheck, behavior);
        }

        Release checkedBy(String json) {
            return new Release(tag, content, Optional.of(json), behavior);
        }
    }

    /** What stands around the service. */
    record Place(TargetGroup group, LoadBalancer balancer, LoadBalancer.Listener listener) {}

    /** A load balancer whose listener forwards everything to the service's target group. */
    Place place(SimulatedAccount account) {
        account.cluster(CLUSTER);
        account.logs().group("/ecs/" + name);
        var group = account.loadBalancing()
                .targetGroup(name, PORT, TargetGroup.HealthCheck.of("/health").every(Duration.ofSeconds(10)));
        var balancer = account.loadBalancing().loadBalancer(CLUSTER);
        return new Place(group, balancer, balancer.listener(LISTENER, LoadBalancer.forwardTo(group)));
    }

    /** The service with its first release. */
    void create(SimulatedAccount account, Place place, Release first) {
        register(account, first, 1);
        var service = account.service(CLUSTER, name).desired(2).tag(Mode.TAG, "auto");
        if (balanced) {
            service.behind(place.group(), "web", PORT).gracePeriod(grace);
        }
        tags.forEach(service::tag);
        shape.apply(service).create(name + ":1");
    }

    /** Whether the newest deployment has completed. */
    boolean isSteady(SimulatedAccount account) {
        var request = object().put("cluster", CLUSTER);
        request.putArray("services").add(name);
        var service =
                account.inventory().describeServices(request).path("services").path(0);
        return service.at("/deployments/0/rolloutState").asText().equals("COMPLETED")
                || service.at("/taskSets/0/stabilityStatus").asText().equals("STEADY_STATE");
    }

    /** Deploys the second release. */
    void deploy(SimulatedAccount account, Release release) {
        deploy(account, release, 2);
    }

    /** Deploys a release as that revision, which must be the next. */
    void deploy(SimulatedAccount account, Release release, int revision) {
        register(account, release, revision);
        account.ecs()
                .updateService(object().put("cluster", CLUSTER)
                        .put("service", name)
                        .put("taskDefinition", name + ":" + revision));
    }

    void register(SimulatedAccount account, Release release, int revision) {
        account.images().push(name, release.tag(), release.content());
        account.registerTaskDefinition("""
                {"family":"%s","networkMode":"awsvpc","requiresCompatibilities":["FARGATE"],"cpu":"256","memory":"512",
                 "containerDefinitions":[{"name":"web","image":"%s","essential":true,
                   "portMappings":[{"containerPort":%d,"protocol":"tcp"}],
                   "environment":[{"name":"APP_VERSION","value":"%s"}],%s
                   "logConfiguration":{"logDriver":"awslogs","options":{"awslogs-group":"/ecs/%s",
                     "awslogs-region":"eu-central-1","awslogs-stream-prefix":"web"}}}]}
                """.formatted(
                        name,
                        account.images().uri(name, release.tag()),
                        PORT,
                        release.tag(),
                        release.healthCheck()
                                .map(check -> "\"healthCheck\":" + check + ",")
                                .orElse(""),
                        name));
        account.behavior(name + ":" + revision, release.behavior());
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
