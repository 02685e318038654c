package io.deployguard.simulation.pipeline;

import static io.deployguard.fixture.DeploymentBuilder.aDeploymentOf;
import static io.deployguard.fixture.Shop.NEW;
import static io.deployguard.fixture.Shop.OLD;
import static io.deployguard.fixture.SnapshotBuilder.aSnapshot;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deployguard.action.Command;
import io.deployguard.action.CommandOutcome;
import io.deployguard.decision.Mode;
import io.deployguard.ecs.ServiceDeployment.Status;
import io.deployguard.event.GuardEvent;
import io.deployguard.fault.GuardFault;
import io.deployguard.incident.Incident;
import io.deployguard.incident.Progress;
import io.deployguard.pipeline.Responder.Response;
import io.deployguard.simulation.memory.Rival;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two functions at the same time: whoever loses a transaction runs it again on what is there by then. */
class RivalTest {

    private static GuardRig planned() {
        var rig = new GuardRig();
        rig.deliver(rig.begins());
        rig.deliver(rig.crashes("a", 30));
        assertThat(rig.incident().progress()).isInstanceOf(Progress.Planned.class);
        return rig;
    }

    @Nested
    class OfTwoActors {

        @Test
        void theOneThatComesLaterIsBusy() {
            var rig = planned();
            var second = new ArrayList<Response>();

            var first = rig.act("act-1", (command, incident) -> {
                second.addAll(rig.act("act-2"));
                return rig.new Hands().execute(command, incident);
            });

            assertThat(first).singleElement().isInstanceOf(Response.Acted.class);
            assertThat(second).singleElement().isInstanceOf(Response.Busy.class);
            assertThat(rig.writes).hasSize(1);
        }

        /** Its lease is over before it has sent anything; by then another one has acted. */
        @Test
        void theOneThatWasAsleepDoesNothing() {
            var asleep = new AtomicInteger();
            var rig = new ArrayList<GuardRig>();
            rig.add(new GuardRig(
                    GuardRig.BY_LINE,
                    place -> {
                        if (place.equals("before begin command") && asleep.getAndIncrement() == 0) {
                            rig.getFirst().time.passMinutes(3);
                            assertThat(rig.getFirst().act("act-2"))
                                    .singleElement()
                                    .isInstanceOf(Response.Acted.class);
                        }
                    },
                    Mode.AUTO));
            var guard = rig.getFirst();
            guard.deliver(guard.begins());
            guard.deliver(guard.crashes("a", 30));

            assertThat(guard.act("act-1")).singleElement().isInstanceOf(Response.Busy.class);
            assertThat(guard.writes).hasSize(1);
            assertThat(guard.incident().progress()).isInstanceOf(Progress.Verifying.class);
        }

        /** The first one's command is on its way for longer than its lease; the second one sees its effect and sends none. */
        @Test
        void theSecondOneFindsWhatTheFirstHasDone() {
            var rig = planned();
            var second = new ArrayList<Response>();

            rig.act("act-1", (command, incident) -> {
                var outcome = rig.new Hands().execute(command, incident);
                rig.time.passMinutes(3);
                second.addAll(rig.act("act-2"));
                return outcome;
            });

            assertThat(second).singleElement().isInstanceOf(Response.Acted.class);
            assertThat(rig.writes).hasSize(1);
            assertThat(rig.incident().progress()).isInstanceOf(Progress.Verifying.class);
            rig.minutes(4);
            assertThat(rig.incident().progress()).isInstanceOf(Progress.Closed.class);
        }

        /** The answer got lost and ECS has done nothing: the same command is sent once more, under the same journal row. */
        @Test
        void aCommandWithoutEffectIsSentAgainByTheNext() {
            var rig = planned();
            assertThatThrownBy(() -> rig.act("act-1", (_, _) -> {
                        throw new GuardFault.TimedOut("StopServiceDeployment: no answer in time", null);
                    }))
                    .isInstanceOf(GuardFault.TimedOut.class);

            assertThat(rig.act("act-2")).singleElement().isInstanceOf(Response.Acted.class);

            assertThat(rig.journal())
                    .singleElement()
                    .satisfies(entry -> assertThat(entry.outcome()).contains("done"));
        }

