package io.deployguard.simulation.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deployguard.simulation.account.AwsError;
import io.deployguard.simulation.account.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** What happens to a fleet: releases, scaling, hosts that go, and in troubled times bad releases, people who react, and outages. */
final class Life {

    private static final Duration BETWEEN_RELEASES = Duration.ofHours(6);
    private static final Duration BETWEEN_CHURN = Duration.ofHours(3);
    private static final Duration BETWEEN_OUTAGES = Duration.ofHours(8);
    private static final Duration BETWEEN_COMMON_MISTAKES = Duration.ofHours(20);

    private static final String REFUSED = "which AWS refuses: ";

    /** Nothing happens before: the first releases of all services come up. */
    private static final Duration WARM_UP = Duration.ofMinutes(15);

    /** CodeDeploy has taken a deployment back by then. */
    private static final Duration TAKEN_BACK = Duration.ofSeconds(40);

    /** For so long after an outage its incidents are its own. */
    private static final Duration AFTERMATH = Duration.ofMinutes(20);

    private final Fleet fleet;
    private final FleetSettings settings;
    private final Judge judge;
    private final Random fate;

    Life(Fleet fleet, FleetSettings settings, Judge judge) {
        this.fleet = fleet;
        this.settings = settings;
        this.judge = judge;
        this.fate = new Random(settings.seed() * 31 + 7);
    }

    /** Notes the beginning of everything in the account's time table. */
    void begin() {
        for (var index = 0; index < fleet.services().size(); index++) {
            var service = fleet.services().get(index);
            var random = new Random(settings.seed() * 1_000_003L + 500_009L + index);
            after(WARM_UP.plus(wait(BETWEEN_RELEASES, random)), () -> release(service, random));
            after(WARM_UP.plus(wait(BETWEEN_CHURN, random)), () -> churn(service, random));
        }
        if (settings.trouble()) {
            after(WARM_UP.plus(wait(BETWEEN_OUTAGES, fate)), this::outage);
            after(WARM_UP.plus(wait(BETWEEN_COMMON_MISTAKES, fate)), this::commonMistake);
        }
        fleet.account().hookFunction(Delivery.SMOKE_TEST, this::smokeTest);
        fleet.account().onEvent(this::hear);
        after(Duration.ofHours(1), this::forgetLogs);
    }

    private void after(Duration delay, Runnable work) {
        fleet.account().agenda().after(delay, work);
    }

    private static Duration wait(Duration mean, Random random) {
        return Duration.ofMillis((long) (-Math.log(1 - random.nextDouble()) * mean.toMillis()));
    }

    private static Duration between(Duration least, Duration most, Random random) {
        return least.plusMillis(random.nextLong(most.minus(least).toMillis()));
    }

    private void forgetLogs() {
        fleet.account().logs().forgetBefore(fleet.now().minus(Duration.ofHours(2)));
        fleet.account().logs().arriveAfter(Duration.ofSeconds(2 + fate.nextInt(fate.nextInt(6) == 0 ? 40 : 8)));
        after(Duration.ofHours(1), this::forgetLogs);
    }

    // Releases.

    private void release(FleetService service, Random random) {
        if (service.isDeleted()) {
            return;
        }
        var ailment = settings.trouble() && random.nextInt(100) < 22
                ? Optional.of(ailment(service, random))
                : Optional.<Ailment>empty();
        deploy(service, ailment, random, "the pipeline");
        after(wait(BETWEEN_RELEASES, random), () -> release(service, random));
    }

    private static Ailment ailment(FleetService service, Random random) {
        var fitting =
                Ailment.ALL.stream().filter(ailment -> ailment.fits(service)).toList();
        return fitting.get(random.nextInt(fitting.size()));
    }

    private void deploy(FleetService service, Optional<Ailment> ailment, Random random, String who) {
        var before = service.lastGood();
        var release = fleet.define(service, ailment);
        judge.tell(service, who + " deploys " + release.name());
        if (!bring(service, release)) {
            return;
        }
        if (settings.trouble() && random.nextInt(40) == 0) {
            judge.tell(service, before.name() + " is deregistered");
            fleet.account()
                    .ecs()
                    .deregisterTaskDefinition(Json.object().put("taskDefinition", before.taskDefinition()));
        }
        if (release.isBad()) {
            expectReaction(service, release, random);
        }
    }

    /** False when CodeDeploy refuses, since it is still about another one. */
    private boolean bring(FleetService service, Release release) {
        try {
            fleet.deploy(service, release);
            return true;
        } catch (AwsError busy) {
            judge.tell(service, REFUSED + busy.getMessage());
            return false;
        }
    }

