package io.deployguard.simulation.pipeline;

import static io.deployguard.fixture.DefinitionBuilder.aDefinition;
import static io.deployguard.fixture.Shop.NEW;
import static io.deployguard.fixture.Shop.OLD;
import static io.deployguard.fixture.Shop.WEB;
import static io.deployguard.fixture.Shop.attemptOf;
import static io.deployguard.fixture.Shop.definitionOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.action.Command;
import io.deployguard.action.CommandJournal;
import io.deployguard.action.CommandOutcome;
import io.deployguard.decision.Mode;
import io.deployguard.ecs.ImageState;
import io.deployguard.incident.Progress;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The task definition to go back to was deregistered in the meantime. */
class InactiveTargetStoryTest {

    private final GuardRig rig = new GuardRig();

    @BeforeEach
    void deregister() {
        rig.ecs.define(definitionOf(OLD), aDefinition().inactive(OLD).build());
    }

    private void fail() {
        rig.deliverAll(rig.aBadRelease());
        rig.act("act");
    }

    @Test
    void nobodyIsPromisedWhatEcsWouldRefuse() {
        rig.ecs.show(CopyRig.completed());

        fail();

        assertThat(rig.writes).isEmpty();
        assertThat(rig.incident().grounds().orElseThrow().rule()).isEqualTo("obstacle");
        assertThat(rig.incident().decision().orElseThrow().because())
                .isEqualTo(
                        "a rollback would help and cannot be done: task definition web:41 is INACTIVE, and ECS deploys no"
                                + " such one; register it again under a new revision");
    }

    /** ECS goes back to a service revision, for which the definition need not be ACTIVE. */
    @Test
    void aDeploymentThatRunsIsStoppedAllTheSame() {
        fail();

        assertThat(rig.writes).containsExactly(new Command.StopServiceDeployment(WEB, attemptOf(NEW)));
    }

    /** The settings allow the guard to register it once more. */
    @Nested
    class WhereItMayBeCopied {

        private GuardRig fail(Mode mode) {
            var copying = CopyRig.of(_ -> {}, mode);
            copying.deliverAll(copying.aBadRelease());
            copying.act("act");
            copying.tell();
            return copying;
        }

        private void assertIsHealed(GuardRig copying) {
            copying.minutes(6);
            assertThat(copying.writes).containsExactly(CopyRig.REGISTER, CopyRig.DEPLOY);
            assertThat(copying.journal())
                    .extracting(CommandJournal.Entry::outcome)
                    .containsExactly(Optional.of("done"), Optional.of("done"));
            assertThat(((Progress.Closed) copying.incident().progress()).outcome())
                    .isEqualTo(Progress.Outcome.HEALED);
        }

        @Test
        void theCopyIsRegisteredAndDeployedAtOnce() {
            var copying = fail(Mode.AUTO);

            assertThat(copying.writes).containsExactly(CopyRig.REGISTER, CopyRig.DEPLOY);
            assertThat(copying.chat.last().toString()).contains("The guard is rolling back to a copy of web:41;");
            assertIsHealed(copying);
            assertThat(copying.chat.last().toString())
                    .contains("rolled back to a copy of web:41 and the service is well. 2 of 2 tasks of web:43 are");
        }

        @Test
        void aPersonIsAskedInModeAsk() {
            var copying = fail(Mode.ASK);
            assertThat(copying.writes).isEmpty();
            assertThat(copying.chat.last().toString())
                    .contains("the guard would roll back to a copy of web:41, which is INACTIVE");

            copying.people().agree(copying.incident().id(), GuardRig.person("Ada"), Optional.empty());
            copying.act("act");

            assertIsHealed(copying);
        }

        @Test
        void whatTheSettingsNoLongerAllowIsNotDone() {
            var planned = CopyRig.of(_ -> {}, Mode.AUTO);
            planned.deliverAll(planned.aBadRelease());
            planned.withoutRemedies().act("act");

            assertThat(planned.writes).isEmpty();
            assertThat(planned.incident().decision().orElseThrow().because())
                    .isEqualTo("not done: the settings do not allow re-register-then-roll-back any more");
        }

        @Test
        void aRefusalOfAwsIsLeftToAPerson() {
            var refusing = CopyRig.of(_ -> {}, Mode.AUTO);
            refusing.answer(_ -> new CommandOutcome.Refused("ecs:RegisterTaskDefinition: denied"));
            refusing.deliverAll(refusing.aBadRelease());
            refusing.act("act");
            refusing.minutes(3);

            assertThat(refusing.writes).containsExactly(CopyRig.REGISTER);
            assertThat(refusing.incident().decision().orElseThrow().because())
                    .isEqualTo("not done: AWS refused it: ecs:RegisterTaskDefinition: denied");
        }

        @Test
        void imagesThatAreGoneAreNotDeployedByACopyEither() {
            var copying = CopyRig.of(_ -> {}, Mode.AUTO);
            copying.ecs.images(OLD, new ImageState.Gone("image sha256:11 of container app is gone"));
            copying.deliverAll(copying.aBadRelease());
            copying.act("act");

            assertThat(copying.writes).isEmpty();
        }
    }
}
