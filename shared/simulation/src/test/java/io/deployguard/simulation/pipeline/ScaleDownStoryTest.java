package io.deployguard.simulation.pipeline;

import static io.deployguard.fixture.SnapshotBuilder.running;
import static io.deployguard.simulation.pipeline.ScaleDownRig.SCALE;
import static io.deployguard.simulation.pipeline.ScaleDownRig.crashing;
import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.decision.Decision;
import io.deployguard.decision.Mode;
import io.deployguard.fixture.Shop;
import io.deployguard.fixture.SnapshotBuilder;
import io.deployguard.incident.Progress;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A crash loop that nothing cures, in a shop that wants it ended. */
class ScaleDownStoryTest {

    private static GuardRig fail(GuardRig rig) {
        rig.deliverAll(rig.aBadRelease());
        rig.act("act");
        rig.tell();
        return rig;
    }

    private static GuardRig failing(Mode mode) {
        return fail(ScaleDownRig.of(_ -> {}, mode));
    }

    private static Progress.Closed closed(GuardRig rig) {
        return (Progress.Closed) rig.incident().progress();
    }

    @Test
    void theLoopEndsAndAPersonIsToldHowToGoOn() {
        var rig = failing(Mode.AUTO);
        assertThat(rig.writes).containsExactly(SCALE);

        rig.minutes(4);

        assertThat(rig.writes).containsExactly(SCALE);
        assertThat(closed(rig).outcome()).isEqualTo(Progress.Outcome.NOT_HEALED);
        assertThat(rig.chat.last().toString())
                .contains("The guard scaled the service to zero, so that nothing is started any more")
                .contains("the service is not well. No task runs and none is started any more")
                .contains("a person must take over")
                .contains("Put back what the guard changed")
                .contains("--desired-count 2");
    }

    @Test
    void aPersonIsAskedInModeAsk() {
        var rig = failing(Mode.ASK);
        assertThat(rig.writes).isEmpty();
        assertThat(rig.chat.last().toString()).contains("the guard would scale the service to zero");

        rig.people().agree(rig.incident().id(), GuardRig.person("Ada"), Optional.empty());
        rig.minutes(3);

        assertThat(rig.writes).containsExactly(SCALE);
        assertThat(closed(rig).outcome()).isEqualTo(Progress.Outcome.NOT_HEALED);
    }

    @Test
    void observingItTellsTheCommand() {
        var rig = failing(Mode.OBSERVE);

        assertThat(rig.writes).isEmpty();
        assertThat(rig.chat.last().toString())
                .contains("would have scaled the service to zero")
                .contains("Do what the guard would do")
                .contains("--desired-count 0");
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void nothingIsScaledThatTheSettingsOrTheTagsDoNotWant(Mode mode) {
        var unset = fail(ScaleDownRig.of(GuardRig.BY_LINE, _ -> {}, mode, Set.of()));
        var untagged = ScaleDownRig.of(_ -> {}, mode);
        untagged.ecs.show(crashing().mode(mode.toString()));
        fail(untagged);

        assertThat(unset.writes).isEmpty();
        assertThat(untagged.writes).isEmpty();
        assertThat(unset.incident().decision().orElseThrow())
                .isInstanceOfSatisfying(
                        Decision.Advise.class,
                        advise -> assertThat(advise.wouldDo()).isEmpty());
    }

    /** The service would come back by itself, and must be left the chance to. */
    @Test
    void whatAnotherTryMayCureIsLeftToTry() {
        var rig = fail(ScaleDownRig.of(GuardRig.CURABLE, _ -> {}, Mode.AUTO, Set.of(ScaleDownRig.ACTION)));

        assertThat(rig.writes).isEmpty();
    }

    @Test
    void aTaskThatBecomesHealthyMeanwhileIsLeftAlone() {
        var rig = ScaleDownRig.of(_ -> {}, Mode.AUTO);
        rig.deliverAll(rig.aBadRelease());
        rig.ecs.show(tagged(crashing().and(running(Shop.NEW, 1).getFirst())));

        rig.act("act");
        rig.tell();

        assertThat(rig.writes).isEmpty();
        assertThat(rig.chat.last().toString()).doesNotContain("--desired-count");
        assertThat(rig.incident().decision().orElseThrow().because())
                .isEqualTo("not done: healthy tasks would end too (1), as the desired count is the service's");
    }

    /** Somebody else is at it: what was seen is no longer the case. */
    @Test
    void aCountThatSomebodyChangedMeanwhileIsLeftToThem() {
        var rig = ScaleDownRig.of(_ -> {}, Mode.AUTO);
        rig.deliverAll(rig.aBadRelease());
        rig.ecs.show(tagged(crashing().desired(5)));

        rig.act("act");

        assertThat(rig.writes).isEmpty();
        assertThat(rig.incident().decision().orElseThrow().because())
                .isEqualTo("not done: it would scale service shop/web from 5 to 0 by now, and what was decided on is to"
                        + " scale service shop/web from 2 to 0");
    }

    @Test
    void aCountThatIsRaisedAgainIsSaid() {
        var rig = failing(Mode.AUTO);
        rig.ecs.show(tagged(crashing().desired(1)));

        rig.minutes(2);

        assertThat(rig.writes).containsExactly(SCALE);
        assertThat(closed(rig).because())
                .isEqualTo("its desired count is 1 again: a person or Application Auto Scaling has set it");
    }

    private static SnapshotBuilder tagged(SnapshotBuilder snapshot) {
        return snapshot.tag("deploy-guard:scale-down", "to-zero");
    }
}
