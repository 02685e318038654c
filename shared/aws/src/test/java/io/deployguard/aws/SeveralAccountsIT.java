package io.deployguard.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deployguard.action.Command;
import io.deployguard.action.CommandOutcome;
import io.deployguard.aws.ecs.OneOffTasks;
import io.deployguard.aws.elb.ListenerRules;
import io.deployguard.aws.endpoint.EndpointProbe;
import io.deployguard.aws.endpoint.Networks;
import io.deployguard.aws.logs.CloudWatchLogs;
import io.deployguard.aws.place.AwsPlaces;
import io.deployguard.aws.place.PlacedCommandExecutor;
import io.deployguard.aws.place.PlacedEvidence;
import io.deployguard.aws.place.PlacedSnapshots;
import io.deployguard.classification.CauseCatalog;
import io.deployguard.classification.Classifier;
import io.deployguard.decision.ActionBudget;
import io.deployguard.decision.Mode;
import io.deployguard.ecs.Accounts;
import io.deployguard.ecs.Place;
import io.deployguard.ecs.ServiceRef;
import io.deployguard.event.EventReader;
import io.deployguard.event.EventReading;
import io.deployguard.evidence.Evidence;
import io.deployguard.evidence.EvidenceRequest;
import io.deployguard.fault.GuardFault;
import io.deployguard.incident.Incident;
import io.deployguard.incident.Progress;
import io.deployguard.pipeline.CatalogDiagnose;
import io.deployguard.pipeline.Guard;
import io.deployguard.pipeline.GuardSettings;
import io.deployguard.pipeline.Investigation;
import io.deployguard.pipeline.Nudge;
import io.deployguard.pipeline.Responder;
import io.deployguard.pipeline.Watch;
import io.deployguard.simulation.account.Behavior;
import io.deployguard.simulation.account.LoadBalancer;
import io.deployguard.simulation.account.SimulatedClock;
import io.deployguard.simulation.account.TargetGroup;
import io.deployguard.simulation.account.wire.Call;
import io.deployguard.simulation.memory.InMemoryDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.EcsException;

/** One guard over three accounts, each with a cluster {@code shop} and a service {@code web}: its own and two listed ones, in three regions. */
class SeveralAccountsIT {

    private static final String EXTERNAL_ID = "4f6f1c1e-8f0b-4b7e";
    private static final CatalogDiagnose DIAGNOSE = new CatalogDiagnose(new Classifier(CauseCatalog.load()));
    private static final UUID INCIDENT = UUID.fromString("00000000-0000-4000-8000-000000000001");
    private static final Place HOME = new Place("aws", "eu-central-1", "123456789012");
    private static final Place LIVE = new Place("aws", "eu-west-1", "210987654321");
    private static final Place TEST = new Place("aws", "us-east-1", "345678901234");
    private static final Place STRANGE = new Place("aws", "eu-west-1", "999999999999");
    private static final Accounts ACCOUNTS = new Accounts(
            Optional.of(HOME.account()), Set.of(LIVE.account(), TEST.account()), Map.of(LIVE.account(), "live"));

    private final SimulatedClock.Manual clock = SimulatedClock.manual(Instant.parse("2026-02-03T09:00:00Z"));
    private final SimulatedShop home = new SimulatedShop(HOME, clock);
    private final SimulatedShop live = new SimulatedShop(LIVE, clock);
    private final SimulatedShop test = new SimulatedShop(TEST, clock);
    private final InMemoryDatabase memory = new InMemoryDatabase(clock);
    private final List<String> events = new ArrayList<>();
    private final AwsPlaces places = places(EXTERNAL_ID);

    SeveralAccountsIT() {
        for (var spoke : List.of(live, test)) {
            home.endpoint().reach(spoke.endpoint(), EXTERNAL_ID);
            spoke.account().onEvent(event -> events.add(event.toString()));
        }
    }

    @AfterEach
    void close() {
        places.close();
        List.of(home, live, test).forEach(SimulatedShop::close);
    }