    private void expectReaction(FleetService service, Release bad, Random random) {
        var hasty = random.nextInt(10) == 0;
        var delay = hasty
                ? between(Duration.ofSeconds(5), Duration.ofMinutes(2), random)
                : between(Duration.ofMinutes(3), Duration.ofMinutes(40), random);
        after(delay, () -> react(service, bad, random));
    }

    private void react(FleetService service, Release bad, Random random) {
        if (service.isDeleted() || !judge.runs(service, bad)) {
            return;
        }
        var mood = random.nextInt(100);
        if (mood < 50) {
            fixForward(service, random);
        } else if (mood < 75) {
            byHand(service, random, "goes back", () -> fleet.deploy(service, service.lastGood()));
        } else if (mood < 88) {
            byHand(service, random, "stops the deployment", () -> fleet.stopDeployment(service));
            expectReaction(service, bad, random);
        } else if (mood < 95) {
            byHand(service, random, "forces a new deployment", () -> fleet.redeploy(service));
            expectReaction(service, bad, random);
        } else {
            scale(service, random);
            expectReaction(service, bad, random);
        }
    }

    private void fixForward(FleetService service, Random random) {
        if (service.traits().delivery().isByCodeDeploy() && end(service)) {
            after(TAKEN_BACK, () -> mend(service, random));
        } else {
            mend(service, random);
        }
    }

    /** Ends what CodeDeploy is about, since it does one thing at a time; false when it is about nothing. */
    private boolean end(FleetService service) {
        try {
            fleet.stopDeployment(service);
            judge.tell(service, "a person ends CodeDeploy's deployment");
            return true;
        } catch (AwsError ended) {
            return false;
        }
    }

    private void mend(FleetService service, Random random) {
        if (service.isDeleted()) {
            return;
        }
        var again = random.nextInt(100) < 15 ? Optional.of(ailment(service, random)) : Optional.<Ailment>empty();
        deploy(service, again, random, "a person who mends it");
    }

    private void byHand(FleetService service, Random random, String what, Runnable deed) {
        try {
            judge.tell(service, "a person " + what);
            deed.run();
        } catch (AwsError refused) {
            judge.tell(service, REFUSED + refused.getMessage());
            fixForward(service, random);
        }
    }

    // Hooks.

    /** What ECS says of hooks: a person who is waited for answers at some time. */
    private void hear(JsonNode event) {
        var detail = event.path("detail");
        if (!detail.path("eventName").asText().equals("HOOK_AWAITING_ACTION")) {
            return;
        }
        var arn = detail.path("serviceArn").asText();
        var random = new Random(fate.nextLong());
        find(arn).ifPresent(service -> {
            judge.tell(service, "a person is asked to let the deployment go on");
            after(
                    between(Duration.ofMinutes(1), Duration.ofMinutes(12), random),
                    () -> answer(
                            service,
                            detail.path("serviceDeploymentArn").asText(),
                            detail.path("hookId").asText(),
                            random));
        });
    }

    private Optional<FleetService> find(String arn) {
        return fleet.services().stream()
                .filter(service -> service.ref().arn().equals(arn))
                .findFirst();
    }

    /** What is well goes on; one in three does not look whether it is. */
    private void answer(FleetService service, String deployment, String hook, Random random) {
        if (service.isDeleted() || (judge.runsBadly(service) && random.nextInt(3) > 0)) {
            return;
        }
        try {
            fleet.goOn(deployment, hook);
            judge.tell(service, "a person lets the deployment go on");
        } catch (AwsError ended) {
            judge.tell(service, REFUSED + ended.getMessage());
        }
    }

    /** Finds every second fault. */
    private String smokeTest(ObjectNode question) {
        var details = question.path("executionDetails");
        var revision = details.path("targetServiceRevisionArn").asText();
        return find(details.path("serviceArn").asText())
                        .filter(judge::runsBadly)
                        .filter(_ -> revision.hashCode() % 2 == 0)
                        .isPresent()
                ? "FAILED"
                : "SUCCEEDED";
    }

    // Healthy churn.

