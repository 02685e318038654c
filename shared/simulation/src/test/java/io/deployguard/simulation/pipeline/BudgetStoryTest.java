package io.deployguard.simulation.pipeline;

import static io.deployguard.fixture.DeploymentBuilder.aDeploymentOf;
import static io.deployguard.fixture.RolloutBuilder.aRolloutOf;
import static io.deployguard.fixture.Shop.NEW;
import static io.deployguard.fixture.Shop.WEB;
import static io.deployguard.fixture.SnapshotBuilder.aSnapshot;
import static io.deployguard.simulation.pipeline.GuardRig.person;
import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.action.Command;
import io.deployguard.action.CommandJournal;
import io.deployguard.decision.ActionBudget;
import io.deployguard.decision.Decision;
import io.deployguard.ecs.ServiceDeployment.Status;
import io.deployguard.ecs.ServiceRef;
import io.deployguard.fixture.Shop;
import io.deployguard.incident.Incident;
import io.deployguard.incident.Progress;
import io.deployguard.pipeline.Responder.Response;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the guard does elsewhere in the account holds it back here: decided so, and looked at again before the command. */
class BudgetStoryTest {

    private static final ActionBudget BUDGET = ActionBudget.DEFAULT;

    private static GuardRig crashing() {
        var rig = new GuardRig();
        rig.deliver(rig.begins());
        rig.deliver(rig.crashes("a", 30));
        return rig;
    }

    /** Other services begin to fail. */
    private static void storm(GuardRig rig, int services, Instant at) {
        rig.memory.transact("storm", stores -> {
            for (var n = 0; n < services; n++) {
                stores.incidents()
                        .insert(Incident.open(
                                new UUID(1, n),
                                new ServiceRef("aws", "eu-central-1", "123456789012", "shop", "service-" + n),
                                NEW,
                                new Progress.Investigating(at, 0),
                                new Incident.Sign("restart-loop", at, "2 tasks stopped")));
            }
            return services;
        });
    }

    /** The guard has acted so often. */
    private static void spend(GuardRig rig, int actions, Instant at) {
        rig.memory.transact("spend", stores -> {
            for (var n = 0; n < actions; n++) {
                stores.journal()
                        .begin(new CommandJournal.Entry(
                                new UUID(2, n),
                                new UUID(3, n),
                                new Command.UpdateService(WEB, Shop.definitionOf(Shop.OLD)),
                                1,
                                at,
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty()));
            }
            return actions;
        });
    }

    @ParameterizedTest
    @CsvSource({"4, roll-back", "5, brake", "40, brake"})
    void pausesWhenManyServicesFailAtOnce(int others, String rule) {
        var rig = new GuardRig();
        storm(rig, others, rig.time.instant());
        rig.deliver(rig.begins());
        rig.deliver(rig.crashes("a", 30));
        var own = rig.incidents().stream()
                .filter(incident -> incident.service().equals(WEB))
                .findFirst()
                .orElseThrow();

        assertThat(own.grounds().orElseThrow().rule()).isEqualTo(rule);
    }

    @Test
    void forgetsAStormThatIsOver() {
        var rig = new GuardRig();
        storm(
                rig,
                40,
                rig.time
                        .instant()
                        .minus(BUDGET.window())
                        .minus(ActionBudget.STORM_PAUSE)
                        .minusSeconds(1));
        rig.deliver(rig.begins());
        rig.deliver(rig.crashes("a", 30));

        assertThat(rig.incidents().stream().filter(incident -> incident.progress() instanceof Progress.Planned))
                .hasSize(1);
    }

    @Test
    void pausesWhenTheHourHasHadItsActionsAndSaysWhatItWouldHaveDone() {
        var rig = new GuardRig();
        spend(rig, BUDGET.actionsPerHour(), rig.time.instant().minusSeconds(3_000));
        rig.deliver(rig.begins());
        rig.deliver(rig.crashes("a", 30));

        assertThat(rig.incident().decision())
                .containsInstanceOf(Decision.Advise.class)
                .hasValueSatisfying(decision -> {
                    assertThat(((Decision.Advise) decision).wouldDo()).isPresent();
                    assertThat(decision.because()).contains("automatic action pauses", "acted 10 times");
                });
        rig.minutes(3);
        assertThat(rig.writes).isEmpty();
    }

    @Test
    void looksAgainBeforeItActs() {
        var rig = crashing();
        storm(rig, 6, rig.time.instant());

        assertThat(rig.act("act"))
                .singleElement()
                .isInstanceOfSatisfying(
                        Response.Withdrawn.class,
                        withdrawn -> assertThat(withdrawn.outcome()).contains("automatic action pauses"));
        assertThat(rig.writes).isEmpty();
    }

    @Test
    void aPersonsConsentStandsAboveIt() {
        var rig = new GuardRig();
        rig.ecs.show(aSnapshot().mode("ask"));
        rig.deliver(rig.begins());
        rig.deliver(rig.crashes("a", 30));
        rig.people().agree(rig.incident().id(), person("anna"), Optional.empty());
        storm(rig, 40, rig.time.instant());

        assertThat(rig.act("act")).singleElement().isInstanceOf(Response.Acted.class);
        assertThat(rig.writes).hasSize(1);
    }

    /** A revision that was only suspected so far still shows its loop after the others have shown theirs. */
    @Test
    void pausesAsLongAsTheStormLasts() {
        var rig = new GuardRig();
        storm(rig, 6, rig.time.instant());
        rig.time.passMinutes(8);
        rig.deliver(rig.begins());
        rig.deliver(rig.crashes("a", 500));

        assertThat(rig.act("act")).isEmpty();
        assertThat(rig.writes).isEmpty();
    }

    @Test
    void restsAfterAnActionOnTheSameService() {
        var rig = crashing();
        assertThat(rig.act("act")).singleElement().isInstanceOf(Response.Acted.class);
        rig.minutes(4);
        assertThat(rig.incident().isOpen()).isFalse();

        rig.ecs.show(aSnapshot()
                .rollouts(aRolloutOf(Shop.NEWER).build())
                .deployments(
                        aDeploymentOf(Shop.NEWER).from(Shop.OLD).build(),
                        aDeploymentOf(Shop.OLD).status(Status.SUCCESSFUL).build()));
        rig.deliver(GuardRig.event(GuardRig.crashed("n", 400).of(Shop.NEWER).build(), 400));
        rig.act("act");

        assertThat(rig.writes).hasSize(1);
        assertThat(rig.incidents().getFirst().decision().orElseThrow().because())
                .contains("just acted on this service");
    }
}
