package io.deployguard.aws;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.deployguard.ecs.Place;
import io.deployguard.ecs.ServiceRef;
import io.deployguard.simulation.account.Behavior;
import io.deployguard.simulation.account.CodeDeploy;
import io.deployguard.simulation.account.LoadBalancer;
import io.deployguard.simulation.account.ServiceBuilder;
import io.deployguard.simulation.account.SimulatedAccount;
import io.deployguard.simulation.account.SimulatedClock;
import io.deployguard.simulation.account.TargetGroup;
import io.deployguard.simulation.account.wire.AwsEndpoint;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A service {@code shop/web} with two healthy tasks behind a load balancer, on a clock that the test moves. */
final class SimulatedShop implements AutoCloseable {

    static final ServiceRef WEB = new ServiceRef("aws", "eu-central-1", "123456789012", "shop", "web");
    static final String LINE = "error: relation \"orders\" already exists";

    private final SimulatedAccount account;
    private final AwsEndpoint endpoint;
    private final AwsClients clients;
    private final String targetGroup;
    private final LoadBalancer.Listener listener;

    private final Optional<CodeDeploy.Group> codeDeploy;

    SimulatedShop() {
        this(WEB.place(), SimulatedClock.manual(Instant.parse("2026-02-03T09:00:00Z")));
    }

    SimulatedShop(Place place, SimulatedClock clock) {
        this(place, clock, Optional.empty(), false);
    }

    /** A service that shifts traffic between two target groups, and how. */
    static SimulatedShop shifting(UnaryOperator<ServiceBuilder> strategy) {
        return new SimulatedShop(
                WEB.place(),
                SimulatedClock.manual(Instant.parse("2026-02-03T09:00:00Z")),
                Optional.of(strategy),
                false);
    }

    /** A service that CodeDeploy brings releases to, behind a second target group. */
    static SimulatedShop byCodeDeploy() {
        return new SimulatedShop(
                WEB.place(), SimulatedClock.manual(Instant.parse("2026-02-03T09:00:00Z")), Optional.empty(), true);
    }

    private SimulatedShop(
            Place place, SimulatedClock clock, Optional<UnaryOperator<ServiceBuilder>> strategy, boolean byCodeDeploy) {
        account = SimulatedAccount.in(place.region(), place.account(), clock);
        endpoint = AwsEndpoint.start(account);
        System.setProperty("aws.accessKeyId", "test");
        System.setProperty("aws.secretAccessKey", "test");
        clients = AwsClients.at(endpoint.uri(), place.region());
        account.cluster("shop");
        account.logs().group("/ecs/web");
        account.behavior("web:1", Behavior.healthyAfter(Duration.ofSeconds(5), "listening on 8080"));
        account.behavior("web:2", Behavior.crashing(Duration.ofSeconds(4), 134, "applying migration", LINE));
        account.registerTaskDefinition(definition("1.0"));
        var group = account.loadBalancing().targetGroup("web", 8080, TargetGroup.HealthCheck.of("/health"));
        targetGroup = group.arn();
        listener = account.loadBalancing().loadBalancer("shop").listener(443, LoadBalancer.forwardTo(group));
        var other = account.loadBalancing().targetGroup("web-2", 8080, TargetGroup.HealthCheck.of("/health"));
        codeDeploy = byCodeDeploy
                ? Optional.of(new CodeDeploy.Group(
                        "shop", "web", "shop", "web", List.of(group, other), listener, Duration.ofMinutes(5), false))
                : Optional.empty();
        codeDeploy.ifPresent(account.codeDeploy()::group);
        var service = account.service("shop", "web")
                .controller(byCodeDeploy ? "CODE_DEPLOY" : "ECS")
                .desired(2)
                .behind(group, "app", 8080)
                .tag("deploy-guard:mode", "auto");
        strategy.map(shape -> {
                    var green = account.loadBalancing()
                            .targetGroup("web-green", 8080, TargetGroup.HealthCheck.of("/health"));
                    listener.answerBy(LoadBalancer.forwardTo(group, green));
                    return shape.apply(service.paired(green, listener.defaultRule()));
                })
                .orElse(service)
                .create("web:1");
        account.advance(Duration.ofMinutes(3));
    }

    /** Deploys the release whose tasks crash, and lets some minutes pass. */
    SimulatedShop release() {
        return deploy("2.0", "web:2");
    }

    /** A person deploys the next release. */
    SimulatedShop fix() {
        return deploy("3.0", "web:3");
    }

    private SimulatedShop deploy(String version, String revision) {
        account.registerTaskDefinition(definition(version));
        if (codeDeploy.isPresent()) {
            account.codeDeploy().createDeployment(CodeDeploy.request(codeDeploy.get(), revision, "app", 8080));
            account.advance(Duration.ofMinutes(2));
            return this;
        }
        var request = JsonNodeFactory.instance.objectNode();
        request.put("cluster", "shop").put("service", "web").put("taskDefinition", revision);
        account.ecs().updateService(request);
        account.advance(Duration.ofMinutes(2));
        return this;
    }

    SimulatedAccount account() {
        return account;
    }

    AwsEndpoint endpoint() {
        return endpoint;
    }

    AwsClients clients() {
        return clients;
    }

    /** What the first target group gets of the requests, in percent. */
    int shareOfTheFirstGroup() {
        return account.loadBalancing()
                .describeRules(listener.arn())
                .getLast()
                .at("/Actions/0/ForwardConfig/TargetGroups/0/Weight")
                .asInt();
    }

    String targetGroup() {
        return targetGroup;
    }

    private String definition(String version) {
        return """
                {"family":"web","tags":[{"key":"deploy-guard:github","value":"octo/shop/deployments/1"}],
                 "networkMode":"awsvpc","requiresCompatibilities":["FARGATE"],"cpu":"256","memory":"512",
                 "containerDefinitions":[{"name":"app","image":"shop/web:%s","essential":true,
                  "portMappings":[{"containerPort":8080}],"environment":[{"name":"LEVEL","value":"info"}],
                  "healthCheck":{"command":["CMD-SHELL","true"],"startPeriod":20},
                  "logConfiguration":{"logDriver":"awslogs","options":{"awslogs-group":"/ecs/web",
                   "awslogs-region":"%s","awslogs-stream-prefix":"web"}}}]}""".formatted(version, account.arns().region());
    }

    @Override
    public void close() {
        clients.close();
        endpoint.close();
        account.close();
    }
}
