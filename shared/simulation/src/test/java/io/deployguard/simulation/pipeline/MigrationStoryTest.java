package io.deployguard.simulation.pipeline;

import static io.deployguard.simulation.pipeline.MigrationRig.REDEPLOY;
import static io.deployguard.simulation.pipeline.MigrationRig.RUN;
import static io.deployguard.simulation.pipeline.MigrationRig.tagged;
import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.action.CommandJournal;
import io.deployguard.action.CommandOutcome;
import io.deployguard.decision.Decision;
import io.deployguard.decision.Mode;
import io.deployguard.incident.Progress;
import io.deployguard.pipeline.Responder.Response;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A release lacks a table; the service wants the guard to run its migration task. */
class MigrationStoryTest {

    private final GuardRig rig = MigrationRig.of(_ -> {}, Mode.AUTO);

    private void begin(GuardRig of) {
        of.deliverAll(of.aBadRelease());
        of.act("act");
        of.tell();
    }

    private Progress.Closed closed() {
        return (Progress.Closed) rig.incident().progress();
    }

    private String because() {
        return rig.incident().decision().orElseThrow().because();
    }

    /** It stays open as long as the revision fails, and nothing of it is tried again. */
    private void assertIsLeftToAPerson() {
        assertThat(rig.incident().progress()).isInstanceOf(Progress.Advised.class);
        assertThat(rig.incident().grounds().orElseThrow().rule()).isEqualTo("begun-not-completed");
        rig.deliver(rig.crashes("later", 700));
        rig.minutes(2);
        assertThat(rig.writes).containsExactly(RUN);
    }

    @Test
    void theTaskRunsOnceAndTheReleaseIsDeployedOnceMore() {
        begin(rig);
        assertThat(rig.writes).containsExactly(RUN);
        assertThat(rig.chat.last().toString()).contains("The guard waits for the end of migration task web-migrate");

        rig.minutes(3);
        assertThat(rig.writes).containsExactly(RUN);

        MigrationRig.end(rig, 0);
        rig.minutes(6);

        assertThat(rig.writes).containsExactly(RUN, REDEPLOY);
        assertThat(closed().outcome()).isEqualTo(Progress.Outcome.HEALED);
        assertThat(rig.chat.last().toString())
                .contains("put the migration task before web:42, which it deployed once more")
                .contains("Let the pipeline run the migrations before the next deployment.");
        assertThat(rig.journal()).extracting(CommandJournal.Entry::outcome).allMatch(outcome -> outcome.isPresent());
    }

    @Test
    void itsEventWakesTheActor() {
        begin(rig);
        rig.woken.clear();

        MigrationRig.end(rig, 0);
        rig.deliver(MigrationRig.endEvent(0));

        assertThat(rig.woken).containsExactly(rig.incident().id());
        assertThat(rig.act("act")).singleElement().isInstanceOf(Response.Acted.class);
        assertThat(rig.writes).containsExactly(RUN, REDEPLOY);
    }

    @Test
    void aFailureIsToldWithItsLinesAndNothingFollows() {
        begin(rig);
        MigrationRig.end(rig, 3);
        assertThat(rig.act("act")).singleElement().isInstanceOf(Response.Waits.class);

        rig.minutes(3);

        assertThat(rig.writes).containsExactly(RUN);
        assertIsLeftToAPerson();
        assertThat(because())
                .startsWith("migration task m1 failed: container app ended with exit code 3; title of schema-missing: ")
                .contains("42P07: relation");
        assertThat(rig.chat.last().toString())
                .contains("The guard began to act and went no further. Migration task m1 failed")
                .doesNotContain("changed nothing")
                .contains("a person must take over");
    }

    @Test
    void aTaskWithoutEndIsLeftToAPerson() {
        begin(rig);

        rig.minutes(62);

        assertThat(rig.writes).containsExactly(RUN);
        assertIsLeftToAPerson();
        assertThat(because()).isEqualTo("waited 60 minutes for the end of migration task web-migrate");
    }

    @Test
    void aRefusalOfAwsIsLeftToAPerson() {
        rig.answer(_ -> new CommandOutcome.Refused("ecs:RunTask: denied"));

        begin(rig);

        assertThat(rig.writes).containsExactly(RUN);
        assertThat(because()).isEqualTo("not done: AWS refused it: ecs:RunTask: denied");
        assertThat(rig.incident().progress()).isInstanceOf(Progress.Advised.class);
    }

    @Test
    void anotherDeploymentEndsItWithoutARedeployment() {
        begin(rig);
        MigrationRig.end(rig, 0);
        rig.ecs.show(rig.rolledBack().mode("auto"));

        rig.minutes(2);

        assertThat(rig.writes).containsExactly(RUN);
        assertThat(closed().outcome()).isEqualTo(Progress.Outcome.SUPERSEDED);
    }

    @Test
    void aServiceThatIsRestrainedMeanwhileIsNotRedeployed() {
        begin(rig);
        MigrationRig.end(rig, 0);
        rig.ecs.show(tagged("observe"));

        rig.minutes(2);

        assertThat(rig.writes).containsExactly(RUN);
        assertIsLeftToAPerson();
        assertThat(because()).isEqualTo("it was begun and not completed: the mode of the service is observe by now");
    }

    @Test
    void aPersonIsAskedInModeAsk() {
        var asking = MigrationRig.of(_ -> {}, Mode.ASK);
        begin(asking);
        assertThat(asking.writes).isEmpty();
        assertThat(asking.chat.last().toString())
                .contains("would run the service's migration task and then deploy web:42 once more");

        asking.people().agree(asking.incident().id(), GuardRig.person("Ada"), java.util.Optional.empty());
        asking.act("act");
        MigrationRig.end(asking, 0);
        asking.minutes(6);

        assertThat(asking.writes).containsExactly(RUN, REDEPLOY);
        assertThat(((Progress.Closed) asking.incident().progress()).outcome()).isEqualTo(Progress.Outcome.HEALED);
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void nothingIsRunThatTheSettingsOrTheTagsDoNotWant(Mode mode) {
        var unset = MigrationRig.of(_ -> {}, mode, Set.of());
        var untagged = MigrationRig.of(_ -> {}, mode);
        untagged.ecs.show(io.deployguard.fixture.SnapshotBuilder.aSnapshot().mode(mode.toString()));
        for (var each : List.of(unset, untagged)) {
            begin(each);
            each.minutes(3);
            assertThat(each.writes).isEmpty();
            assertThat(each.incident().decision().orElseThrow())
                    .isInstanceOfSatisfying(Decision.Advise.class, advise -> {
                        assertThat(advise.wouldDo()).isEmpty();
                        assertThat(advise.because()).contains("for a person to say");
                    });
        }
    }

    @Test
    void observingItSaysWhatItWouldHaveDone() {
        var observing = MigrationRig.of(_ -> {}, Mode.OBSERVE);
        begin(observing);

        assertThat(observing.writes).isEmpty();
        assertThat(observing.incident().decision().orElseThrow().because())
                .contains("in mode auto the guard would run migration task web-migrate, then deploy web:42 once more");
    }
}
