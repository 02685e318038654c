package io.deployguard.simulation.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.deployguard.decision.Mode;
import io.deployguard.ecs.ServiceRef;
import io.deployguard.simulation.account.Timing;
import io.deployguard.simulation.demo.Template;
import io.deployguard.simulation.fleet.FleetService.Traits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * ECS's own deployment circuit breaker at its defaults, with rollback, and the guard without it, on the same failing release. Writes {@code
 * docs/breaker-comparison.md} with {@code -Dgolden=rewrite}.
 */
@Execution(ExecutionMode.CONCURRENT)
class BreakerComparisonTest {

    private static final Path PAGE = Path.of("../../docs/breaker-comparison.md");
    private static final Duration WATCHED = Duration.ofMinutes(20);
    private static final List<Integer> DESIRED = List.of(1, 4, 25, 100);

    /** Until ECS begins to go back once a task has ended: the event, the two functions, and ECS's own time to stop a deployment. */
    private static final Duration ON_THE_WAY = Duration.ofSeconds(4);

    /**
     * A cause.
     *
     * @param targets whether the service is behind a load balancer
     * @param unnamed whether the guard has to count as well, since nothing names the cause
     */
    private record Kind(String title, String ailment, boolean targets, boolean unnamed) {

        /** How much later than the breaker the guard may be: not at all, unless the few failures that both wait for come in one breath. */
        Duration later(int desired) {
            return unnamed && desired < 6 ? ON_THE_WAY : Duration.ZERO;
        }
    }

    private static final List<Kind> KINDS = List.of(
            new Kind("the image does not exist", "image-missing", true, false),
            new Kind("a module is missing: ends at start, behind a load balancer", "module-missing", true, false),
            new Kind("the same without any health check", "module-missing", false, false),
            new Kind("the load balancer asks for a path that answers 404", "health-path", true, false),
            new Kind("ends 100 seconds after it became healthy", "crashes-late", true, false),
            new Kind("the process ends without a word", "says-nothing", true, true));

    /**
     * What came of it.
     *
     * @param failed tasks that had failed when the rollback began
     * @param acted from the release to the beginning of the rollback
     * @param healed from the release until as many tasks of the earlier revision run as are wanted
     */
    private record Result(int failed, Optional<Duration> acted, Optional<Duration> healed) {}

    @Test
    void theGuardIsNoLaterThanTheBreaker() throws IOException {
        var table = new ArrayList<String>();
        for (var kind : KINDS) {
            for (var desired : DESIRED) {
                var breaker = play(kind, desired, true);
                var guard = play(kind, desired, false);
                table.add("| %s | %d | %s | %s | %s | %s | %s | %s |"
                        .formatted(
                                desired == 1 ? kind.title() : "",
                                desired,
                                failed(breaker),
                                failed(guard),
                                inWords(breaker.acted()),
                                inWords(guard.acted()),
                                inWords(breaker.healed()),
                                inWords(guard.healed())));
                var what = kind.title() + ", " + desired;
                assertThat(guard.acted()).as(what).isPresent();
                assertThat(guard.healed()).as(what).isPresent();
                breaker.acted()
                        .ifPresent(at -> assertThat(guard.acted().orElseThrow())
                                .as(what)
                                .isLessThanOrEqualTo(at.plus(kind.later(desired))));
                breaker.healed()
                        .ifPresent(at -> assertThat(guard.healed().orElseThrow())
                                .as(what)
                                .isLessThanOrEqualTo(at.plus(kind.later(desired))));
                breaker.acted()
                        .ifPresent(_ -> assertThat(guard.failed())
                                .as(what)
                                .isLessThanOrEqualTo(Math.max(desired, breaker.failed())));
            }
        }
        var page = """
                # The guard beside ECS's circuit breaker

                *Made by `BreakerComparisonTest` in the simulated account; rewrite it with `-Dgolden=rewrite`.*

                The same release fails in the same service: once with the deployment circuit breaker at its defaults and with rollback, once without it
                and with the guard in mode `auto`. Times count from the release. Images arrive within 14 to 24 seconds; events reach the guard 1.5
                seconds after they happen, and the guard's next function is awake half a second later. The breaker needs no time to decide here.

                | what is wrong | tasks | failed until action: breaker | guard | action: breaker | guard | healed: breaker | guard |
                |---|---:|---:|---:|---:|---:|---:|---:|
                %s

                The breaker counts tasks that never run, and failed health checks, to half the desired count, at least to 3. A container that runs
                and ends is nothing to it unless a check notices, and once the deployment has completed it is off. The guard goes back after the
                first failure when its cause is one that no further try cures. When nobody can name it, the guard goes back after half as many failures as
                the breaker, 2 to 5, where every task that had the time to fail has failed, and only where most of the earlier tasks are healthy
                ([why](decisions/0008-fewer-failures-than-the-breaker.md)).

                In the last kind the guard is later than the breaker in one row: of the four tasks the second and the third end within the same tenth of
                a second here, and until ECS begins to go back an event, two functions and a command take about four seconds. Not counted is what
                CloudWatch Logs may take: the simulated account gives the last lines at once, in reality the guard waits up to 10 seconds for them.
                """.formatted(String.join("\n", table));
        if ("rewrite".equals(System.getProperty("golden"))) {
            Files.writeString(PAGE, page);
        }
        assertThat(Files.readString(PAGE)).isEqualTo(page);
    }

