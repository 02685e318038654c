package io.deployguard.simulation.account;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deployguard.simulation.account.ShiftStrategy.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A blue/green, linear or canary deployment on its way: the new revision (green) comes up beside the serving one (blue), takes over test and then
 * production traffic, bakes, and blue goes. The scheduler asks it how many tasks each revision should have, and lets it go on. Guarded by the lock
 * of the account.
 *
 * <p>Where the documentation is silent: a deployment that is turned around gives production traffic back at once, unless blue is being cleaned up
 * already, when blue has to be healthy first; hooks do not run on the way back; one that is aborted stays as it is, tasks and traffic alike; one
 * that is superseded leaves the field to the revision that served before it.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/blue-green-deployment-how-it-works.html">How it works</a>
 */
final class TrafficShift {
    /** The stages of ECS, in order. */
    enum Stage {
        RECONCILE_SERVICE,
        PRE_SCALE_UP,
        SCALE_UP,
        POST_SCALE_UP,
        TEST_TRAFFIC_SHIFT,
        POST_TEST_TRAFFIC_SHIFT,
        PRE_PRODUCTION_TRAFFIC_SHIFT,
        PRODUCTION_TRAFFIC_SHIFT,
        POST_PRODUCTION_TRAFFIC_SHIFT,
        BAKE_TIME,
        CLEAN_UP
    }

    /** How it goes on. */
    sealed interface Progress {
        /**
         * It cannot go on yet.
         *
         * @param until when it moves on if no task changes; absent when nothing but its tasks or somebody's call moves it
         */
        record Waits(Optional<Instant> until) implements Progress {}

        /** The revision that was wanted is all that runs, and it is well. */
        record Complete() implements Progress {}

        /** It has to be turned around. */
        record Fails(String reason) implements Progress {}
    }

    /** What the scheduler knows of the tasks. */
    interface Census {
        int healthy(Rollout rollout);

        boolean isGone(Rollout rollout);

        /** Whether tasks of neither revision are there. */
        boolean hasStrays();
    }

    /** A rule of a listener that leads to one of two target groups. */
    private record Route(Optional<String> production, Optional<String> test, String blue, String green) {}

    private static final List<Stage> STAGES = List.of(Stage.values());
    private static final Duration STAGE_LIMIT = Duration.ofHours(24);

    private final Rollout blue;
    private final Rollout green;
    private final List<Step> steps;
    private final Duration bake;
    private final Duration stageTakes;
    private final LoadBalancing loadBalancing;
    private final LifecycleHooks hooks;
    private Stage stage;
    private Instant enteredAt;
    private int step;
    private double production;
    private double test;
    private boolean turnedBack;
    private boolean aborted;

    TrafficShift(
            ShiftStrategy strategy,
            Rollout blue,
            Rollout green,
            boolean hasStrays,
            LoadBalancing loadBalancing,
            LifecycleHooks hooks,
            Duration stageTakes,
            Instant now) {
        this.blue = blue;
        this.green = green;
        this.steps = strategy.steps();
        this.bake = green.revision().settings().bakeTime();
        this.stageTakes = stageTakes;
        this.loadBalancing = loadBalancing;
        this.hooks = hooks;
        this.stage = hasStrays ? Stage.RECONCILE_SERVICE : Stage.PRE_SCALE_UP;
        this.enteredAt = now;
        hooks.enter(stage.name(), now);
    }

    /** Where it goes back to. */
    ServiceRevision source() {
        return blue.revision();
    }

    LifecycleHooks hooks() {
        return hooks;
    }

    boolean isAbout(Rollout rollout) {
        return rollout == blue || rollout == green;
    }

    /** How many tasks of a revision there should be now. */
    int wanted(ServiceRevision revision, int desired) {
        var isThere = turnedBack
                ? revision.equals(blue.revision()) || (revision.equals(green.revision()) && production > 0)
                : (revision.equals(blue.revision()) && stage != Stage.CLEAN_UP)
                        || (revision.equals(green.revision()) && stage.compareTo(Stage.SCALE_UP) >= 0);
        return isThere ? desired : 0;
    }

    /** Goes on as far as it can at this moment. */
    Progress advance(Instant now, int desired, Census census) {
        if (aborted) {
            return new Progress.Waits(Optional.empty());
        }
        if (turnedBack) {
            return advanceBack(desired, census);
        }
        while (true) {
            switch (hooks.check(now)) {
                case LifecycleHooks.Verdict.Refused(var reason) -> {
                    return new Progress.Fails(reason);
                }
                case LifecycleHooks.Verdict.Pending(var until) -> {
                    return new Progress.Waits(Optional.of(until));
                }
                case LifecycleHooks.Verdict.Passed _ -> {}
            }
            var limit = enteredAt.plus(STAGE_LIMIT);
            var end = isDone(desired, census) ? enteredAt.plus(duration()) : limit;
            if (now.isBefore(end)) {
                return new Progress.Waits(Optional.of(end));
            }
            if (end.equals(limit)) {
                return new Progress.Fails("Stage %s has lasted for more than 24 hours.".formatted(stage));
            }
            if (stage == Stage.CLEAN_UP) {
                return new Progress.Complete();
            }
            enter(next(), now);
        }
    }

