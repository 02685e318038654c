package io.deployguard.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.action.Command;
import io.deployguard.action.CommandOutcome;
import io.deployguard.ecs.ListenerRule;
import io.deployguard.simulation.account.LoadBalancer;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Listeners are read and changed through AWS's own wire protocol. */
class ListenerIT {

    private static final UUID INCIDENT = new UUID(0, 1);

    private final GuardedShop shop = new GuardedShop();
    private final LoadBalancer.Listener listener =
            shop.account().loadBalancing().listenerOf("shop", 443);
    private final String group =
            shop.account().loadBalancing().groupNamed("web").arn();

    @AfterEach
    void close() {
        shop.close();
    }

    private List<ListenerRule> rules() {
        return shop.snapshots().listenerRules(List.of(group));
    }

    private CommandOutcome forward(ListenerRule rule) {
        var command = new Command.Forward(
                SimulatedShop.WEB, rule.listenerArn(), rule.ruleArn(), rule.port(), group, rule.actions());
        return shop.executor().execute(command, INCIDENT);
    }

    private static List<ListenerRule.Meets> meets(List<ListenerRule> rules, String host) {
        return rules.stream().map(rule -> rule.meets(host, "/")).toList();
    }

    @Test
    void theDefaultActionIsReplaced() {
        listener.rule(
                1,
                LoadBalancer.hostHeader("www.example.com"),
                LoadBalancer.forwardTo(shop.account().loadBalancing().groupNamed("web")));
        listener.answerBy(LoadBalancer.fixedResponse(404));
        var before = rules();
        assertThat(before).extracting(ListenerRule::isDefault).containsExactly(false, true);
        assertThat(meets(before, "qa.example.com")).containsExactly(ListenerRule.Meets.NO, ListenerRule.Meets.YES);
        assertThat(before.getLast().actionTypes()).containsExactly("fixed-response");
        assertThat(before.getLast().actions()).contains("\"StatusCode\":\"404\"");

        assertThat(forward(before.getLast())).isInstanceOf(CommandOutcome.Done.class);

        assertThat(rules().getLast().targetGroupArns()).containsExactly(group);
        assertThat(shop.writes()).containsExactly("ModifyListener");
    }

    @Test
    void aRuleIsReplaced() {
        listener.rule(1, LoadBalancer.hostHeader("*.example.com"), LoadBalancer.fixedResponse(503));

        assertThat(forward(rules().getFirst())).isInstanceOf(CommandOutcome.Done.class);

        assertThat(rules())
                .allSatisfy(rule -> assertThat(rule.targetGroupArns()).containsExactly(group));
        assertThat(shop.writes()).containsExactly("ModifyRule");
    }

    @Test
    void whatIsGoneIsRefused() {
        var gone = new Command.Forward(SimulatedShop.WEB, listener.arn(), Optional.of("arn:gone"), 443, group, "[]");

        assertThat(shop.executor().execute(gone, INCIDENT)).isInstanceOf(CommandOutcome.Refused.class);
    }
}
