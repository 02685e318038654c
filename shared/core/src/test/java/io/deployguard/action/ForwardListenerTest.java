package io.deployguard.action;

import static io.deployguard.fixture.DeploymentBuilder.aDeploymentOf;
import static io.deployguard.fixture.RolloutBuilder.aRolloutOf;
import static io.deployguard.fixture.Shop.NEW;
import static io.deployguard.fixture.Shop.NEWER;
import static io.deployguard.fixture.Shop.OLD;
import static io.deployguard.fixture.Shop.WEB;
import static io.deployguard.fixture.Shop.definitionOf;
import static io.deployguard.fixture.SnapshotBuilder.aQuietSnapshot;
import static io.deployguard.fixture.TaskBuilder.aTask;
import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.action.ActionPlan.Overtaken;
import io.deployguard.action.ActionPlan.Refused;
import io.deployguard.action.ActionPlan.Steps;
import io.deployguard.ecs.ListenerRule;
import io.deployguard.ecs.ListenerRule.Condition;
import io.deployguard.ecs.ServiceDeployment.Status;
import io.deployguard.ecs.ServiceDescription.Controller;
import io.deployguard.ecs.ServiceDescription.Strategy;
import io.deployguard.fixture.SnapshotBuilder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForwardListenerTest {

    private static final String BALANCER = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:";
    private static final String LISTENER = BALANCER + "listener/app/shop/0a/1b";
    private static final String GROUP = BALANCER + "targetgroup/web/2c";
    private static final String OTHER = BALANCER + "targetgroup/admin/3d";
    private static final String FORMER = "[{\"Type\":\"fixed-response\"}]";
    private static final ForwardListener ACTION = new ForwardListener();
    private static final ListenerRule ANSWERS = byDefault("fixed-response");

    private static ListenerRule byDefault(String type, String... groups) {
        return new ListenerRule(LISTENER, 443, Optional.empty(), List.of(), List.of(type), List.of(groups), FORMER);
    }

    private static ListenerRule rule(String field, String value, String type, String... groups) {
        return new ListenerRule(
                LISTENER,
                443,
                Optional.of(LISTENER.replace("listener/", "listener-rule/") + "/" + value.hashCode()),
                List.of(new Condition(field, List.of(value))),
                List.of(type),
                List.of(groups),
                FORMER);
    }

    private static ListenerRule host(String name, String type, String... groups) {
        return rule("host-header", name, type, groups);
    }

    /** All its tasks are well, and its listener answers by itself. */
    private static SnapshotBuilder well() {
        return aQuietSnapshot(NEW)
                .loadBalancers(GROUP)
                .target(GROUP, "10.0.0.1", "healthy")
                .target(GROUP, "10.0.0.2", "healthy")
                .tasks(
                        aTask().id("one").of(NEW).address("10.0.0.1").build(),
                        aTask().id("two").of(NEW).address("10.0.0.2").build())
                .tag("deploy-guard:endpoint", "https://qa.example.com/health")
                .tag("deploy-guard:listener", "forward");
    }

    private static ActionPlan next(SnapshotBuilder snapshot, ListenerRule... rules) {
        return ACTION.next(snapshot.build(), NEW, Set.of(), new Course(List.of(), List.of(rules)));
    }

    private static String refusal(SnapshotBuilder snapshot, ListenerRule... rules) {
        return ((Refused) next(snapshot, rules)).because();
    }

    @Test
    void letsTheDefaultActionForwardWhereNoRuleIsMet() {
        assertThat(next(well(), host("www.example.com", "forward", GROUP), ANSWERS))
                .isEqualTo(new Steps(
                        List.of(new Command.Forward(WEB, LISTENER, Optional.empty(), 443, GROUP, FORMER)),
                        "requests for qa.example.com reach the service",
                        definitionOf(NEW)));
    }

    @Test
    void changesTheRuleThatIsMetFirst() {
        var met = host("*.example.com", "fixed-response");

        assertThat(next(well(), host("www.example.com", "forward", GROUP), met, byDefault("forward", GROUP))
                        .nextCommand())
                .contains(new Command.Forward(WEB, LISTENER, met.ruleArn(), 443, GROUP, FORMER));
    }

    @Test
    void readsTheRulesOfTheServicesOwnListeners() {
        assertThat(ACTION.lookup(well().build(), NEW, Set.of(), List.of()))
                .contains(new Lookup.ListenerRules(List.of(GROUP)));
        assertThat(ACTION.lookup(aQuietSnapshot(NEW).build(), NEW, Set.of(), List.of()))
                .isEmpty();
    }

    @Nested
    class LeavesToAPerson {

        @Test
        void aListenerThatServesOthersToo() {
            assertThat(refusal(well(), host("admin.example.com", "forward", OTHER), ANSWERS))
                    .isEqualTo("the listener on port 443 forwards to target groups of others too");
            assertThat(refusal(well(), host("www.example.com", "forward", GROUP, OTHER), ANSWERS))
                    .contains("of others too");
        }

        @Test
        void whatIsNotOneListener() {
            var second = new ListenerRule(
                    LISTENER + "2", 443, Optional.empty(), List.of(), List.of("fixed-response"), List.of(), FORMER);

            assertThat(refusal(well())).startsWith("0 listeners");
            assertThat(refusal(well(), ANSWERS, second)).startsWith("2 listeners");
            assertThat(refusal(well().tag("deploy-guard:endpoint", "http://qa.example.com/"), ANSWERS))
                    .isEqualTo("0 listeners of the service's load balancers have port 80");
        }

        @ParameterizedTest
        @CsvSource({"redirect", "forward", "authenticate-oidc"})
        void whatIsNoFixedResponse(String type) {
            assertThat(refusal(well(), byDefault(type)))
                    .isEqualTo("default action of port 443 answers with %s, and only a fixed response is replaced"
                            .formatted(type));
        }

        @Test
        void aRuleThatAsksForMore() {
            assertThat(refusal(well(), rule("http-header", "x", "fixed-response"), ANSWERS))
                    .endsWith("asks for more than host and path");
            var byExpression = new ListenerRule(
                    LISTENER,
                    443,
                    Optional.of("r"),
                    List.of(new Condition("host-header", List.of())),
                    List.of("forward"),
                    List.of(GROUP),
                    FORMER);
            assertThat(refusal(well(), byExpression, ANSWERS)).endsWith("asks for more than host and path");
        }

        @Test
        void aServiceWithoutAnEndpointOrWithSeveralTargetGroups() {
            assertThat(refusal(
                            aQuietSnapshot(NEW)
                                    .loadBalancers(GROUP)
                                    .tasks(List.of())
                                    .desired(0)
                                    .desired(2),
                            ANSWERS))
                    .isEqualTo("0 of 2 tasks are healthy");
            assertThat(refusal(well().tag("deploy-guard:endpoint", "qa"), ANSWERS))
                    .startsWith("tag deploy-guard:endpoint: expected");
            assertThat(refusal(well().loadBalancers(GROUP, OTHER), ANSWERS))
                    .startsWith("the service has 2 target groups");
        }

        @Test
        void aServiceThatIsNotWell() {
            assertThat(refusal(well().desired(3), ANSWERS)).isEqualTo("2 of 3 tasks are healthy");
        }

        @Test
        void whatEcsOrCodeDeployRoute() {
            assertThat(refusal(well().strategy(Strategy.BLUE_GREEN), ANSWERS)).startsWith("ECS itself changes");
            assertThat(next(well().controller(Controller.CODE_DEPLOY), ANSWERS)).isInstanceOf(Refused.class);
        }
    }

    @Test
    void isOvertakenByWhoeverDidIt() {
        assertThat(next(well(), byDefault("forward", GROUP))).isInstanceOf(Overtaken.class);
        assertThat(next(well().rollouts(aRolloutOf(NEWER).build()), ANSWERS)).isInstanceOf(Overtaken.class);
        assertThat(next(
                        well().deployments(aDeploymentOf(NEW)
                                .status(Status.ROLLBACK_IN_PROGRESS)
                                .rollbackTo(OLD)
                                .build()),
                        ANSWERS))
                .isInstanceOf(Overtaken.class);
    }

    /** Of the listener's rules in whatever order and number, never more than the first that is met is changed, and never one of others. */
    @Test
    void neverTouchesARuleThatForwardsOrThatIsNotMet() {
        var random = new Random(11);
        var planned = 0;
        for (var round = 0; round < 5_000; round++) {
            var rules = new ArrayList<ListenerRule>();
            for (var n = random.nextInt(5); n > 0; n--) {
                rules.add(host(
                        pick(random, "www.example.com", "qa.example.com", "*.example.com", "q?.example.com", "*"),
                        pick(random, "forward", "fixed-response", "redirect"),
                        random.nextBoolean()
                                ? new String[] {GROUP}
                                : random.nextInt(6) == 0 ? new String[] {OTHER} : new String[] {}));
            }
            rules.add(byDefault(pick(random, "fixed-response", "redirect", "forward")));

            if (next(well(), rules.toArray(ListenerRule[]::new)) instanceof Steps steps) {
                planned++;
                var command = (Command.Forward) steps.commands().getFirst();
                var changed = rules.stream()
                        .filter(rule -> rule.ruleArn().equals(command.ruleArn()))
                        .toList();
                assertThat(changed.getFirst().actionTypes()).containsExactly("fixed-response");
                assertThat(changed.getFirst().meets("qa.example.com", "/health"))
                        .isEqualTo(ListenerRule.Meets.YES);
                assertThat(rules.subList(0, rules.indexOf(changed.getFirst())))
                        .allMatch(rule -> rule.meets("qa.example.com", "/health") == ListenerRule.Meets.NO);
                assertThat(rules).noneMatch(rule -> rule.targetGroupArns().contains(OTHER));
            }
        }
        assertThat(planned).isGreaterThan(500);
    }

    private static String pick(Random random, String... some) {
        return some[random.nextInt(some.length)];
    }

    @ParameterizedTest(name = "{0} for {1}: {2}")
    @CsvSource({
        "qa.example.com, QA.example.com, YES",
        "*.example.com, qa.example.com, YES",
        "*.example.com, example.com, NO",
        "q?.example.com, qa.example.com, YES",
        "q?.example.com, q.example.com, NO",
        "*a*a*a*b, aaaaaaaaaaaaaaaaaaaaaaaaaa, NO",
        "*, qa.example.com, YES"
    })
    void comparesHostsAsTheLoadBalancerDoes(String pattern, String host, ListenerRule.Meets meets) {
        assertThat(host(pattern, "forward").meets(host, "/")).isEqualTo(meets);
    }

    @Test
    void comparesPathsWithTheirCase() {
        assertThat(rule("path-pattern", "/api/*", "forward").meets("qa", "/api/health"))
                .isEqualTo(ListenerRule.Meets.YES);
        assertThat(rule("path-pattern", "/api/*", "forward").meets("qa", "/API/health"))
                .isEqualTo(ListenerRule.Meets.NO);
    }

    @Test
    void isWantedByItsTagOnly() {
        assertThat(ACTION.isWantedBy(Map.of("deploy-guard:listener", "forward")))
                .isTrue();
        assertThat(ACTION.isWantedBy(Map.of("deploy-guard:listener", "yes"))).isFalse();
        assertThat(ACTION.isWantedBy(Collections.emptyMap())).isFalse();
    }

    @Test
    void saysWhatItWouldDo() {
        var snapshot = well();
        assertThat(ACTION.inWords(snapshot.build(), next(snapshot, ANSWERS)))
                .isEqualTo("let the default action of port 443 of load balancer shop forward to target group web");
    }
}
