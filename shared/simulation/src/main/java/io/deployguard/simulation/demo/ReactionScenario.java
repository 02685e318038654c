package io.deployguard.simulation.demo;

import io.deployguard.action.ReRegisterThenRollBack;
import io.deployguard.action.ScaleDown;
import io.deployguard.decision.Mode;
import io.deployguard.simulation.account.Behavior;
import io.deployguard.simulation.account.Json;
import io.deployguard.simulation.account.SimulatedAccount;
import io.deployguard.simulation.demo.Scenario.Expectation;
import io.deployguard.simulation.demo.WebService.Release;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/** Releases whose cause is plain: how far the guard goes, where it leaves the field to others, and what it refuses. */
final class ReactionScenario {

    static final String[] NO_SUCH_KEY = {
        "Traceback (most recent call last):",
        "  File \"/app/worker.py\", line 88, in run",
        "    self.handle(message)",
        "  File \"/app/worker.py\", line 112, in handle",
        "    tenant = tenants[message[\"tenant_id\"]]",
        "             ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~",
        "KeyError: 'tenant_id'"
    };
    static final String LAST_WORD = NO_SUCH_KEY[NO_SUCH_KEY.length - 1];

    /** A message that no worker can handle: who runs when it comes gets to it in time, who starts later chokes at once. */
    private static final String POISON = "poison in the queue";

    private static final Behavior CHOKING = Behavior.crashing(Duration.ofSeconds(8), 1, NO_SUCH_KEY);
    static final Behavior CHOKING_LATER =
            Behavior.when(POISON, CHOKING, Behavior.crashingLate(Duration.ofMinutes(2), 1, NO_SUCH_KEY));

    private ReactionScenario() {}

    /** One task of the release serves, the other one never does. */
    static Scenario limping() {
        var serves = "one task serves";
        return ReleaseScenario.of(
                "limping",
                "One task of the release serves while the other one crashes again and again; it is rolled back",
                10,
                new Expectation("code-error", Optional.empty(), "roll-back", "healed", LAST_WORD),
                WebService.of("tenant-router"),
                Release.of("4.1.0", ReleaseScenario.WELL),
                Release.of("4.2.0", new Behavior.Decided(start -> {
                    if (start.task().isEmpty() || start.world().holds(serves)) {
                        return CHOKING;
                    }
                    start.world().set(serves);
                    return ReleaseScenario.WELL;
                })));
    }

    /** ECS has called the deployment complete, and then its tasks begin to die. */
    static Scenario lateCrash() {
        return ReleaseScenario.of(
                        "late-crash",
                        "ECS calls the deployment complete; minutes later its tasks crash, and it is taken back",
                        20,
                        new Expectation("code-error", Optional.empty(), "roll-back", "healed", LAST_WORD),
                        WebService.worker("invoice-worker"),
                        Release.of("7.0.3", ReleaseScenario.WELL),
                        Release.of("7.1.0", CHOKING_LATER))
                .followedBy(ReactionScenario::poison);
    }

    /** All tasks fail their checks in the same second, which is enough for ECS's own circuit breaker. */
    static Scenario breakerFirst() {
        return ReleaseScenario.of(
                "breaker-first",
                "ECS's own circuit breaker rolls back before the guard has looked: the guard explains and changes nothing",
                20,
                new Expectation(
                                "health-check-path-mismatch",
                                Optional.empty(),
                                "none",
                                Outcome.RECOVERED,
                                "Health checks failed with these codes: [404]")
                        .finallySaying("was rolled back to civic-search:1, which is healthy"),
                WebService.of("civic-search")
                        .shaped(service -> service.desired(4).circuitBreaker(true)),
                Release.of("1.4.1", ReleaseScenario.WELL),
                Release.of(
                        "1.5.0",
                        Behavior.failingTargetChecks(
                                Behavior.TargetAnswer.status(404),
                                "INFO:     Uvicorn running on http://0.0.0.0:8080 (Press CTRL+C to quit)",
                                "INFO:     10.0.1.20:4242 - \"GET /health HTTP/1.1\" 404 Not Found")));
    }

