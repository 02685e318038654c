package io.deployguard.cli;

import static io.deployguard.fixture.CircumstancesBuilder.circumstances;
import static io.deployguard.fixture.DiagnosisBuilder.aDiagnosis;
import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.action.Command;
import io.deployguard.action.CommandJournal;
import io.deployguard.decision.Circumstances;
import io.deployguard.decision.DecisionPolicy;
import io.deployguard.decision.Mode;
import io.deployguard.decision.ModeSettings;
import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.ServiceDescription.Controller;
import io.deployguard.ecs.ServiceRef;
import io.deployguard.fixture.Shop;
import io.deployguard.incident.Approval;
import io.deployguard.incident.Incident;
import io.deployguard.incident.Progress;
import io.deployguard.incident.Progress.Outcome;
import io.deployguard.incident.Situation;
import io.deployguard.notification.Outbox;
import io.deployguard.pipeline.Approvals;
import io.deployguard.pipeline.Nudge;
import io.deployguard.postgres.ConnectionSettings;
import io.deployguard.postgres.PostgresDatabase;
import io.deployguard.postgres.SchemaMigrator;
import io.deployguard.simulation.lab.LocalPostgres;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands on a real database that holds a small past. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IncidentsCommandIT {

    private final Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);

    private LocalPostgres postgres;
    private PostgresDatabase database;
    private Incident observed;
    private Incident healed;
    private Incident suspected;

    @BeforeAll
    void start() {
        postgres = LocalPostgres.start();
        new SchemaMigrator(ConnectionSettings.parse(postgres.jdbcUrl())).migrate();
        database = new PostgresDatabase(ConnectionSettings.parse(postgres.jdbcUrl()));
        observed = store("web", Mode.OBSERVE, Duration.ofHours(2), Optional.of(Outcome.SUPERSEDED));
        healed = store("api", Mode.AUTO, Duration.ofHours(5), Optional.of(Outcome.HEALED));
        suspected = database.transact("suspect", stores -> {
            var incident = Incident.open(
                    UUID.randomUUID(),
                    service("quiet"),
                    Shop.NEW,
                    new Progress.Suspected(),
                    new Incident.Sign("suspicious-stop", now, "it stopped once"));
            stores.incidents().insert(incident);
            return incident;
        });
    }

    @AfterAll
    void stop() throws Exception {
        database.close();
        postgres.close();
    }

    private static ServiceRef service(String name) {
        return new ServiceRef("aws", "eu-central-1", "123456789012", "shop", name);
    }

    /** An incident that began so long ago, was diagnosed 8 s later, and has ended 10 min after its beginning where it has. */
    private Incident store(String name, Mode mode, Duration ago, Optional<Outcome> outcome) {
        var began = now.minus(ago);
        return database.transact("store", stores -> {
            var opened = Incident.open(
                    UUID.randomUUID(),
                    service(name),
                    new DeploymentId("ecs-svc/" + Integer.toUnsignedString((name + ago).hashCode())),
                    new Progress.Investigating(began, 0),
                    new Incident.Sign("restart-loop", began, "2 tasks stopped within 10 minutes"));
            stores.revisions().started(opened.service(), opened.deployment(), began.minusSeconds(30));
            stores.incidents().insert(opened);
            var diagnosis = aDiagnosis().build();
            var base = circumstances().mode(mode).build();
            var examined = opened.withFindings(
                    diagnosis,
                    DecisionPolicy.decide(diagnosis, until(base, began.plus(ago).plusSeconds(1_800))),
                    new Situation(
                            Shop.definitionOf(Shop.NEW),
                            Optional.of(Shop.definitionOf(Shop.OLD)),
                            List.of("image of web: 1.4.2 → 1.5.0"),
                            2,
                            0,
                            2,
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            List.of(),
                            mode.toString(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty()),
                    mode == Mode.AUTO ? new Progress.Planned(began.plusSeconds(8)) : new Progress.Advised(),
                    began.plusSeconds(8));
            stores.incidents().update(examined, "diagnosis migration-conflict, 97 % sure");
            examined.approval().ifPresent(approval -> stores.approvals().open((Approval.Open) approval));
            stores.outbox().want(examined.id(), "slack:C1", examined.revision(), began.plusSeconds(8));
            if (mode == Mode.AUTO) {
                stores.journal()
                        .begin(new CommandJournal.Entry(
                                UUID.randomUUID(),
                                examined.id(),
                                new Command.UpdateService(examined.service(), Shop.definitionOf(Shop.OLD)),
                                1,
                                began.plusSeconds(12),
                                Optional.of("done"),
                                Optional.of("accepted"),
                                Optional.of(began.plusSeconds(13))));
            }
            return outcome.map(end -> {
                        var at = began.plusSeconds(600);
                        var closed = examined.withProgress(new Progress.Closed(end, at, "web:41 is well"), at);
                        stores.incidents().update(closed, "closed");
                        return closed;
                    })
                    .orElse(examined);
        });
    }

    private static Circumstances until(Circumstances base, Instant askUntil) {
        return new Circumstances(
                new ModeSettings.Choice(base.mode().mode(), base.mode().by()),
                Optional.empty(),
                Optional.empty(),
                Controller.ECS,
                base.targetTaskDefinition(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                2,
                2,
                Optional.empty(),
                Optional.empty(),
                askUntil);
    }

    private Run incidents(String... arguments) {
        return Run.of(Stream.concat(
                        Stream.concat(Stream.of("incidents"), Stream.of(arguments)),
                        Stream.of("--database-url", postgres.jdbcUrl()))
                .toArray(String[]::new));
    }

    private Incident asked(String name) {
        return store(name, Mode.ASK, Duration.ofMinutes(1), Optional.empty());
    }

    private Incident reread(Incident incident) {
        return database.transact("look", stores -> stores.incidents().find(incident.id()))
                .orElseThrow();
    }

    private List<Outbox.Item> items(Incident incident) {
        return database.transact("look", stores -> stores.outbox().itemsOf(incident.id()));
    }

    @Test
    void listsTheNewestFirstAndNoSuspicions() {
        var run = incidents("list", "--json", "--since", "1d");

        assertThat(run.exit()).as(run.err()).isZero();
        var ids = run.json().stream().map(line -> line.path("id").asText()).toList();
        assertThat(ids)
                .containsSubsequence(observed.id().toString(), healed.id().toString())
                .doesNotContain(suspected.id().toString());
        assertThat(incidents("list", "--all", "--json").out())
                .contains(suspected.id().toString());
        assertThat(incidents().out())
                .as("list is what it does alone")
                .contains(observed.id().toString().substring(0, 8));
    }

    @Test
    void filtersByServiceStateAndTime() {
        assertThat(ids(incidents("list", "--service", "web", "--json")))
                .containsExactly(observed.id().toString());
        assertThat(ids(incidents("list", "--service", "shop/api", "--json")))
                .containsExactly(healed.id().toString());
        assertThat(ids(incidents("list", "--service", service("web").arn(), "--json")))
                .containsExactly(observed.id().toString());
        assertThat(ids(incidents("list", "--open", "--json")))
                .doesNotContain(observed.id().toString());
        assertThat(ids(incidents("list", "--since", "3h", "--json")))
                .contains(observed.id().toString())
                .doesNotContain(healed.id().toString());
        assertThat(incidents("list", "--service", "nobody").out()).isEqualTo("no incidents\n");
    }

    private static List<String> ids(Run run) {
        assertThat(run.exit()).as(run.err()).isZero();
        return run.json().stream().map(line -> line.path("id").asText()).toList();
    }

    @Test
    void showsEverything() {
        var run = incidents("show", healed.id().toString(), "--json");

        assertThat(run.exit()).as(run.err()).isZero();
        var page = run.json().getFirst();
        assertThat(page.path("outcome").asText()).isEqualTo("healed");
        assertThat(page.path("rule").asText()).isEqualTo("roll-back");
        assertThat(page.path("because").asText()).startsWith("mode is auto");
        assertThat(page.path("inputs"))
                .extracting(input -> input.path("name").asText())
                .contains("cause", "outlook", "target", "mode", "budget");
        assertThat(page.path("commands").path(0).path("command").asText()).startsWith("aws ecs update-service");
        assertThat(page.path("commands").path(0).path("outcome").asText()).isEqualTo("done");
        assertThat(page.path("notices").path(0).path("channel").asText()).isEqualTo("slack:C1");
        assertThat(page.path("history")).hasSize(3);
        assertThat(page.path("diagnosis").path("cause").asText()).isEqualTo("migration-conflict");
        assertThat(page.path("document").path("progress").path("kind").asText()).isEqualTo("Closed");
        assertThat(incidents("show", healed.id().toString()).out())
                .contains("Decided on", "mode", "Commands", "Notices", "History", "42P07");
    }

    @Test
    void takesTheBeginningOfAnId() {
        assertThat(incidents("show", healed.id().toString().substring(0, 13)).exit())
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"00000000-0000-0000-0000-00000000dead", "zzzz", "12", "' or 1=1"})
    void refusesWhatNamesNoIncident(String id) {
        var run = incidents("show", id);

        assertThat(run.exit()).isEqualTo(DeployGuard.UNUSABLE);
        assertThat(run.err()).contains("incident");
    }

    @Test
    void writesAPostMortem() {
        var page = incidents("report", healed.id().toString());

        assertThat(page.exit()).isZero();
        assertThat(page.out())
                .contains("# Healed", "## Timeline", "aws ecs update-service", "| Time to mitigate | 12 s |");
        assertThat(incidents("report", healed.id().toString(), "--json")
                        .json()
                        .getFirst()
                        .path("markdown")
                        .asText())
                .isEqualTo(page.out());
    }

    @Test
    void countsAPeriod() {
        var page = incidents("stats", "--since", "1d", "--json").json().getFirst();

        assertThat(page.path("incidents").asInt()).isGreaterThanOrEqualTo(2);
        assertThat(page.path("secondsToDetect").path("median").asLong()).isEqualTo(8);
        assertThat(page.path("secondsToMitigate").path("longest").asLong()).isEqualTo(12);
        assertThat(page.path("secondsToRecover").path("median").asLong()).isEqualTo(600);
        assertThat(page.path("causes").path(0).path("cause").asText()).isEqualTo("migration-conflict");
        assertThat(page.path("services").valueStream())
                .anySatisfy(one -> assertThat(one.path("service").asText()).endsWith("shop/api"));
        assertThat(incidents("stats").out()).contains("time to", "deployments", "migration-conflict");
    }

    @Test
    void tellsWhatItWouldHaveDone() {
        var page = incidents("shadow", "--json").json().getFirst();

        assertThat(page.path("wouldHaveActed").valueStream())
                .filteredOn(one -> one.path("id").asText().equals(observed.id().toString()))
                .singleElement()
                .satisfies(one -> {
                    assertThat(one.path("action").asText()).isEqualTo("roll-back");
                    assertThat(one.path("target").asText()).endsWith("web:41");
                    assertThat(one.path("secondsUntilAction").asLong()).isEqualTo(8);
                    assertThat(one.path("secondsUntilRecovery").asLong()).isEqualTo(600);
                    assertThat(one.path("outcome").asText()).isEqualTo("superseded");
                });
        assertThat(incidents("shadow").out())
                .contains(
                        "would have: roll back to web:41, 8 s after the first sign",
                        "instead:    replaced after 10 min");
    }

    @Test
    void agreesAndHandsTheIncidentToTheActor() {
        var incident = asked("agreed");

        var run = incidents("approve", incident.id().toString(), "--as", "Anna Weber", "--reason", "checked", "--json");

        assertThat(run.exit()).as(run.err()).isZero();
        var answer = run.json().getFirst();
        assertThat(answer.path("taken").asText()).isEqualTo("counted");
        assertThat(answer.path("approval").path("state").asText()).isEqualTo("granted");
        assertThat(answer.path("approval").path("by").asText()).isEqualTo("Anna Weber");
        assertThat(answer.path("approval").path("reason").asText()).isEqualTo("checked");
        assertThat(answer.path("approval").path("identity").asText()).isNotBlank();
        assertThat(reread(incident).progress()).isInstanceOf(Progress.Planned.class);
        assertThat(items(incident))
                .as("the channel that shows the question shows the answer")
                .singleElement()
                .satisfies(item ->
                        assertThat(item.wanted()).isEqualTo(reread(incident).revision()));
    }

    @Test
    void refusesAndLeavesItToPeople() {
        var incident = asked("refused");

        var run = incidents("refuse", incident.id().toString());

        assertThat(run.exit()).isZero();
        assertThat(run.out()).isEqualTo("Refused: the guard changes nothing.\n");
        assertThat(reread(incident).progress()).isInstanceOf(Progress.Advised.class);
    }

    @Test
    void isTooLateForASecondAnswerAndSaysWhoWasFirst() {
        var incident = asked("late");
        incidents("refuse", incident.id().toString(), "--as", "ben");

        var run = incidents("approve", incident.id().toString(), "--as", "anna");

        assertThat(run.exit()).isEqualTo(DeployGuard.BAD);
        assertThat(run.out()).isEqualTo("Too late: ben refused.\n");
    }

    @Test
    void saysThatNobodyWasAsked() {
        var run = incidents("approve", observed.id().toString());

        assertThat(run.exit()).isEqualTo(DeployGuard.BAD);
        assertThat(run.out()).contains("Nobody was asked", "mode is observe");
    }

    @Test
    void letsOneOfManyWinWhoAnswerAtOnce() throws Exception {
        var incident = asked("crowded");
        var together = new CountDownLatch(1);
        var answers = new ArrayList<Future<Approvals.Taken>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var n = 0; n < 8; n++) {
                var name = "person " + n;
                var agrees = n % 2 == 0;
                answers.add(threads.submit(() -> {
                    try (var own = new PostgresDatabase(ConnectionSettings.parse(postgres.jdbcUrl()))) {
                        var approvals = new Approvals(own, Nudge.NONE, Clock.systemUTC());
                        var by = new Approval.Person(name, Optional.empty(), "command line");
                        together.await();
                        return agrees
                                ? approvals.agree(incident.id(), by, Optional.empty())
                                : approvals.refuse(incident.id(), by, Optional.empty());
                    }
                }));
            }
            together.countDown();
            var counted = 0;
            for (var answer : answers) {
                counted += answer.get() instanceof Approvals.Taken.Counted ? 1 : 0;
            }
            assertThat(counted).isEqualTo(1);
        }
        assertThat(reread(incident).approval().orElseThrow().isOpen()).isFalse();
    }

    @Test
    void needsADatabase() {
        var run = Run.of("incidents", "list", "--database-url", " ");

        assertThat(run.exit()).isEqualTo(DeployGuard.UNUSABLE);
        assertThat(run.err()).contains("DEPLOY_GUARD_DATABASE_URL: expected postgres://");
    }

    @Test
    void namesItsCommands() {
        assertThat(Run.of("incidents", "--help").out())
                .contains("list", "show", "report", "stats", "shadow", "approve", "refuse");
    }
}
