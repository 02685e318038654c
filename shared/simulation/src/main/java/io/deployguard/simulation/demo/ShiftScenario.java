package io.deployguard.simulation.demo;

import static io.deployguard.simulation.demo.ReactionScenario.LAST_WORD;
import static io.deployguard.simulation.demo.ReactionScenario.NO_SUCH_KEY;

import io.deployguard.simulation.account.Behavior;
import io.deployguard.simulation.account.LoadBalancer;
import io.deployguard.simulation.account.ServiceBuilder;
import io.deployguard.simulation.account.TargetGroup;
import io.deployguard.simulation.demo.ReleaseScenario.Surroundings;
import io.deployguard.simulation.demo.Scenario.Expectation;
import io.deployguard.simulation.demo.WebService.Release;
import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Releases that come up beside the one before them, and take over its traffic at once or by steps. */
final class ShiftScenario {

    private static final Duration BAKE = Duration.ofMinutes(5);

    private ShiftScenario() {}

    /** Green has no user yet when it crashes. */
    static Scenario greenCrashes() {
        return scenario(
                "blue-green",
                "The green tasks of a blue/green deployment crash: it is stopped while blue serves, and nothing is deployed anew",
                20,
                "tenant-api",
                service -> service.blueGreen(BAKE),
                Behavior.crashing(Duration.ofSeconds(8), 1, NO_SUCH_KEY));
    }

    /** The pause would end with all users on what crashes. */
    static Scenario greenCrashesAtPause() {
        return scenario(
                        "paused-hook",
                        "A blue/green deployment waits for a person at a pause hook when its green tasks crash: the hook is answered with ROLLBACK",
                        20,
                        "tenant-portal",
                        service -> service.blueGreen(BAKE).pause("POST_SCALE_UP", Duration.ofHours(2), "CONTINUE"),
                        ReactionScenario.CHOKING_LATER)
                .followedBy(ReactionScenario::poison);
    }

    /** Nothing is wrong until the first user comes. */
    static Scenario canaryCrashes() {
        return scenario(
                "canary",
                "A canary crashes under its first ten percent of the traffic: it is stopped, and the other ninety never see it",
                20,
                "tenant-search",
                service -> service.canary(10, Duration.ofMinutes(10), BAKE),
                // Whoever takes a dead one's place has users at once, and dies before its first check.
                Behavior.crashingUnderTraffic(Duration.ofSeconds(2), 1, NO_SUCH_KEY));
    }

    private static ReleaseScenario scenario(
            String name,
            String title,
            double speed,
            String service,
            UnaryOperator<ServiceBuilder> strategy,
            Behavior green) {
        return ReleaseScenario.of(
                        name,
                        title,
                        speed,
                        new Expectation("code-error", Optional.empty(), "roll-back", "healed", LAST_WORD),
                        WebService.of(service),
                        Release.of("8.3.0", ReleaseScenario.WELL),
                        Release.of("8.4.0", green))
                .amid(paired(strategy));
    }

    /** A second target group beside the first, and a listener that can lead to either. */
    private static Surroundings paired(UnaryOperator<ServiceBuilder> strategy) {
        return (account, place, web) -> {
            var green = account.loadBalancing()
                    .targetGroup(
                            web.name() + "-green",
                            WebService.PORT,
                            TargetGroup.HealthCheck.of("/health").every(Duration.ofSeconds(10)));
            place.listener().answerBy(LoadBalancer.forwardTo(place.group(), green));
            return web.shaped(service ->
                    strategy.apply(service.paired(green, place.listener().defaultRule())));
        };
    }
}