    @Test
    void itsOwnAccountNeedsNoRoleAndAListedOneIsReadByItsOwn() {
        var snapshots = new PlacedSnapshots(places, clock);

        assertThat(snapshots.describe(web(HOME)).service().ref()).isEqualTo(web(HOME));
        assertThat(assumed()).isEmpty();

        assertThat(snapshots.describe(web(LIVE)).service().ref()).isEqualTo(web(LIVE));
        assertThat(snapshots.describe(web(LIVE)).gaps()).isEmpty();
        assertThat(assumed()).singleElement().satisfies(call -> {
            assertThat(text(call, "RoleArn")).isEqualTo("arn:aws:iam::210987654321:role/deploy-guard-read-eu-west-1");
            assertThat(text(call, "ExternalId")).isEqualTo(EXTERNAL_ID);
            assertThat(text(call, "RoleSessionName")).isEqualTo("deploy-guard-detect");
        });
        assertThat(home.endpoint().calls("DescribeServices")).hasSize(1);
        assertThat(live.endpoint().calls("DescribeServices")).hasSize(2);
    }

    @Test
    void aRoleIsTakenAgainShortlyBeforeItsSessionEnds() {
        var snapshots = new PlacedSnapshots(places, clock);
        snapshots.describe(web(LIVE));
        clock.advance(Duration.ofMinutes(50));
        snapshots.describe(web(LIVE));
        assertThat(assumed()).hasSize(1);

        clock.advance(Duration.ofMinutes(6));
        snapshots.describe(web(LIVE));
        assertThat(assumed()).hasSize(2);
    }

    @Test
    void ofAnAccountThatIsNotListedNothingIsReadOrDone() {
        var snapshots = new PlacedSnapshots(places, clock);
        var request = new EvidenceRequest.TaskRuns(web(STRANGE).clusterArn(), "web", clock.instant());

        assertThat(snapshots.includes(web(STRANGE))).isFalse();
        assertThatThrownBy(() -> snapshots.describe(web(STRANGE)))
                .isInstanceOf(GuardFault.NotFound.class)
                .hasMessageContaining("account 999999999999 is not listed");
        assertThat(evidence().gather(web(STRANGE), List.of(request), clock.instant()))
                .singleElement()
                .isInstanceOf(Evidence.Missing.class);
        assertThat(new PlacedCommandExecutor(places).execute(goBack(STRANGE), INCIDENT))
                .isInstanceOf(CommandOutcome.Refused.class);
        assertThat(assumed()).isEmpty();
        assertThat(home.endpoint().calls()).isEmpty();
    }

    @Test
    void aRoleThatAsksForAnotherExternalIdIsRefusedWithWhatToDo() {
        try (var others = places("another")) {
            assertThatThrownBy(() -> new PlacedSnapshots(others, clock).describe(web(LIVE)))
                    .isInstanceOf(GuardFault.Denied.class)
                    .hasMessageContaining("deploy-guard-read-eu-west-1: denied; deploy templates/spoke.yaml there");
        }
        assertThat(live.endpoint().calls()).isEmpty();
    }

    @Test
    void aCommandIsSentByASessionForThatServiceAndIncidentAlone() {
        var outcome = new PlacedCommandExecutor(places).execute(goBack(LIVE), INCIDENT);

        assertThat(outcome).isInstanceOf(CommandOutcome.Done.class);
        assertThat(live.endpoint().acceptedChanges()).extracting(Call::action).containsExactly("UpdateService");
        assertThat(home.endpoint().changes()).isEmpty();
        assertThat(test.endpoint().calls()).isEmpty();
        assertThat(assumed())
                .filteredOn(call -> text(call, "RoleArn").contains("-act-"))
                .singleElement()
                .satisfies(call -> {
                    assertThat(text(call, "RoleArn"))
                            .isEqualTo("arn:aws:iam::210987654321:role/deploy-guard-act-eu-west-1");
                    assertThat(text(call, "RoleSessionName")).isEqualTo("deploy-guard-" + INCIDENT);
                    assertThat(text(call, "Policy")).contains("\"" + web(LIVE).arn() + "\"");
                });
    }

