package io.deployguard.simulation.fleet;

import io.deployguard.simulation.account.ServiceBuilder;
import io.deployguard.simulation.account.TargetGroup;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How releases of a service come into service.
 *
 * @param hook what may hold or refuse a deployment on its way; only ECS's own strategies have such
 */
record Delivery(Way way, Hook hook) {

    /** Who shifts what. */
    enum Way {
        /** ECS replaces tasks one by one. */
        ROLLING,
        /** ECS shifts all traffic at once to tasks that stand beside the others. */
        BLUE_GREEN,
        /** A part of the traffic first. */
        CANARY,
        /** In equal parts. */
        LINEAR,
        /** CodeDeploy shifts all traffic at once. */
        CODE_DEPLOY
    }

    /** What stands in its way. */
    enum Hook {
        NONE,
        /** A person has to let it go on; who says nothing for long has refused. */
        PAUSE,
        /** The same, where who says nothing for long has agreed. */
        PAUSE_THEN_GO_ON,
        /** A function that tries the new tasks before they get traffic. */
        SMOKE_TEST
    }

    static final Delivery ROLLING = new Delivery(Way.ROLLING, Hook.NONE);

    /** Tries the tasks of a revision; see {@link Life}. */
    static final String SMOKE_TEST = "arn:aws:lambda:eu-central-1:123456789012:function:smoke-test";

    /** Nobody answers a pause for so long. */
    private static final Duration PATIENCE = Duration.ofMinutes(45);

    private static final Duration STEP = Duration.ofMinutes(3);

    /** Of ten services behind a load balancer four are rolled, two each are ECS's blue/green and CodeDeploy's, one each shifts by steps. */
    static Delivery random(RandomGenerator random) {
        var way = switch (random.nextInt(10)) {
            case 0, 1 -> Way.BLUE_GREEN;
            case 2 -> Way.CANARY;
            case 3 -> Way.LINEAR;
            case 4, 5 -> Way.CODE_DEPLOY;
            default -> Way.ROLLING;
        };
        var hook = switch (random.nextInt(6)) {
            case 0 -> Hook.PAUSE;
            case 1 -> Hook.PAUSE_THEN_GO_ON;
            case 2 -> Hook.SMOKE_TEST;
            default -> Hook.NONE;
        };
        return new Delivery(way, way == Way.ROLLING || way == Way.CODE_DEPLOY ? Hook.NONE : hook);
    }

    boolean isByCodeDeploy() {
        return way == Way.CODE_DEPLOY;
    }

    /** Whether tasks of two revisions stand side by side, each in a target group of its own. */
    boolean isPaired() {
        return way != Way.ROLLING;
    }

    /** Describes it to ECS. */
    void describe(ServiceBuilder service, TargetGroup green, String productionRule) {
        switch (way) {
            case ROLLING -> {}
            case CODE_DEPLOY -> service.controller("CODE_DEPLOY");
            case BLUE_GREEN -> service.paired(green, productionRule).blueGreen(STEP);
            case CANARY -> service.paired(green, productionRule).canary(10, STEP, STEP);
            case LINEAR -> service.paired(green, productionRule).linear(25, STEP.dividedBy(3), STEP);
        }
        switch (hook) {
            case NONE -> {}
            case PAUSE -> service.pause("POST_SCALE_UP", PATIENCE, "ROLLBACK");
            case PAUSE_THEN_GO_ON -> service.pause("POST_SCALE_UP", PATIENCE, "CONTINUE");
            case SMOKE_TEST -> service.hook("POST_SCALE_UP", SMOKE_TEST);
        }
    }
}