        /** Things have changed since: what the first one began is closed and the plan of now is carried out. */
        @Test
        void aBegunCommandThatIsNoLongerRightIsAbandoned() {
            var rig = planned();
            assertThatThrownBy(() -> rig.act("act-1", (_, _) -> {
                        throw new GuardFault.TimedOut("StopServiceDeployment: no answer in time", null);
                    }))
                    .isInstanceOf(GuardFault.TimedOut.class);
            rig.ecs.show(aSnapshot()
                    .deployments(
                            aDeploymentOf(NEW).status(Status.SUCCESSFUL).build(),
                            aDeploymentOf(OLD).status(Status.SUCCESSFUL).build()));

            rig.act("act-2");

            assertThat(rig.writes).singleElement().isInstanceOf(Command.UpdateService.class);
            assertThat(rig.journal())
                    .extracting(entry -> entry.outcome().orElse("unknown"))
                    .containsExactly("no-effect", "done");
        }

        @Test
        void aStrangersSuccessIsNotOurs() {
            var rig = planned();
            rig.answer(_ -> new CommandOutcome.AlreadySo("somebody stopped it a moment ago"));

            assertThat(rig.act("act-1")).singleElement().isInstanceOf(Response.Acted.class);
            assertThat(rig.history()).anyMatch(what -> what.contains("somebody stopped it a moment ago"));
        }
    }

    /** Every transaction is lost now and then, to nobody in particular. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void conflictsLeaveNoTrace(int seed) {
        var calm = new GuardRig(GuardRig.CURABLE);
        var troubled = new GuardRig(GuardRig.CURABLE);
        var random = new Random(seed);
        var lost = new AtomicInteger();
        troubled.memory.share(what -> {
            if (random.nextInt(3) > 0) {
                return Optional.empty();
            }
            lost.incrementAndGet();
            return Optional.of(() -> {});
        });

        for (var rig : List.of(calm, troubled)) {
            rig.aBadRelease().forEach(event -> {
                rig.deliver(event);
                rig.act("act");
                rig.tell();
            });
            rig.minutes(6);
        }

        assertThat(lost.get()).isGreaterThan(20);
        assertThat(troubled.writes).isEqualTo(calm.writes);
        assertThat(troubled.chat.notices).hasSameSizeAs(calm.chat.notices);
        assertThat(troubled.incident().progress()).isEqualTo(calm.incident().progress());
    }

    /** The same event is handled by two functions at once; the second wins whichever transaction of the first it likes. */
    @ParameterizedTest
    @ValueSource(strings = {"take in event", "read memory", "keep findings"})
    void theSameEventInTwoFunctionsIsOneIncident(String contested) {
        var rig = new GuardRig();
        rig.deliver(rig.begins());
        GuardEvent crash = rig.crashes("a", 30);
        var intrusions = new AtomicInteger();
        rig.memory.share(what -> what.equals(contested) && intrusions.getAndIncrement() == 0
                ? Optional.of(() -> rig.deliver(crash))
                : Optional.empty());

        rig.deliver(crash);

        assertThat(intrusions.get()).isGreaterThan(1);
        assertThat(rig.incident().progress()).isInstanceOf(Progress.Planned.class);
        assertThat(rig.incident().signs()).hasSize(1);
        rig.minutes(5);
        assertThat(rig.writes).hasSize(1);
        assertThat(rig.chat.begun()).isEqualTo(1);
    }

    /** Two tasks crash in the same second and each event has its own function. */
    @ParameterizedTest
    @ValueSource(strings = {"take in event", "read memory", "keep findings"})
    void twoCrashesInTwoFunctionsAreOneLoop(String contested) {
        var rig = new GuardRig(GuardRig.CURABLE);
        rig.deliver(rig.begins());
        var intrusions = new AtomicInteger();
        rig.memory.share(what -> what.equals(contested) && intrusions.getAndIncrement() == 0
                ? Optional.of(() -> rig.deliver(rig.crashes("b", 31)))
                : Optional.empty());

        rig.deliver(rig.crashes("a", 30));
        rig.memory.share(Rival.NONE);
        rig.minutes(5);

        assertThat(rig.incidents().stream().filter(Incident::isTold)).hasSize(1);
        assertThat(rig.writes).hasSize(1);
    }

    @Test
    void whoAlwaysLosesSaysSoAndLosesNothing() {
        var rig = new GuardRig();
        rig.memory.share(_ -> Optional.of(() -> {}));
        assertThatThrownBy(() -> rig.deliver(rig.crashes("a", 30)))
                .isInstanceOf(GuardFault.Unavailable.class)
                .hasMessageContaining("lost against other writers");

        rig.memory.share(Rival.NONE);
        assertThat(rig.incidents()).isEmpty();
        rig.deliver(rig.crashes("a", 30));
        assertThat(rig.incident().progress()).isInstanceOf(Progress.Planned.class);
    }
}
