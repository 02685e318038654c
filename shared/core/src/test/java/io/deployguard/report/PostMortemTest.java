package io.deployguard.report;

import static io.deployguard.fixture.FixedTime.NOON;
import static io.deployguard.report.History.acted;
import static io.deployguard.report.History.at;
import static io.deployguard.report.History.closed;
import static io.deployguard.report.History.incident;
import static io.deployguard.report.History.untouched;
import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.classification.CauseId;
import io.deployguard.classification.Diagnosis;
import io.deployguard.classification.RollbackHelps;
import io.deployguard.decision.Mode;
import io.deployguard.fixture.Shop;
import io.deployguard.incident.Approval;
import io.deployguard.incident.Incident;
import io.deployguard.incident.Progress.Outcome;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PostMortemTest {

    @Test
    void tellsTheWholeStory() {
        var page = PostMortem.of(acted(closed(incident("web", Mode.AUTO), Outcome.HEALED, 300), 12));

        assertThat(page.lines())
                .contains(
                        "## Cause",
                        "## Evidence",
                        "## Timeline",
                        "## Decision",
                        "## Commands of the guard",
                        "## So that it does not happen again",
                        "## Not seen")
                .contains(
                        "| Service | web in cluster shop, eu-central-1, account 123456789012 |",
                        "| Failing revision | `web:42` |",
                        "| Last healthy revision | `web:41` |",
                        "| Outcome | healed: it is well |",
                        "| Time to detect | 8 s |",
                        "| Time to mitigate | 12 s |",
                        "| Time to recover | 5 min |",
                        "log app: 42P07: relation \"clinics\" already exists",
                        "| 2026-03-01 12:00:00 UTC | sign: 2 tasks stopped within 10 minutes |",
                        "| 2026-03-01 12:00:13 UTC | command done: accepted |",
                        "| mode | auto, by the service's tag |",
                        "- [ ] Run migrations as a separate step.",
                        "- image of web: 1.4.2 → 1.5.0",
                        "- health of targets: denied");
        assertThat(page).contains("# Healed – crash loop in web (shop)", "aws ecs update-service", "row `roll-back`");
    }

    @Test
    void putsTheTimelineInOrder() {
        var page = PostMortem.of(acted(closed(incident("web", Mode.AUTO), Outcome.HEALED, 300), 12));
        var moments = page.lines()
                .filter(line -> line.startsWith("| 2026-"))
                .map(line -> line.substring(2, 25))
                .toList();

        assertThat(moments).hasSize(4).isSorted();
    }

    @Test
    void saysWhoDecided() {
        var asked = incident("web", Mode.ASK);
        var request = asked.approval().orElseThrow().request();
        var refused = new Approval.Refused(
                request,
                new Approval.Answer(
                        new Approval.Person("anna", Optional.of("arn:aws:iam::123456789012:user/anna"), "command line"),
                        Optional.of("a fix is on its way"),
                        at(60)));
        var decided = new Incident(
                asked.id(),
                asked.service(),
                asked.deployment(),
                asked.progress(),
                asked.openedAt(),
                asked.changedAt(),
                asked.signs(),
                asked.diagnosis(),
                asked.diagnosedAt(),
                asked.decision(),
                asked.grounds(),
                asked.situation(),
                Optional.of(refused),
                List.of(),
                3);

        assertThat(PostMortem.of(untouched(decided)))
                .contains("anna (`arn:aws:iam::123456789012:user/anna`) refused at 2026-03-01 12:01:00 UTC")
                .contains("on the command line: a fix is on its way.")
                .contains("| Outcome | still open |");
    }

    @Test
    void letsNoTextFromOutsideFormatAnything() {
        var hostile = "<script>alert(1)</script> | `x` **bold** [link](http://x)\n# heading";
        var diagnosis = new Diagnosis.Identified(
                new CauseId("code-error"),
                hostile,
                0.97,
                Optional.empty(),
                "rule",
                Map.of(),
                RollbackHelps.HELPS,
                true,
                true,
                List.of(new Diagnosis.Proof("log app", "``` ends the fence")),
                List.of(),
                List.of(),
                hostile);

        var page = PostMortem.of(untouched(incident("web", Shop.NEW, diagnosis, Mode.OBSERVE)));

        assertThat(page).doesNotContain("<script>", "**bold**", "[link](", "\n# heading");
        assertThat(page.lines()).contains("````text", "log app: ``` ends the fence", "````");
        assertThat(page.lines().filter(line -> line.startsWith("# "))).hasSize(1);
    }

    @Test
    void knowsWhatIsNotKnownYet() {
        var fresh = Incident.open(
                new java.util.UUID(1, 2),
                History.service("web"),
                Shop.NEW,
                new io.deployguard.incident.Progress.Investigating(NOON, 0),
                new Incident.Sign("silence", NOON, "no task is healthy"));

        assertThat(PostMortem.of(new Dossier(fresh, List.of(), List.of(), List.of())))
                .contains("Not looked at yet.", "None yet.", "| Time to recover | – |")
                .doesNotContain("## Commands");
    }
}
