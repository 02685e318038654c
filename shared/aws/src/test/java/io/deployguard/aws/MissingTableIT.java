package io.deployguard.aws;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.deployguard.classification.Diagnosis;
import io.deployguard.fault.GuardFault;
import io.deployguard.incident.Incident;
import io.deployguard.incident.Progress;
import io.deployguard.simulation.account.Behavior;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Post-mortem 2, its first half: no migration ever ran. Through AWS's own wire protocol. */
@Execution(ExecutionMode.CONCURRENT)
class MissingTableIT {

    private static final List<String> MIGRATE = List.of("npm", "run", "migrate");
    private static final Duration LONG_ENOUGH = Duration.ofMinutes(25);

    private GuardedShop shop;

    @BeforeEach
    void open() {
        shop = lackingATable(Behavior.completing(
                        Duration.ofSeconds(20),
                        "== 0001 application_logs: migrating",
                        "== 0001 application_logs: migrated (0.1s)")
                .setting("migrated"));
    }

    @AfterEach
    void close() {
        shop.close();
    }

    private static GuardedShop lackingATable(Behavior migration) {
        var shop = new GuardedShop();
        var tags = JsonNodeFactory.instance.objectNode().put("resourceArn", SimulatedShop.WEB.arn());
        tags.putArray("tags")
                .addObject()
                .put("key", "deploy-guard:migration-command")
                .put("value", "npm run migrate");
        shop.account().ecs().tagResource(tags);
        shop.account().behaviorOfCommand("web:2", MIGRATE, migration);
        return shop;
    }

    private List<String> release() {
        return release(shop);
    }

    private static List<String> release(GuardedShop shop) {
        return shop.release(Behavior.when(
                "migrated",
                Behavior.healthyAfter(Duration.ofSeconds(5), "listening on 8080"),
                Behavior.crashing(Duration.ofSeconds(5), 1, "error: relation \"application_logs\" does not exist")));
    }

    @Test
    void theMigrationTaskRunsOnceAndTheReleaseIsDeployedOnceMore() {
        release().forEach(shop::deliver);
        shop.act("act-1");
        assertThat(shop.writes()).containsExactly("RunTask");
        assertThat(shop.incident().diagnosis().orElseThrow())
                .isInstanceOfSatisfying(Diagnosis.Identified.class, found -> {
                    assertThat(found.cause().value()).isEqualTo("schema-missing");
                    assertThat(found.key()).contains("application_logs");
                });

        shop.runOn(LONG_ENOUGH);

        assertIsHealed();
        assertThat(shop.notices().getLast().toString())
                .contains("put the migration task before web:2, which it deployed once more");
    }

    private void assertIsHealed() {
        assertThat(shop.incident().progress())
                .isInstanceOfSatisfying(
                        Progress.Closed.class,
                        closed -> assertThat(closed.outcome())
                                .as(closed.because())
                                .isEqualTo(Progress.Outcome.HEALED));
        assertThat(shop.writes()).containsExactly("RunTask", "UpdateService");
    }

    @Test
    void aMigrationThatFailsIsToldWithItsLine() {
        shop.close();
        shop = lackingATable(Behavior.crashing(
                Duration.ofSeconds(20), 1, "error: permission denied for schema public", "migration failed"));
        release().forEach(shop::deliver);
        shop.act("act-1");

        shop.runOn(Duration.ofMinutes(5));

        assertThat(shop.writes()).containsExactly("RunTask");
        assertThat(shop.incidents().stream().filter(Incident::isTold)).hasSize(1);
        assertThat(shop.incident().decision().orElseThrow().because())
                .contains("container app ended with exit code 1")
                .contains("permission denied for schema public");
    }

    @ParameterizedTest
    @MethodSource("places")
    void whereverTheProcessEndsTheMigrationRunsOnce(PlaceInTime place) {
        var passed = new int[1];
        shop.failWith(where -> {
            if (where.equals(place.where()) && ++passed[0] == place.time()) {
                throw GuardedShop.killed(where);
            }
        });

        live(shop);

        assertThat(passed[0]).as("times passed").isGreaterThanOrEqualTo(place.time());
        assertIsHealed();
    }

    /** A place in the guard's work when it is passed for the n-th time. */
    record PlaceInTime(String where, int time) {}

    /** The actor's places; those of an incident's beginning are other tests' business. */
    static Stream<PlaceInTime> places() {
        var seen = new ArrayList<String>();
        try (var shop = lackingATable(
                Behavior.completing(Duration.ofSeconds(20), "migrated").setting("migrated"))) {
            shop.failWith(seen::add);
            live(shop);
        }
        return seen.stream()
                .distinct()
                .filter(where -> where.matches("(before|after) (take lease|begin command|finish command|command)"))
                .flatMap(where -> IntStream.rangeClosed(1, Math.min(3, Collections.frequency(seen, where)))
                        .mapToObj(time -> new PlaceInTime(where, time)));
    }

    private static void live(GuardedShop shop) {
        for (var event : release(shop)) {
            untilItSucceeds(() -> shop.deliver(event));
        }
        untilItSucceeds(() -> shop.act("act"));
        // The lease of an actor that was killed ends by itself.
        shop.advance(Duration.ofMinutes(3));
        for (var minute = 0; minute < LONG_ENOUGH.toMinutes(); minute++) {
            untilItSucceeds(() -> shop.runOn(Duration.ofMinutes(1)));
        }
    }

    private static void untilItSucceeds(Runnable work) {
        try {
            work.run();
        } catch (GuardFault.Unavailable killed) {
            work.run();
        }
    }
}
