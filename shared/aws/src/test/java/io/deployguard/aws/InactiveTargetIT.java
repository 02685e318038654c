package io.deployguard.aws;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deployguard.incident.Progress;
import io.deployguard.simulation.account.Behavior;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The task definition to go back to was deregistered, and the settings allow a copy. Through AWS's own wire protocol. */
class InactiveTargetIT {

    /** What only ECS says of a task definition. */
    private static final List<String> SAID_BY_ECS =
            List.of("taskDefinitionArn", "revision", "status", "registeredAt", "deregisteredAt");

    private GuardedShop shop;

    @BeforeEach
    void open() {
        shop = new GuardedShop();
        shop.account().behavior("web:3", Behavior.healthyAfter(Duration.ofSeconds(5), "listening on 8080"));
        shop.release(Behavior.when(
                "broken",
                Behavior.crashing(Duration.ofSeconds(4), 1, SimulatedShop.LINE),
                Behavior.crashingLate(Duration.ofMinutes(15), 1, SimulatedShop.LINE)));
        // The old tasks drain for five minutes, and then the deployment is complete.
        shop.runOn(Duration.ofMinutes(9));
        shop.account().ecs().deregisterTaskDefinition(object().put("taskDefinition", "web:1"));
        shop.account().world().set("broken");
    }

    @AfterEach
    void close() {
        shop.close();
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    private ObjectNode described(String name) {
        var answer = shop.account()
                .inventory()
                .describeTaskDefinition(object().put("taskDefinition", name))
                .deepCopy();
        ((ObjectNode) answer.path("taskDefinition")).remove(SAID_BY_ECS);
        return answer;
    }

    @Test
    void theCopyHasTheSameContentAndTagsAndIsWhatRuns() {
        shop.runOn(Duration.ofMinutes(30));

        assertThat(shop.writes()).containsExactly("RegisterTaskDefinition", "UpdateService");
        assertThat(described("web:3")).isEqualTo(described("web:1"));
        assertThat(described("web:3").path("tags")).hasSize(1);
        assertThat(shop.incident().progress())
                .isInstanceOfSatisfying(
                        Progress.Closed.class,
                        closed -> assertThat(closed.outcome())
                                .as(closed.because())
                                .isEqualTo(Progress.Outcome.HEALED));
        assertThat(shop.notices().getLast().toString())
                .contains("rolled back to a copy of web:1", "tasks of web:3 are healthy");
    }

    /** A person did what the message advises, a moment before the guard. */
    @Test
    void nothingIsRegisteredWhereSomebodyHasDoneSo() {
        var again = (ObjectNode) described("web:1").path("taskDefinition");
        shop.account().registerTaskDefinition(again.toString());

        shop.runOn(Duration.ofMinutes(30));

        assertThat(shop.writes()).containsExactly("UpdateService");
        assertThat(shop.notices().getLast().toString())
                .contains("rolled back to a copy of web:1", "tasks of web:3 are healthy");
    }

    /** Same family, newer, ACTIVE, and another image. */
    @Test
    void whatDiffersIsNoTwin() {
        var other = (ObjectNode) described("web:1").path("taskDefinition");
        ((ObjectNode) other.path("containerDefinitions").get(0)).put("image", "shop/web:evil");
        shop.account().registerTaskDefinition(other.toString());
        shop.account().behavior("web:4", Behavior.healthyAfter(Duration.ofSeconds(5), "listening on 8080"));

        shop.runOn(Duration.ofMinutes(30));

        assertThat(shop.writes()).containsExactly("RegisterTaskDefinition", "UpdateService");
        assertThat(described("web:4")).isEqualTo(described("web:1"));
    }
}