    /** In mode ask: instead of an answer comes a release that works. */
    static Scenario personFixes() {
        return ReleaseScenario.of(
                        "person-fixes",
                        "While the guard asks, a person deploys a release that works: the question is withdrawn, nothing is rolled back",
                        20,
                        new Expectation(
                                        "missing-config",
                                        Optional.of("PAYMENT_API_KEY"),
                                        "none",
                                        Outcome.SUPERSEDED,
                                        "KeyError: 'PAYMENT_API_KEY'")
                                .finallySaying("checkout:3 took its place and is healthy"),
                        WebService.of("checkout").tagged(Mode.TAG, "ask"),
                        Release.of("2.0.0", ReleaseScenario.WELL),
                        Release.of(
                                "2.1.0",
                                Behavior.crashing(
                                        Duration.ofSeconds(6),
                                        1,
                                        "Traceback (most recent call last):",
                                        "  File \"/app/settings.py\", line 31, in <module>",
                                        "    PAYMENT_API_KEY = os.environ[\"PAYMENT_API_KEY\"]",
                                        "  File \"<frozen os>\", line 717, in __getitem__",
                                        "KeyError: 'PAYMENT_API_KEY'")))
                .onceToldBy((account, web) -> web.deploy(account, Release.of("2.1.1", ReleaseScenario.WELL), 3));
    }

    /** The release has migrated the database before it crashed. */
    static Scenario schemaMoved() {
        return ReleaseScenario.of(
                "schema-moved",
                "The release applies a migration and then crashes: a rollback would meet a newer schema, so a person decides",
                10,
                new Expectation("code-error", Optional.empty(), "none", "advised", "orders.0042_split_address"),
                WebService.of("order-api"),
                Release.of("3.8.0", ReleaseScenario.WELL),
                Release.of(
                        "3.9.0",
                        Behavior.crashing(
                                Duration.ofSeconds(8),
                                1,
                                Stream.concat(
                                                Stream.of(
                                                        "Operations to perform:",
                                                        "  Apply all migrations: admin, auth, orders",
                                                        "Running migrations:",
                                                        "  Applying orders.0042_split_address... OK"),
                                                Stream.of(NO_SUCH_KEY))
                                        .toArray(String[]::new))));
    }

    /** Both revisions choke on the same message of the queue. */
    static Scenario oldBrokenToo() {
        return ReleaseScenario.of(
                        "old-broken-too",
                        "The earlier revision crashes as well: the guard rolls back once, sees no cure, and hands over to a person",
                        30,
                        new Expectation("code-error", Optional.empty(), "roll-back", "not-healed", LAST_WORD)
                                .finallySaying("It will not try again: a person must take over."),
                        WebService.worker("order-worker"),
                        Release.of("5.3.0", Behavior.when(POISON, CHOKING, ReleaseScenario.WELL)),
                        Release.of("5.4.0", CHOKING_LATER))
                .followedBy(ReactionScenario::poison)
                .with("DEPLOY_GUARD_HEAL_WITHIN", "6m");
    }

    /** Once all tasks of the release are well, and before any of them has died. */
    static void poison(SimulatedAccount account, WebService web) {
        account.agenda().after(Duration.ofSeconds(90), () -> account.world().set(POISON));
    }

    /** Nothing runs, nothing has stopped, and nobody says why. */
    static Scenario silentZero() {
        return ReleaseScenario.of(
                "silent-zero",
                "The old task is gone and no new one ever comes into being: no stop, no event; the guard notices the silence",
                30,
                new Expectation("silent-outage", Optional.empty(), "none", "advised", "No task serves users."),
                WebService.worker("report-worker")
                        .shaped(service -> service.desired(1).healthyPercent(0, 100)),
                Release.of("1.0.0", ReleaseScenario.WELL),
                Release.of("1.1.0", Behavior.absent()));
    }

