package io.deployguard.notification;

import static io.deployguard.fixture.DiagnosisBuilder.aDiagnosis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.deployguard.action.Command;
import io.deployguard.classification.CauseId;
import io.deployguard.classification.Diagnosis;
import io.deployguard.classification.Remedy;
import io.deployguard.classification.RollbackHelps;
import io.deployguard.decision.Decision;
import io.deployguard.decision.RollbackOutlook;
import io.deployguard.ecs.Accounts;
import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.ServiceRef;
import io.deployguard.fixture.Shop;
import io.deployguard.incident.Approval;
import io.deployguard.incident.Incident;
import io.deployguard.incident.Progress;
import io.deployguard.incident.Progress.Outcome;
import io.deployguard.incident.Recurrence;
import io.deployguard.incident.Situation;
import io.deployguard.notification.NoticeBlock.Advice;
import io.deployguard.notification.NoticeBlock.Evidence;
import io.deployguard.notification.NoticeBlock.Facts;
import io.deployguard.notification.NoticeBlock.ShellCommand;
import io.deployguard.notification.NoticeBlock.Summary;
import io.deployguard.notification.NoticeBlock.Timeline;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules of what is said; how whole messages read is pinned by the golden files of the channels. */
class NoticeComposerTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final String WEB = "arn:aws:ecs:eu-west-1:123456789012:task-definition/web:";

    @Test
    void saysInModeObserveWhatItWouldHaveDone() {
        var notice = NoticeComposer.compose(incident(new Progress.Advised(), advise(RollbackHelps.HELPS, true), 2));

        assertThat(summary(notice).call()).isEqualTo("Action needed");
        assertThat(summary(notice).state().plain())
                .isEqualTo(
                        "Mode observe: the guard changed nothing. In mode auto it would have rolled back to web:41.");
        assertThat(notice.fallback())
                .contains("web (prod)")
                .contains("Action needed")
                .endsWith("rolled back to web:41.");
        assertThat(commands(notice)).anyMatch(line -> line.contains("--task-definition " + WEB + "41"));
    }

    @Test
    void namesAccountAndRegionWhereThereAreSeveral() {
        var incident = incident(new Progress.Advised(), advise(RollbackHelps.HELPS, true), 2);
        var accounts =
                new Accounts(Optional.of("999999999999"), Set.of("123456789012"), Map.of("123456789012", "live"));

        var notice = NoticeComposer.compose(incident, accounts);

        assertThat(notice.headline()).contains("web (prod, live eu-west-1)");
        assertThat(notice.fallback()).contains("web (prod, live eu-west-1)");
        assertThat(fact(notice, "Where and when")).startsWith("eu-west-1, account live (123456789012), since");
        assertThat(NoticeComposer.compose(incident).headline()).contains("web (prod):");
    }

    @Test
    void offersNoRollbackThatDoesNotHelpAndSaysWhy() {
        var notice =
                NoticeComposer.compose(incident(new Progress.Advised(), advise(RollbackHelps.DOES_NOT_HELP, false), 2));

        assertThat(summary(notice).state().plain())
                .isEqualTo("A rollback would not help, so the guard changed nothing.");
        assertThat(fact(notice, "Rollback")).isEqualTo("would not help: the outlook's reason");
        assertThat(commands(notice)).noneMatch(line -> line.contains("ROLLBACK") || line.contains("update-service"));
    }

    @Test
    void beginsWithTheOutageWhenNobodyIsServed() {
        var notice = NoticeComposer.compose(incident(new Progress.Advised(), advise(RollbackHelps.DEPENDS, false), 0));

        assertThat(summary(notice).state().plain()).startsWith("No task serves users.");
        assertThat(fact(notice, "Serving users")).startsWith("nothing, 0 of 3 tasks healthy");
    }

    @Test
    void callsAGuessAGuess() {
        var notice = NoticeComposer.compose(incident(
                new Progress.Advised(),
                advise(RollbackHelps.DEPENDS, false),
                2,
                aDiagnosis().guessed().build()));

        assertThat(notice.headline()).contains("perhaps title of migration-conflict");
        assertThat(summary(notice).cause().orElseThrow().plain()).startsWith("Cause guessed, 60% sure: ");
        assertThat(block(notice, NoticeBlock.Footer.class).items().getFirst().plain())
                .contains("migration-conflict by resemblance (a guess, leads to no action)");
        assertThat(block(notice, Advice.class).steps().getFirst().plain()).startsWith("Read the lines above");
    }

    @ParameterizedTest
    @CsvSource({
        "HEALED, Healed – , RESOLVED",
        "NOT_HEALED, Not healed – , ESCALATED",
        "RECOVERED, Recovered – , RESOLVED",
        "SUPERSEDED, Superseded – , SUPERSEDED",
    })
    void saysTheEndFirst(Outcome outcome, String prefix, Notice.Tone tone) {
        var closed = new Progress.Closed(outcome, NOON.plusSeconds(300), "a reason");
        var notice = NoticeComposer.compose(incident(closed, act(), 2));

        assertThat(notice.headline()).startsWith(prefix);
        assertThat(notice.tone()).isEqualTo(tone);
        assertThat(notice.isFinal()).isTrue();
        assertThat(summary(notice).state().plain()).contains("A reason.");
    }

    @Test
    void givesNoCommandsToSomebodyWhoNeedNotAct() {
        for (var progress : List.of(
                new Progress.Planned(NOON),
                new Progress.Verifying(NOON, "goal", WEB + "41", Optional.of(NOON)),
                new Progress.Closed(Outcome.HEALED, NOON, "well"))) {
            assertThat(commands(NoticeComposer.compose(incident(progress, act(), 2))))
                    .isEmpty();
        }
    }

    @Test
    void tellsTheStoryInTheOrderOfTimeAndCountsWhatItLeavesOut() {
        var incident = incident(new Progress.Advised(), advise(RollbackHelps.HELPS, true), 2);
        for (var i = 1; i <= 9; i++) {
            incident = incident.withSign(
                    new Incident.Sign("silence", NOON.plusSeconds(i), "sign " + i), incident.progress(), NOON);
        }
        var moments = block(NoticeComposer.compose(incident), Timeline.class).moments();

        assertThat(moments).isSortedAccordingTo((a, b) -> a.at().compareTo(b.at()));
        assertThat(moments.stream().map(moment -> moment.what().plain()))
                .contains("Sign 9.", "6 more signs in between.")
                .doesNotContain("Sign 2.");
    }

    @Test
    void countsRepeatedLinesAndRedactedValues() {
        var excerpt = block(
                        NoticeComposer.compose(incident(new Progress.Advised(), advise(RollbackHelps.HELPS, true), 2)),
                        Evidence.class)
                .excerpts()
                .getFirst();

        assertThat(excerpt.caption()).isEqualTo("Log of container app, task 4f2c1b7e, 1 value redacted");
        assertThat(excerpt.lines()).containsExactly("waiting   (2 times)", "password=[redacted]");
    }

    @ParameterizedTest
    @CsvSource({
        "2 tasks stopped unexpectedly within 10 minutes; the last one because it failed the load balancer's health checks, Failing health checks",
        "2 tasks stopped unexpectedly within 10 minutes; the last one because it failed its container health checks, Failing health checks",
        "2 tasks stopped unexpectedly within 10 minutes; the last one because an essential container exited, Crash loop"
    })
    void callsALoopByWhatEndsItsTasks(String sign, String kind) {
        var opened = Incident.open(
                UUID.randomUUID(),
                new ServiceRef("aws", "eu-west-1", "123456789012", "prod", "web"),
                new DeploymentId("ecs-svc/1"),
                new Progress.Investigating(NOON, 0),
                new Incident.Sign("restart-loop", NOON, sign));

        assertThat(Words.kindOf(opened)).isEqualTo(kind);
    }

    @Test
    void staysWholeWhateverTheTextsAre() {
        var random = new Random(42);
        for (var round = 0; round < 500; round++) {
            var text = hostile(random);
            var incident = hostileIncident(random, text);
            assertThatCode(() -> {
                        var notice = NoticeComposer.compose(incident);
                        assertThat(notice.headline().length()).isBetween(1, 120);
                        assertThat(notice.headline()).doesNotEndWith(".");
                        assertThat(notice.fallback().length()).isBetween(60, 250);
                        assertThat(notice.fallback()).contains("needed");
                        assertThat(block(notice, Facts.class).facts()).hasSizeLessThanOrEqualTo(6);
                    })
                    .as("round %d: %s", round, text)
                    .doesNotThrowAnyException();
        }
    }

    private static String hostile(Random random) {
        var pieces =
                List.of("<!channel>", "😀", "\u202E", "&amp;", "x".repeat(300), " ", "\n", ".", "[redacted]", "'", "A");
        var text = new StringBuilder("t");
        for (var i = random.nextInt(12); i > 0; i--) {
            text.append(pieces.get(random.nextInt(pieces.size())));
        }
        return text.toString();
    }

    private static Incident hostileIncident(Random random, String text) {
        var proof = new ArrayList<Diagnosis.Proof>();
        for (var i = random.nextInt(20); i > 0; i--) {
            proof.add(new Diagnosis.Proof(random.nextBoolean() ? "log " + text : text, text));
        }
        var outlook = new RollbackOutlook(any(random, RollbackHelps.values()), text);
        List<Decision> decisions = List.of(
                new Decision.Act(new Remedy.Automatic(text), outlook, text),
                new Decision.Ask(new Remedy.Automatic("roll-back"), outlook, NOON, text),
                new Decision.Advise(List.of(new Remedy.Advice(text)), outlook, Optional.empty(), text),
                new Decision.Wait(NOON, text),
                new Decision.StandDown(any(random, Decision.Reason.values()), text));
        List<Progress> stages = List.of(
                new Progress.Suspected(),
                new Progress.Dismissed(NOON, text),
                new Progress.Investigating(NOON, random.nextInt(3)),
                new Progress.Advised(),
                new Progress.Planned(NOON),
                new Progress.Verifying(NOON, text, text, Optional.empty()),
                new Progress.Closed(any(random, Outcome.values()), NOON, text));
        return new Incident(
                UUID.randomUUID(),
                new ServiceRef("aws", "eu-west-1", "1", text, text),
                new DeploymentId("ecs-svc/1"),
                stages.get(random.nextInt(stages.size())),
                NOON,
                NOON,
                List.of(new Incident.Sign(text, NOON, text)),
                random.nextInt(4) == 0 ? Optional.empty() : Optional.of(new Diagnosis.Unknown(proof, List.of(), text)),
                Optional.of(NOON),
                random.nextInt(4) == 0
                        ? Optional.empty()
                        : Optional.of(decisions.get(random.nextInt(decisions.size()))),
                Optional.empty(),
                random.nextInt(4) == 0
                        ? Optional.empty()
                        : Optional.of(new Situation(
                                text,
                                Optional.of(text),
                                List.of(text, text, text, text, text, text, text),
                                0,
                                0,
                                random.nextInt(2),
                                Optional.of(text),
                                Optional.of(text),
                                Optional.of(new Situation.LogStream(text, text, text)),
                                List.of(text, text, text, text),
                                text,
                                Optional.of(new Recurrence(2 + random.nextInt(120), 30, NOON)),
                                Optional.empty(),
                                random.nextBoolean()
                                        ? Optional.empty()
                                        : Optional.of(new Command.ScaleToZero(Shop.WEB, 2)),
                                Optional.empty())),
                random.nextInt(3) == 0 ? Optional.empty() : Optional.of(anyApproval(random, text)),
                List.of(new Incident.Undelivered(text, NOON, text)),
                3);
    }

    private static Approval anyApproval(Random random, String text) {
        var request =
                new Approval.Request(UUID.randomUUID(), new Remedy.Automatic(text), NOON, NOON.plusSeconds(1_800));
        var answer = new Approval.Answer(
                new Approval.Person(text, Optional.of(text), text),
                random.nextBoolean() ? Optional.of(text) : Optional.empty(),
                NOON);
        List<Approval> ends = List.of(
                new Approval.Open(request),
                new Approval.Granted(request, answer),
                new Approval.Refused(request, answer),
                new Approval.Expired(request, NOON),
                new Approval.Superseded(request, Optional.of(answer), NOON, text),
                new Approval.Superseded(request, Optional.empty(), NOON, text));
        return ends.get(random.nextInt(ends.size()));
    }

    private static <T> T any(Random random, T[] values) {
        return values[random.nextInt(values.length)];
    }

    private static Decision advise(RollbackHelps helps, boolean wouldRollBack) {
        return new Decision.Advise(
                List.of(new Remedy.Advice("mend it")),
                new RollbackOutlook(helps, "the outlook's reason"),
                wouldRollBack ? Optional.of(new Remedy.Automatic("roll-back")) : Optional.empty(),
                "a rule");
    }

    private static Decision act() {
        return new Decision.Act(
                new Remedy.Automatic("roll-back"), new RollbackOutlook(RollbackHelps.HELPS, "it ran"), "a rule");
    }

    private static Incident incident(Progress progress, Decision decision, int servingOld) {
        return incident(progress, decision, servingOld, found());
    }

    private static Diagnosis found() {
        return new Diagnosis.Identified(
                new CauseId("schema-missing"),
                "A table is missing",
                0.96,
                Optional.of("orders"),
                "postgres-42P01",
                Map.of(),
                RollbackHelps.DEPENDS,
                true,
                true,
                List.of(
                        new Diagnosis.Proof("log app", "waiting"),
                        new Diagnosis.Proof("log app", "waiting"),
                        new Diagnosis.Proof("log app", "password=[redacted]")),
                List.of(),
                List.of(),
                "Table orders does not exist");
    }

    private static Incident incident(Progress progress, Decision decision, int servingOld, Diagnosis diagnosis) {
        return new Incident(
                UUID.fromString("0b9c6a1e-0000-4000-8000-000000000001"),
                new ServiceRef("aws", "eu-west-1", "123456789012", "prod", "web"),
                new DeploymentId("ecs-svc/1"),
                progress,
                NOON,
                NOON,
                List.of(new Incident.Sign("restart-loop", NOON, "2 tasks stopped")),
                Optional.of(diagnosis),
                Optional.of(NOON.plusSeconds(4)),
                Optional.of(decision),
                Optional.empty(),
                Optional.of(new Situation(
                        WEB + "42",
                        Optional.of(WEB + "41"),
                        List.of(),
                        servingOld,
                        0,
                        3,
                        Optional.empty(),
                        Optional.of("4f2c1b7e9d8a"),
                        Optional.empty(),
                        List.of(),
                        "observe",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty())),
                Optional.empty(),
                List.of(),
                3);
    }

    private static Summary summary(Notice notice) {
        return block(notice, Summary.class);
    }

    private static String fact(Notice notice, String label) {
        return block(notice, Facts.class).facts().stream()
                .filter(fact -> fact.label().equals(label))
                .map(fact -> fact.value().plain())
                .findFirst()
                .orElseThrow();
    }

    private static List<String> commands(Notice notice) {
        return notice.blocks().stream()
                .filter(Advice.class::isInstance)
                .flatMap(advice -> ((Advice) advice).commands().stream())
                .map(ShellCommand::line)
                .toList();
    }

    private static <T extends NoticeBlock> T block(Notice notice, Class<T> kind) {
        return notice.blocks().stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .findFirst()
                .orElseThrow();
    }
}