    private void churn(FleetService service, Random random) {
        if (service.isDeleted()) {
            return;
        }
        var account = fleet.account();
        var what = random.nextInt(100);
        if (what < 45) {
            scale(service, random);
        } else if (what < 60) {
            judge.tell(service, "Spot takes a task");
            account.interruptSpot(service.cluster(), service.name());
        } else if (what < 68) {
            judge.tell(service, "a host is lost");
            account.loseHost(service.cluster(), service.name());
        } else if (what < 75) {
            judge.tell(service, "a host is retired");
            account.retireHost(service.cluster(), service.name());
        } else if (what < 84) {
            judge.tell(service, "zones are rebalanced");
            account.rebalance(service.cluster(), service.name());
        } else if (what < 93) {
            judge.tell(service, "a person stops a task");
            fleet.stopTask(service);
        } else if (what < 99 || !settings.trouble()) {
            judge.tell(service, "a person forces a new deployment");
            redeploy(service);
        } else {
            judge.tell(service, "a person deletes the service");
            fleet.delete(service);
        }
        after(wait(BETWEEN_CHURN, random), () -> churn(service, random));
    }

    private void redeploy(FleetService service) {
        try {
            fleet.redeploy(service);
        } catch (AwsError busy) {
            judge.tell(service, REFUSED + busy.getMessage());
        }
    }

    private void scale(FleetService service, Random random) {
        var usual = service.traits().desired();
        if (random.nextInt(25) == 0) {
            scale(service, 0);
            after(Duration.ofMinutes(40), () -> scale(service, usual));
        } else {
            scale(service, Math.max(1, usual - 2 + random.nextInt(usual + 4)));
        }
    }

    private void scale(FleetService service, int desired) {
        if (!service.isDeleted()) {
            judge.tell(service, "is scaled to " + desired);
            fleet.scale(service, desired);
        }
    }

    // Outages.

    private void outage() {
        if (fate.nextInt(3) == 0) {
            capacityOutage();
        } else {
            databaseOutage();
        }
        after(wait(BETWEEN_OUTAGES, fate), this::outage);
    }

    private void databaseOutage() {
        var database = fleet.services()
                .get(fate.nextInt(fleet.services().size()))
                .traits()
                .database();
        var users = alive(fleet.services().stream()
                .filter(service -> service.traits().database() == database)
                .toList());
        var lasting = between(Duration.ofMinutes(4), Duration.ofMinutes(35), fate);
        var world = fleet.account().world();
        world.set(Fleet.away(database));
        users.forEach(service -> {
            judge.afflict(service, "database %d is away".formatted(database));
            after(between(Duration.ofSeconds(1), Duration.ofSeconds(50), fate), () -> crash(service, database));
        });
        after(lasting, () -> world.clear(Fleet.away(database)));
        after(lasting.plus(AFTERMATH), () -> users.forEach(judge::relieve));
    }

    private void crash(FleetService service, int database) {
        if (!service.isDeleted()) {
            fleet.account()
                    .crash(
                            service.cluster(),
                            service.name(),
                            1,
                            "psycopg2.OperationalError: connection to server at \"db-%d.internal\" (10.0.9.9), port 5432 failed: Connection refused"
                                    .formatted(database));
        }
    }

    private void capacityOutage() {
        var cluster =
                fleet.services().get(fate.nextInt(fleet.services().size())).cluster();
        var users = alive(fleet.services().stream()
                .filter(service -> service.cluster().equals(cluster))
                .toList());
        var lasting = between(Duration.ofMinutes(3), Duration.ofMinutes(25), fate);
        fleet.account().world().set(Fleet.full(cluster));
        users.forEach(service -> judge.afflict(service, cluster + " has no capacity"));
        after(lasting, () -> fleet.account().world().clear(Fleet.full(cluster)));
        after(lasting.plus(AFTERMATH), () -> users.forEach(judge::relieve));
    }

    private static List<FleetService> alive(List<FleetService> services) {
        return services.stream().filter(service -> !service.isDeleted()).toList();
    }

    /** A platform team rolls the same mistake out to many services at once. */
    private void commonMistake() {
        var mistake = Ailment.ALL.get(fate.nextInt(Ailment.ALL.size()));
        var size = 3 + fate.nextInt(18);
        var first = fate.nextInt(fleet.services().size());
        var chosen = new ArrayList<FleetService>();
        for (var offset = 0; offset < size && offset < fleet.services().size(); offset++) {
            chosen.add(fleet.services().get((first + offset) % fleet.services().size()));
        }
        for (var service : chosen) {
            var random = new Random(fate.nextLong());
            after(between(Duration.ofSeconds(1), Duration.ofSeconds(40), random), () -> {
                if (!service.isDeleted() && mistake.fits(service)) {
                    deploy(service, Optional.of(mistake), random, "the platform team");
                }
            });
        }
        after(wait(BETWEEN_COMMON_MISTAKES, fate), this::commonMistake);
    }
}