    /** Commands that name no service to ECS: each by a session for itself. */
    @Test
    void aCopyIsRegisteredAndAListenerForwardedThereToo() {
        var definition = "arn:aws:ecs:eu-west-1:210987654321:task-definition/web:1";
        var balancing = live.account().loadBalancing();
        var targets = balancing.targetGroup("other", 8080, TargetGroup.HealthCheck.of("/health"));
        var listener = balancing.loadBalancer("other").listener(8443, LoadBalancer.fixedResponse(404));

        assertThat(new PlacedCommandExecutor(places).execute(new Command.RegisterCopy(web(LIVE), definition), INCIDENT))
                .isInstanceOf(CommandOutcome.Done.class);
        assertThat(new PlacedCommandExecutor(places)
                        .execute(
                                new Command.Forward(
                                        web(LIVE), listener.arn(), Optional.empty(), 8443, targets.arn(), "[]"),
                                INCIDENT))
                .isInstanceOf(CommandOutcome.Done.class);

        assertThat(changes(live)).containsExactly("RegisterTaskDefinition", "ModifyListener");
        assertThat(home.endpoint().changes()).isEmpty();
        assertThat(assumed().stream()
                        .filter(call -> text(call, "RoleArn").contains("-act-"))
                        .map(call -> text(call, "Policy")))
                .satisfiesExactly(
                        policy -> assertThat(policy)
                                .contains("ecs:RegisterTaskDefinition")
                                .doesNotContain("UpdateService"),
                        policy -> assertThat(policy).contains(listener.arn()).doesNotContain("\"ecs:"));
    }

