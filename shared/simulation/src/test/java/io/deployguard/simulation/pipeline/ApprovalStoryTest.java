package io.deployguard.simulation.pipeline;

import static io.deployguard.fixture.Shop.NEW;
import static io.deployguard.fixture.Shop.NEWER;
import static io.deployguard.fixture.Shop.WEB;
import static io.deployguard.fixture.Shop.attemptOf;
import static io.deployguard.fixture.SnapshotBuilder.aQuietSnapshot;
import static io.deployguard.fixture.SnapshotBuilder.aSnapshot;
import static io.deployguard.simulation.pipeline.GuardRig.person;
import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.action.Command;
import io.deployguard.classification.RollbackHelps;
import io.deployguard.decision.Decision;
import io.deployguard.decision.DecisionPolicy;
import io.deployguard.decision.Mode;
import io.deployguard.decision.RollbackOutlook;
import io.deployguard.decision.Ruling;
import io.deployguard.incident.Approval;
import io.deployguard.incident.Progress;
import io.deployguard.incident.Progress.Outcome;
import io.deployguard.notification.GuardCli;
import io.deployguard.notification.Notice;
import io.deployguard.pipeline.Approvals.Taken;
import io.deployguard.pipeline.Responder.Response;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Mode ask: a request ends exactly once, and nothing is done without a grant that still holds when the actor looks. */
class ApprovalStoryTest {

    private static final int MINUTES_TO_ANSWER = 30;

    private static GuardRig asked() {
        return asked(_ -> {});
    }

    private static GuardRig asked(GuardRig.Passage passage) {
        var rig = new GuardRig(GuardRig.BY_LINE, passage, Mode.ASK);
        rig.ecs.show(aSnapshot().mode("ask"));
        rig.deliverAll(rig.aBadRelease());
        rig.tell();
        return rig;
    }

    private static Taken agree(GuardRig rig, String name) {
        return rig.people().agree(rig.incident().id(), person(name), Optional.empty());
    }

    private static Taken refuse(GuardRig rig, String name, String reason) {
        return rig.people().refuse(rig.incident().id(), person(name), Optional.of(reason));
    }

    private static Approval approval(GuardRig rig) {
        var approval = rig.incident().approval().orElseThrow();
        var id = rig.incident().id();
        assertThat(rig.memory.<Optional<Approval>>transact(
                        "look", stores -> stores.approvals().find(id)))
                .as("the row says what the incident says")
                .contains(approval);
        return approval;
    }

    private static String message(GuardRig rig) {
        return rig.chat.last().toString();
    }

    @Test
    void asksInTheMessageAndChangesNothing() {
        var rig = asked();

        assertThat(approval(rig)).isInstanceOf(Approval.Open.class);
        assertThat(rig.incident().grounds().orElseThrow().rule()).isEqualTo("mode-ask");
        assertThat(message(rig))
                .contains(
                        "Decision needed",
                        "if a person agrees before ",
                        GuardCli.approve(rig.incident().id()))
                .contains(GuardCli.refuse(rig.incident().id()));
        rig.minutes(5);
        assertThat(rig.act("act")).isEmpty();
        assertThat(rig.writes).isEmpty();
        assertThat(rig.chat.begun()).isEqualTo(1);
    }

    @Test
    void actsOnceAPersonHasAgreedAndSaysWho() {
        var rig = asked();

        assertThat(agree(rig, "anna")).isInstanceOf(Taken.Counted.class);

        assertThat(rig.incident().progress()).isInstanceOf(Progress.Planned.class);
        assertThat(rig.act("act")).singleElement().isInstanceOf(Response.Acted.class);
        rig.tell();
        assertThat(message(rig)).contains("anna", " agreed at ", "rolling back to web:41");
        rig.minutes(5);
        assertThat(rig.writes).containsExactly(new Command.StopServiceDeployment(WEB, attemptOf(NEW)));
        assertThat(rig.incident().progress())
                .isInstanceOfSatisfying(
                        Progress.Closed.class,
                        closed -> assertThat(closed.outcome()).isEqualTo(Outcome.HEALED));
        assertThat(approval(rig)).isInstanceOf(Approval.Granted.class);
        assertThat(message(rig)).contains("Healed", "anna agreed, on the command line");
        assertThat(rig.chat.begun()).as("one message, edited in place").isEqualTo(1);
        assertThat(rig.history()).contains("anna agreed");
    }

    @Test
    void needsNobodyToWakeTheActor() {
        var rig = asked();
        agree(rig, "anna");

        assertThat(rig.watch().done()).anyMatch(done -> done.contains("woke the actor"));
    }