    /** The release before has been deregistered, so that ECS would not start it. */
    static Scenario inactiveTarget() {
        return ReleaseScenario.of(
                        "inactive-target",
                        "The release to go back to has been deregistered: the guard says so and leaves it to a person",
                        20,
                        new Expectation("code-error", Optional.empty(), "none", "advised", LAST_WORD)
                                .finallySaying("inactive"),
                        WebService.worker("mail-worker"),
                        Release.of("2.2.0", ReleaseScenario.WELL),
                        Release.of("2.3.0", CHOKING_LATER))
                .followedBy((account, web) -> {
                    account.ecs().deregisterTaskDefinition(Json.object().put("taskDefinition", web.name() + ":1"));
                    poison(account, web);
                });
    }

    /** The same where the guard may register it once more. */
    static Scenario inactiveTargetCopied() {
        return ReleaseScenario.of(
                        "inactive-target-copied",
                        "The same, and the settings allow the guard to register it once more: it goes back to that copy",
                        20,
                        new Expectation("code-error", Optional.empty(), ReRegisterThenRollBack.ID, "healed", LAST_WORD)
                                .finallySaying(
                                        "rolled back to a copy of parcel-worker:1",
                                        "tasks of parcel-worker:3 are healthy"),
                        WebService.worker("parcel-worker"),
                        Release.of("2.2.0", ReleaseScenario.WELL),
                        Release.of("2.3.0", CHOKING_LATER))
                .followedBy((account, web) -> {
                    account.ecs().deregisterTaskDefinition(Json.object().put("taskDefinition", web.name() + ":1"));
                    account.behavior(web.name() + ":3", ReleaseScenario.WELL);
                    poison(account, web);
                })
                .with("DEPLOY_GUARD_REMEDIES", ReRegisterThenRollBack.ID);
    }

    /** No task is left, going back meets a newer schema, and no try cures it. */
    static Scenario scaledDown() {
        return ReleaseScenario.of(
                        "scaled-down",
                        "No task serves, a rollback would meet a newer schema, and no further try helps: the guard ends the crash loop at zero tasks",
                        20,
                        new Expectation(
                                        "missing-config",
                                        Optional.of("LEDGER_SIGNING_KEY"),
                                        ScaleDown.ID,
                                        "not-healed",
                                        "KeyError: 'LEDGER_SIGNING_KEY'")
                                .finallySaying("scaled the service to zero", "--desired-count 2"),
                        WebService.worker("ledger-worker")
                                .shaped(service -> service.desired(2).healthyPercent(0, 100))
                                .tagged(ScaleDown.TAG, ScaleDown.WANTED),
                        Release.of("3.8.0", ReleaseScenario.WELL),
                        Release.of(
                                "3.9.0",
                                Behavior.crashing(
                                        Duration.ofSeconds(8),
                                        1,
                                        "Running migrations:",
                                        "  Applying ledger.0042_split_entry... OK",
                                        "Traceback (most recent call last):",
                                        "  File \"/app/settings.py\", line 31, in <module>",
                                        "    LEDGER_SIGNING_KEY = os.environ[\"LEDGER_SIGNING_KEY\"]",
                                        "  File \"<frozen os>\", line 717, in __getitem__",
                                        "KeyError: 'LEDGER_SIGNING_KEY'")))
                .with("DEPLOY_GUARD_REMEDIES", ScaleDown.ID);
    }

    /** The database refuses whoever comes, and a rollback would come too. */
    static Scenario databaseAway() {
        return ReleaseScenario.of(
                "database-away",
                "The database refuses connections while a release starts: no revision could start now, so nothing is rolled back",
                10,
                new Expectation(
                        "database-unreachable",
                        Optional.of("10.0.3.17:5432"),
                        "none",
                        "advised",
                        "connect ECONNREFUSED 10.0.3.17:5432"),
                WebService.of("booking-api"),
                Release.of("6.1.0", ReleaseScenario.WELL),
                Release.of(
                        "6.2.0",
                        Behavior.crashing(
                                Duration.ofSeconds(6),
                                1,
                                "> booking-api@6.2.0 start",
                                "Error: connect ECONNREFUSED 10.0.3.17:5432",
                                "    at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1611:16) {",
                                "  code: 'ECONNREFUSED'",
                                "}")));
    }
}