    /** That the session lets it through is all that is told here: the simulated account has no such deployment. */
    @Test
    void aDeploymentOfCodeDeployIsStoppedByASessionForThat() {
        var outcome = new PlacedCommandExecutor(places)
                .execute(new Command.StopCodeDeployDeployment(web(LIVE), "d-ABCDEF123"), INCIDENT);

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        CommandOutcome.Refused.class,
                        refused -> assertThat(refused.toString()).contains("not found"));
        assertThat(live.endpoint().calls("StopDeployment")).hasSize(1);
        assertThat(home.endpoint().changes()).isEmpty();
    }

    /** Whatever a fault in the guard may make of it. */
    @Test
    void theReadingRoleChangesNothing() {
        assertThatThrownBy(() -> places.reading(LIVE)
                        .ecsOnce()
                        .updateService(request -> request.cluster("shop").service("web")))
                .isInstanceOf(EcsException.class)
                .hasMessageContaining("not authorized");
        assertThat(live.endpoint().acceptedChanges()).isEmpty();
    }

    @Test
    void aRoleThatCannotBeTakenForACommandLeavesItToAPerson() {
        try (var others = places("another")) {
            assertThat(new PlacedCommandExecutor(others).execute(goBack(LIVE), INCIDENT))
                    .isInstanceOf(CommandOutcome.Refused.class);
        }
        assertThat(live.endpoint().changes()).isEmpty();
    }

    /** The names are equal, and so may everything be that is not an ARN. */
    @Test
    void servicesOfTheSameNameAreTwo() {
        releaseEverywhere();

        assertThat(incidents())
                .extracting(incident -> incident.service().place())
                .containsExactlyInAnyOrder(LIVE, TEST);
        assertThat(act()).hasSize(2).allMatch(Responder.Response.Acted.class::isInstance);
        assertThat(changes(live)).containsExactly("StopServiceDeployment");
        assertThat(changes(test)).containsExactly("StopServiceDeployment");
        assertThat(home.endpoint().calls("DescribeServices")).isEmpty();
    }

    /** One action an hour is allowed in each account and region. */
    @Test
    void whatIsDoneInOneAccountLeavesTheBudgetOfTheOthers() {
        var one = new ActionBudget(1, ActionBudget.DEFAULT.services(), ActionBudget.DEFAULT.window());
        releaseEverywhere();

        assertThat(act(settings().withBudget(one))).allMatch(Responder.Response.Acted.class::isInstance);
    }

    /** The event is minutes old when the guard acts: a person was quicker in one account. */
    @Test
    void beforeItActsTheGuardLooksAgainInTheAccountItself() {
        releaseEverywhere();
        test.account().behavior("web:3", Behavior.healthyAfter(Duration.ofSeconds(5), "listening on 8080"));
        test.fix();

        assertThat(act())
                .satisfiesExactlyInAnyOrder(
                        response -> assertThat(response).isInstanceOf(Responder.Response.Acted.class),
                        response -> assertThat(response).isInstanceOf(Responder.Response.Withdrawn.class));
        assertThat(changes(live)).containsExactly("StopServiceDeployment");
        assertThat(changes(test)).isEmpty();
    }

    @Test
    void anEventOfAnAccountThatIsNotListedIsRefused() {
        live.release();
        var strangers = events.stream()
                .map(event -> event.replace(LIVE.account(), STRANGE.account()))
                .toList();

        assertThat(strangers)
                .isNotEmpty()
                .allSatisfy(event -> assertThat(EventReader.read(event, ACCOUNTS))
                        .isEqualTo(new EventReading.Refused("event of account 999999999999, which is not listed")));
    }

    /** Taken from the list, an account is left alone, and what was open there ends. */
    @Test
    void whatWasOpenInAnAccountThatIsNoLongerListedEnds() {
        releaseEverywhere();
        var onlyTest = new Accounts(ACCOUNTS.own(), Set.of(TEST.account()), Map.of());
        var before = live.endpoint().calls().size();
        try (var fewer = new AwsPlaces(clients(), onlyTest, EXTERNAL_ID, "watch", clock)) {
            assertThat(act(settings(), fewer)).anyMatch(Responder.Response.Withdrawn.class::isInstance);
            clock.advance(Duration.ofMinutes(10));
            assertThat(watch(fewer).run(clock.instant().plusSeconds(60)).faults())
                    .isEmpty();
        }

        assertThat(live.endpoint().calls()).hasSize(before);
        assertThat(incidents())
                .filteredOn(incident -> incident.service().place().equals(LIVE))
                .singleElement()
                .satisfies(
                        incident -> assertThat(incident.decision().orElseThrow().because())
                                .contains("account 210987654321 is not listed any more"));
    }

    private void releaseEverywhere() {
        live.release();
        test.release();
        var guard = new Guard(
                memory, snapshots(places), investigation(places), settings(), Nudge.NONE, clock, UUID::randomUUID);
        for (var event : List.copyOf(events)) {
            if (EventReader.read(event, ACCOUNTS) instanceof EventReading.Understood(var understood)) {
                guard.handle(understood, clock.instant().plusSeconds(60));
            }
        }
    }

    private List<Responder.Response> act() {
        return act(settings());
    }

    private List<Responder.Response> act(GuardSettings settings) {
        return act(settings, places);
    }

    private List<Responder.Response> act(GuardSettings settings, AwsPlaces there) {
        var responder = new Responder(
                memory,
                snapshots(there),
                new PlacedCommandExecutor(there),
                settings,
                Nudge.NONE,
                clock,
                UUID::randomUUID);
        return incidents().stream()
                .filter(incident -> incident.progress() instanceof Progress.Planned)
                .map(incident -> responder.respond(incident.id(), "act"))
                .toList();
    }

    private Watch watch(AwsPlaces there) {
        return new Watch(
                memory, snapshots(there), investigation(there), settings(), Nudge.NONE, clock, UUID::randomUUID);
    }

    private List<Incident> incidents() {
        return memory.transact("read incidents", stores -> stores.incidents().newest(20));
    }

    private static GuardSettings settings() {
        return GuardSettings.DEFAULT.withMode(Mode.AUTO);
    }

    private PlacedSnapshots snapshots(AwsPlaces there) {
        return new PlacedSnapshots(there, clock);
    }

    private Investigation investigation(AwsPlaces there) {
        return new Investigation(snapshots(there), evidence(there), DIAGNOSE, settings());
    }

    private PlacedEvidence evidence() {
        return evidence(places);
    }

    private PlacedEvidence evidence(AwsPlaces there) {
        return new PlacedEvidence(
                there,
                clients -> new AwsEvidenceSource(
                        new CloudWatchLogs(clients::logs, clock, _ -> {}),
                        new ListenerRules(clients.elb()),
                        new OneOffTasks(clients.ecs()),
                        new EndpointProbe(Networks.PUBLIC, _ -> {}),
                        clock));
    }

    private AwsPlaces places(String externalId) {
        return new AwsPlaces(clients(), ACCOUNTS, externalId, "detect", clock);
    }

    private AwsClients clients() {
        return AwsClients.at(home.endpoint().uri(), HOME.region());
    }

    private List<Call> assumed() {
        return home.endpoint().calls("AssumeRole");
    }

    private static List<String> changes(SimulatedShop shop) {
        return shop.endpoint().acceptedChanges().stream().map(Call::action).toList();
    }

    private static String text(Call call, String field) {
        return call.request().path(field).asText();
    }

    private static Command goBack(Place place) {
        return new Command.UpdateService(
                web(place), "arn:aws:ecs:%s:%s:task-definition/web:1".formatted(place.region(), place.account()));
    }

    private static ServiceRef web(Place place) {
        return new ServiceRef(place.partition(), place.region(), place.account(), "shop", "web");
    }
}