    @Test
    void doesNothingAfterARefusal() {
        var rig = asked();

        assertThat(refuse(rig, "ben", "a fix is on its way")).isInstanceOf(Taken.Counted.class);
        rig.minutes(40);

        assertThat(rig.writes).isEmpty();
        assertThat(approval(rig)).isInstanceOf(Approval.Refused.class);
        assertThat(rig.incident().progress()).isInstanceOf(Progress.Advised.class);
        assertThat(rig.incident().decision().orElseThrow().because()).isEqualTo("ben refused: a fix is on its way");
        assertThat(message(rig)).contains("ben", " refused at ", "a fix is on its way", "Action needed");
        assertThat(message(rig)).doesNotContain("incidents approve");
    }

    @Test
    void expiresWhenNobodyAnswers() {
        var rig = asked();
        rig.minutes(MINUTES_TO_ANSWER - 4);
        assertThat(approval(rig)).isInstanceOf(Approval.Open.class);
        rig.minutes(4);

        assertThat(approval(rig)).isInstanceOf(Approval.Expired.class);
        assertThat(message(rig)).contains("Nobody agreed before ").doesNotContain("incidents approve");
        assertThat(agree(rig, "anna"))
                .isInstanceOfSatisfying(
                        Taken.TooLate.class, late -> assertThat(late.ended()).isInstanceOf(Approval.Expired.class));
        rig.minutes(3);
        assertThat(rig.writes).isEmpty();
    }

    @Test
    void isTooLateAtTheVeryMomentEvenBeforeTheWatchHasLooked() {
        var rig = asked();
        rig.time.passMinutes(MINUTES_TO_ANSWER);

        assertThat(agree(rig, "anna")).isInstanceOf(Taken.TooLate.class);

        assertThat(approval(rig)).isInstanceOf(Approval.Expired.class);
        assertThat(rig.act("act")).isEmpty();
    }

    @Test
    void endsWhenTheWorldMovesOn() {
        var rig = asked();
        rig.ecs.show(aQuietSnapshot(NEWER));
        rig.minute();

        assertThat(approval(rig))
                .isInstanceOfSatisfying(
                        Approval.Superseded.class,
                        ended -> assertThat(ended.grant()).isEmpty());
        assertThat(message(rig)).contains("nothing left to agree to").doesNotContain("incidents approve");
        assertThat(agree(rig, "anna")).isInstanceOf(Taken.TooLate.class);
        assertThat(rig.writes).isEmpty();
    }

    @Test
    void endsAsSupersededWhenTheGrantComesTooLateForTheWorld() {
        var rig = asked();
        rig.ecs.show(aQuietSnapshot(NEWER));
        assertThat(agree(rig, "anna")).isInstanceOf(Taken.Counted.class);

        assertThat(rig.act("act")).singleElement().isInstanceOf(Response.Withdrawn.class);

        rig.tell();
        assertThat(rig.writes).isEmpty();
        assertThat(approval(rig))
                .isInstanceOfSatisfying(
                        Approval.Superseded.class,
                        ended -> assertThat(ended.grant().orElseThrow().by().name())
                                .isEqualTo("anna"));
        assertThat(message(rig)).contains("agreed, but by then there was nothing left to do");
        rig.minutes(5);
        assertThat(rig.writes).isEmpty();
        assertThat(rig.incident().progress())
                .isInstanceOfSatisfying(
                        Progress.Closed.class,
                        closed -> assertThat(closed.outcome()).isEqualTo(Outcome.SUPERSEDED));
    }

    @Test
    void isLeftToAPersonWhenTheModeIsObserveByThen() {
        var rig = asked();
        agree(rig, "anna");
        rig.ecs.show(aSnapshot().mode("observe"));

        assertThat(rig.act("act")).singleElement().isInstanceOf(Response.Withdrawn.class);

        rig.tell();
        assertThat(rig.writes).isEmpty();
        assertThat(message(rig))
                .contains("anna", "The guard changed nothing all the same", "mode of the service is observe");
    }

    @Test
    void actsOnNoPlanWhoseRequestWasNotGranted() {
        var rig = asked();
        rig.memory.transact("a bug, or somebody at the database", stores -> {
            var act = new Decision.Act(
                    DecisionPolicy.ROLL_BACK, new RollbackOutlook(RollbackHelps.HELPS, "it ran"), "nobody agreed");
            var planned = stores.incidents()
                    .newest(1)
                    .getFirst()
                    .withDecision(
                            Ruling.later("roll-back", act, Optional.empty()),
                            new Progress.Planned(rig.time.instant()),
                            rig.time.instant());
            stores.incidents().update(planned, "planned without a grant");
            return planned;
        });

        assertThat(rig.act("act"))
                .singleElement()
                .isInstanceOfSatisfying(
                        Response.NothingToDo.class,
                        nothing -> assertThat(nothing.outcome()).contains("waits for a person's consent"));
        assertThat(rig.writes).isEmpty();
    }

    @Nested
    class OfTwoPeopleAtOnce {