    private static String failed(Result result) {
        return result.acted().isPresent() ? String.valueOf(result.failed()) : result.failed() + " in 20 min";
    }

    private static String inWords(Optional<Duration> duration) {
        return duration.map(known -> known.toSeconds() < 120
                        ? known.toSeconds() + " s"
                        : String.format(Locale.ROOT, "%.1f min", known.toSeconds() / 60.0))
                .orElse("not within 20 min");
    }

    private static Result play(Kind kind, int desired, boolean breaker) {
        var fleet = new Fleet(Timing.fargate().withPullingSpread(Duration.ofSeconds(10)));
        try (var account = fleet.account()) {
            var service = new FleetService(
                    new ServiceRef("aws", "eu-central-1", "123456789012", "shop", "service-000"),
                    new Traits(
                            Mode.AUTO,
                            desired,
                            kind.targets(),
                            false,
                            Duration.ofSeconds(5),
                            breaker,
                            breaker,
                            false,
                            0,
                            Delivery.ROLLING));
            fleet.create(service);
            var good = service.lastGood();
            account.advance(Duration.ofMinutes(20));
            var judge = new Judge(fleet, Set.of());
            if (!breaker) {
                var settings = FleetSettings.of(1, 1, 1);
                new GuardUnderTest(fleet, settings, judge, new EventRules(patterns()), true).begin();
            }
            var recording = new Recording(fleet, good);
            account.onEvent(recording::see);
            fleet.deploy(service, fleet.define(service, ailment(kind)));
            account.advance(WATCHED);
            return recording.result();
        }
    }

    private static Optional<Ailment> ailment(Kind kind) {
        return Ailment.ALL.stream()
                .filter(known -> known.name().equals(kind.ailment()))
                .findFirst();
    }

    private static Map<String, String> patterns() {
        var patterns =
                new TreeMap<>(Template.read(Path.of("../../template.yaml")).eventPatterns());
        patterns.remove("ClusterRule");
        return patterns;
    }

    /** What ECS tells, after the release. */
    private static final class Recording {
        private final Fleet fleet;
        private final Release good;
        private final Instant from;
        private final Set<String> failed = new HashSet<>();
        private int failedUntilAction;
        private Optional<Instant> acted = Optional.empty();
        private Optional<Instant> healed = Optional.empty();

        Recording(Fleet fleet, Release good) {
            this.fleet = fleet;
            this.good = good;
            this.from = fleet.now();
        }

        void see(JsonNode event) {
            var detail = event.path("detail");
            var failing = !detail.path("taskDefinitionArn").asText().equals(good.taskDefinition());
            var code = detail.path("stopCode").asText();
            var reason = detail.path("stoppedReason").asText();
            if (event.path("detail-type").asText().equals("ECS Task State Change")
                    && failing
                    && acted.isEmpty()
                    && (code.equals("EssentialContainerExited")
                            || code.equals("TaskFailedToStart")
                            || reason.startsWith("Task failed"))) {
                failed.add(detail.path("taskArn").asText());
                failedUntilAction = failed.size();
            }
            if (event.path("detail-type").asText().equals("ECS Deployment State Change")
                    || (acted.isPresent() && healed.isEmpty())) {
                look();
            }
        }

        private void look() {
            var primary = fleet.describe(fleet.services().getFirst())
                    .path("deployments")
                    .path(0);
            if (primary.path("taskDefinition").asText().equals(good.taskDefinition())) {
                acted = acted.or(() -> Optional.of(fleet.now()));
                if (primary.path("runningCount").asInt()
                        >= primary.path("desiredCount").asInt()) {
                    healed = healed.or(() -> Optional.of(fleet.now()));
                }
            }
        }

        Result result() {
            return new Result(
                    failedUntilAction,
                    acted.map(at -> Duration.between(from, at)),
                    healed.map(at -> Duration.between(from, at)));
        }
    }
}
