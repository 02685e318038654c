package io.deployguard.simulation.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deployguard.decision.Mode;
import io.deployguard.ecs.ServiceRef;
import io.deployguard.simulation.account.Timing;
import io.deployguard.simulation.demo.Template;
import io.deployguard.simulation.fleet.FleetService.Traits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The guard over whole fleets. Longer ones: {@code ./deploy-guard simulate}, and {@code -Dfleet=long} here. */
@Execution(ExecutionMode.CONCURRENT)
class FleetSimulationTest {

    private static final boolean LONG = "long".equals(System.getProperty("fleet"));
    private static final Map<String, String> PATTERNS = patterns();

    private static Map<String, String> patterns() {
        var patterns =
                new TreeMap<>(Template.read(Path.of("../../template.yaml")).eventPatterns());
        patterns.remove("ClusterRule");
        return patterns;
    }

    private static FleetReport run(FleetSettings settings) {
        return FleetSimulation.run(settings, PATTERNS, Set.of(), _ -> {});
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void nothingIsMissedAndNothingDoneWrongly(long seed) {
        var settings = LONG ? FleetSettings.of(seed, 200, 48) : FleetSettings.of(seed, 20, 12);
        var report = run(settings);

        assertThat(report.findings()).as("seed " + seed).isEmpty();
        assertThat(report.deployments()).isGreaterThanOrEqualTo(settings.services() / 2);
        if (LONG) {
            assertThat(report.failedDeployments()).isGreaterThan(200);
        }
    }

    @Test
    void actsWhereItMay() {
        var report = run(FleetSettings.of(11, 40, 16));

        assertThat(report.actions()).isGreaterThan(5);
        assertThat(report.verdicts().getOrDefault("healed", 0)).isGreaterThan(5);
        assertThat(report.acted())
                .hasValueSatisfying(spread -> assertThat(spread.median()).isLessThan(Duration.ofSeconds(30)));
        assertThat(report.leftToPeople().values().stream()
                        .mapToInt(Integer::intValue)
                        .sum())
                .isLessThan(report.failedDeployments());
    }

    /** A week of 500 services with {@code -Dfleet=long}. */
    @Test
    void aHealthyFleetIsLeftAlone() {
        var settings = LONG ? FleetSettings.of(1, 500, 7 * 24) : FleetSettings.of(1, 60, 24);
        var report = run(settings.healthy());

        assertThat(report.incidents()).isZero();
        assertThat(report.findings()).isEmpty();
        assertThat(report.deployments()).isGreaterThan(settings.services() * 3);
        assertThat(report.events()).isGreaterThan(settings.services() * 100L);
    }

    @Test
    void theSameSeedIsTheSameHistory() {
        var settings = FleetSettings.of(5, 12, 6);

        assertThat(FleetSimulation.run(settings, PATTERNS, Set.of("service-003"), _ -> {}))
                .isEqualTo(FleetSimulation.run(settings, PATTERNS, Set.of("service-003"), _ -> {}));
        assertThat(run(settings)).isNotEqualTo(run(FleetSettings.of(6, 12, 6)));
    }

    /** The judge would be worth nothing if it did not see what is wrong. */
    @Nested
    class TheJudge {

        @Test
        void seesWhatIsMissedWhenTheGuardHearsNothing() {
            var deaf = FleetSimulation.run(FleetSettings.of(3, 20, 8), Map.of(), Set.of(), _ -> {});

            assertThat(deaf.incidents()).isZero();
            assertThat(deaf.count(Finding.Kind.MISSED)).isGreaterThan(3);
            assertThat(deaf.isGood()).isFalse();
        }
    }

    /** Sixty services get the same release within a minute. */
    @ParameterizedTest(name = "{0}: {1} messages")
    @CsvSource({"type-error, 6", "crashes-late, 1", "table-missing, 6"})
    void aStormIsOneMessageAndNoAction(String ailment, int most) {
        var fleet = new Fleet();
        try (var account = fleet.account()) {
            var settings = FleetSettings.of(1, 60, 1);
            var judge = new Judge(fleet, Set.of());
            new GuardUnderTest(fleet, settings, judge, new EventRules(PATTERNS)).begin();
            for (var number = 0; number < 60; number++) {
                fleet.create(service(number));
            }
            account.advance(Duration.ofMinutes(15));
            var mistake = Ailment.ALL.stream()
                    .filter(known -> known.name().equals(ailment))
                    .findFirst();
            for (var service : fleet.services()) {
                fleet.deploy(service, fleet.define(service, mistake));
            }
            account.advance(Duration.ofMinutes(20));
            var report = judge.report(settings);

            assertThat(report.findings()).isEmpty();
            assertThat(report.incidents()).isEqualTo(60);
            // Who fails before the sixth does may have been told, and acted upon, by then.
            assertThat(report.messages()).isLessThanOrEqualTo(most);
            assertThat(report.actions()).isLessThanOrEqualTo(most - 1);
        }
    }

    /** What a release does to a service of so many tasks within twenty minutes, in mode auto and without ECS's breaker. */
    private static FleetReport play(String ailment, int desired, Duration logLag, Delivery delivery) {
        var fleet = new Fleet(Timing.fargate().withPullingSpread(Duration.ofSeconds(10)));
        try (var account = fleet.account()) {
            var settings = FleetSettings.of(1, 1, 1);
            var judge = new Judge(fleet, Set.of());
            new GuardUnderTest(fleet, settings, judge, new EventRules(PATTERNS), true).begin();
            var service = new FleetService(
                    service(0).ref(),
                    new Traits(
                            Mode.AUTO, desired, true, false, Duration.ofSeconds(5), false, false, false, 0, delivery));
            fleet.create(service);
            account.logs().arriveAfter(logLag);
            account.advance(Duration.ofMinutes(20));
            var wrong = Ailment.ALL.stream()
                    .filter(known -> known.name().equals(ailment))
                    .findFirst();
            fleet.deploy(service, fleet.define(service, wrong));
            account.advance(Duration.ofMinutes(20));
            return judge.report(settings);
        }
    }

    /** By the one command that fits the moment; the judge would find another. */
    @ParameterizedTest(name = "{0} with hook {1}: {2}")
    @CsvSource({
        "BLUE_GREEN, NONE, type-error",
        "BLUE_GREEN, PAUSE, crashes-late",
        "BLUE_GREEN, PAUSE_THEN_GO_ON, crashes-late",
        "CANARY, NONE, dies-of-users",
        "LINEAR, NONE, crashes-late",
        "CODE_DEPLOY, NONE, type-error",
        "CODE_DEPLOY, NONE, crashes-late"
    })
    void aReleaseThatShiftsTrafficIsTakenBackOnItsWay(Delivery.Way way, Delivery.Hook hook, String ailment) {
        var report = play(ailment, 3, Duration.ofSeconds(5), new Delivery(way, hook));

        assertThat(report.findings()).isEmpty();
        assertThat(report.actions()).isEqualTo(1);
        assertThat(report.verdicts()).containsExactly(Map.entry("healed", 1));
    }

    @ParameterizedTest(name = "{0}, {1} tasks, logs {2} s late")
    @CsvSource({
        "stumbles, 1, 5",
        "stumbles, 4, 5",
        "stumbles, 25, 5",
        "dependency-comes-late, 1, 5",
        "dependency-comes-late, 4, 5",
        "dependency-comes-late, 25, 5",
        "dependency-comes-late, 1, 26",
        "dependency-comes-late, 1, 30",
        "dependency-comes-late, 4, 30"
    })
    void aReleaseThatComesUpByItselfIsNotTakenBack(String ailment, int desired, long logLag) {
        var report = play(ailment, desired, Duration.ofSeconds(logLag), Delivery.ROLLING);

        assertThat(report.findings()).isEmpty();
        assertThat(report.actions()).isZero();
        assertThat(report.deployments()).isEqualTo(2);
    }

    /** Nobody waits for a log that never comes. */
    @ParameterizedTest(name = "{0} tasks")
    @ValueSource(ints = {1, 4, 25})
    void aReleaseThatWritesNothingIsTakenBack(int desired) {
        var report = play("writes-nothing", desired, Duration.ofSeconds(5), Delivery.ROLLING);

        assertThat(report.findings()).isEmpty();
        assertThat(report.actions()).isEqualTo(1);
        assertThat(report.verdicts()).containsEntry("healed", 1);
    }

    private static FleetService service(int number) {
        return new FleetService(
                new ServiceRef("aws", "eu-central-1", "123456789012", "cluster-00", "service-%03d".formatted(number)),
                new Traits(
                        Mode.AUTO, 2, false, false, Duration.ofSeconds(5), false, false, false, 0, Delivery.ROLLING));
    }

    @Test
    void refusesWhatCannotBeSimulated() {
        assertThat(FleetSettings.of(1, 2_000, 1).services()).isEqualTo(2_000);
        assertThatThrownBy(() -> FleetSettings.of(1, 0, 1)).hasMessageContaining("services: expected 1 to 2000, got 0");
        assertThatThrownBy(() -> FleetSettings.of(1, 1, 0)).hasMessageContaining("hours");
    }
}