        @Test
        void theFirstOneWinsAndTheOtherHearsOfIt() {
            var rig = asked();
            var first = new ArrayList<Taken>();
            rig.memory.share(what -> what.equals("answer request") && first.isEmpty()
                    ? Optional.of(() -> {
                        first.add(new Taken.NotAsked("being asked"));
                        first.set(0, refuse(rig, "ben", "no"));
                    })
                    : Optional.empty());

            var second = agree(rig, "anna");

            assertThat(first.getFirst()).isInstanceOf(Taken.Counted.class);
            assertThat(second)
                    .isInstanceOfSatisfying(
                            Taken.TooLate.class,
                            late -> assertThat(late.ended())
                                    .isInstanceOfSatisfying(
                                            Approval.Refused.class,
                                            refused -> assertThat(refused.answer()
                                                            .by()
                                                            .name())
                                                    .isEqualTo("ben")));
            rig.minutes(3);
            assertThat(rig.writes).isEmpty();
        }

        @Test
        void agreeingTwiceActsOnce() {
            var rig = asked();

            assertThat(agree(rig, "anna")).isInstanceOf(Taken.Counted.class);
            assertThat(agree(rig, "ben")).isInstanceOf(Taken.TooLate.class);
            rig.minutes(6);

            assertThat(rig.writes).hasSize(1);
            assertThat(message(rig)).contains("anna").doesNotContain("ben agreed");
        }
    }

    @Nested
    class AnAnswer {

        @Test
        void isNotTakenWhereNobodyWasAsked() {
            var rig = new GuardRig();
            rig.deliverAll(rig.aBadRelease());

            assertThat(agree(rig, "anna"))
                    .isInstanceOfSatisfying(
                            Taken.NotAsked.class,
                            none -> assertThat(none.because()).contains("asks for no approval", "mode is auto"));
            assertThat(rig.people().agree(new UUID(7, 7), person("anna"), Optional.empty()))
                    .isEqualTo(new Taken.NotAsked("there is no incident " + new UUID(7, 7)));
        }

        @Test
        void isShownWithoutSecretsAndOnOneLine() {
            var rig = asked();
            refuse(rig, "ben\u202E\nof ops", "see postgres://app:tr0ub4dor@db/shop\nand\u0007 wait");
            rig.tell();

            assertThat(message(rig)).doesNotContain("tr0ub4dor").doesNotContain("\u202E");
            assertThat(rig.incident().decision().orElseThrow().because())
                    .startsWith("ben of ops refused: see ")
                    .endsWith("and wait");
        }
    }

    /** Who reads the first message must not need a second one to learn that mending it once was not enough. */
    @Test
    void saysInTheFirstMessageHowOftenItHappened() {
        var rig = new GuardRig();
        for (var day = 0; day < 3; day++) {
            rig.ecs.show(aSnapshot().mode("observe"));
            rig.deliver(rig.crashes("x" + day, day * 86_400L + 30));
            rig.tell();
            rig.ecs.show(rig.rolledBack());
            rig.minutes(6);
            rig.time.passMinutes(24 * 60 - 6);
        }
        var first = rig.chat.notices.stream()
                .collect(Collectors.toMap(Notice::incident, Notice::toString, (one, _) -> one, LinkedHashMap::new));

        assertThat(first.values())
                .satisfiesExactly(
                        one -> assertThat(one).doesNotContain("same cause"),
                        two -> assertThat(two).contains("Second time in 30 days, same cause"),
                        three -> assertThat(three).contains("Third time in 30 days, same cause"));
    }

    /** The process is gone; no catch clause sees that. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** Ends the process at one place. */
    private static final class Life implements GuardRig.Passage {
        private int left;
        private boolean dead;
        private final List<String> passed = new ArrayList<>();

        Life(int left) {
            this.left = left;
        }

        @Override
        public void at(String place) {
            passed.add(place);
            if (dead || left-- == 0) {
                dead = true;
                throw new Killed();
            }
        }

        void once(Runnable invocation) {
            try {
                invocation.run();
            } catch (Killed gone) {
                dead = false;
                left = -1;
                invocation.run();
            }
        }
    }

    private static GuardRig granted(Life life) {
        var armed = new boolean[1];
        var rig = asked(place -> {
            if (armed[0]) {
                life.at(place);
            }
        });
        armed[0] = true;
        life.once(() -> agree(rig, "anna"));
        for (var minute = 0; minute < 8; minute++) {
            rig.time.passMinutes(1);
            life.once(rig::watch);
            var holder = "act-" + minute;
            life.once(() -> rig.act(holder));
            life.once(rig::tell);
        }
        return rig;
    }

    static IntStream places() {
        var life = new Life(-1);
        granted(life);
        return IntStream.range(0, life.passed.size());
    }

    @ParameterizedTest
    @MethodSource("places")
    void losesNoGrantAndActsOnceWhereverTheProcessEnds(int at) {
        var life = new Life(at);

        var rig = granted(life);

        assertThat(rig.writes).as(life.passed.get(at)).hasSize(1);
        assertThat(approval(rig)).isInstanceOf(Approval.Granted.class);
        assertThat(rig.incident().progress()).as(life.passed.get(at)).isInstanceOf(Progress.Closed.class);
    }
}