    /** Whether the tasks are where the stage wants them. */
    private boolean isDone(int desired, Census census) {
        return switch (stage) {
            case RECONCILE_SERVICE -> !census.hasStrays();
            case SCALE_UP -> census.healthy(green) >= desired;
            case CLEAN_UP -> census.isGone(blue);
            case PRE_SCALE_UP,
                    POST_SCALE_UP,
                    TEST_TRAFFIC_SHIFT,
                    POST_TEST_TRAFFIC_SHIFT,
                    PRE_PRODUCTION_TRAFFIC_SHIFT,
                    PRODUCTION_TRAFFIC_SHIFT,
                    POST_PRODUCTION_TRAFFIC_SHIFT,
                    BAKE_TIME -> true;
        };
    }

    /** How long the stage lasts at least. */
    private Duration duration() {
        return switch (stage) {
            case BAKE_TIME -> bake;
            case PRODUCTION_TRAFFIC_SHIFT -> stageTakes.plus(steps.get(step).bake());
            case RECONCILE_SERVICE,
                    PRE_SCALE_UP,
                    SCALE_UP,
                    POST_SCALE_UP,
                    TEST_TRAFFIC_SHIFT,
                    POST_TEST_TRAFFIC_SHIFT,
                    PRE_PRODUCTION_TRAFFIC_SHIFT,
                    POST_PRODUCTION_TRAFFIC_SHIFT,
                    CLEAN_UP -> stageTakes;
        };
    }

    private Stage next() {
        if (stage == Stage.PRODUCTION_TRAFFIC_SHIFT && step < steps.size() - 1) {
            step++;
            return Stage.PRE_PRODUCTION_TRAFFIC_SHIFT;
        }
        return STAGES.get(STAGES.indexOf(stage) + 1);
    }

    private void enter(Stage next, Instant now) {
        stage = next;
        enteredAt = now;
        switch (next) {
            case TEST_TRAFFIC_SHIFT -> shiftTest(100);
            case PRODUCTION_TRAFFIC_SHIFT -> shiftProduction(steps.get(step).percent());
            case CLEAN_UP -> shiftTest(0);
            case RECONCILE_SERVICE,
                    PRE_SCALE_UP,
                    SCALE_UP,
                    POST_SCALE_UP,
                    POST_TEST_TRAFFIC_SHIFT,
                    PRE_PRODUCTION_TRAFFIC_SHIFT,
                    POST_PRODUCTION_TRAFFIC_SHIFT,
                    BAKE_TIME -> {}
        }
        hooks.enter(next.name(), now);
    }

    private Progress advanceBack(int desired, Census census) {
        var isBlueWell = census.healthy(blue) >= desired;
        if (isBlueWell && production > 0) {
            shiftProduction(0);
        }
        return isBlueWell && census.isGone(green) ? new Progress.Complete() : new Progress.Waits(Optional.empty());
    }

    /** Returns to blue. */
    void turnBack() {
        turnedBack = true;
        shiftTest(0);
        if (stage != Stage.CLEAN_UP) {
            shiftProduction(0);
        }
    }

    /** Stays as it is until another deployment comes. */
    void abort() {
        aborted = true;
    }

    /** Leaves the field to another deployment, which begins from the revision that is named. */
    Rollout supersede() {
        shiftTest(0);
        if (!turnedBack && stage == Stage.CLEAN_UP) {
            return green;
        }
        shiftProduction(0);
        return blue;
    }

    private void shiftTest(double percent) {
        test = percent;
        routes().forEach(route ->
                route.test().ifPresent(rule -> loadBalancing.split(rule, route.blue(), route.green(), percent)));
    }

    private void shiftProduction(double percent) {
        production = percent;
        routes().forEach(route ->
                route.production().ifPresent(rule -> loadBalancing.split(rule, route.blue(), route.green(), percent)));
    }

    private List<Route> routes() {
        var blueGroups = blue.revision().groupsByPort();
        return green.revision().routes().stream()
                .flatMap(route -> Optional.ofNullable(blueGroups.get(route.port())).stream()
                        .filter(group -> !group.equals(route.groupArn()))
                        .map(group -> new Route(
                                Json.text(route.advanced(), "productionListenerRule"),
                                Json.text(route.advanced(), "testListenerRule"),
                                group,
                                route.groupArn())))
                .toList();
    }

    /** What DescribeServiceDeployments says of the way. */
    void describe(ObjectNode deployment) {
        if (!turnedBack) {
            deployment.put("lifecycleStage", stage.name());
            deployment.set("lifecycleHookDetails", hooks.describe());
        }
    }

    /** What a revision's summary says of its traffic. */
    void describeTraffic(ServiceRevision revision, ObjectNode summary) {
        var isGreen = revision.equals(green.revision());
        if (isGreen || revision.equals(blue.revision())) {
            summary.put("requestedProductionTrafficWeight", isGreen ? production : 100 - production)
                    .put("requestedTestTrafficWeight", isGreen ? test : 100 - test);
        }
    }
}
