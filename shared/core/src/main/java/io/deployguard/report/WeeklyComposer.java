package io.deployguard.report;

import io.deployguard.notification.Cut;
import io.deployguard.notification.GuardCli;
import io.deployguard.notification.Notice;
import io.deployguard.notification.Notice.Tone;
import io.deployguard.notification.NoticeBlock;
import io.deployguard.notification.NoticeBlock.Advice;
import io.deployguard.notification.NoticeBlock.Excerpt;
import io.deployguard.notification.NoticeBlock.Fact;
import io.deployguard.notification.NoticeBlock.Facts;
import io.deployguard.notification.NoticeBlock.Footer;
import io.deployguard.notification.NoticeBlock.ShellCommand;
import io.deployguard.notification.NoticeBlock.Summary;
import io.deployguard.notification.Prose;
import io.deployguard.notification.Words;
import io.deployguard.report.Statistics.Spread;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Says in words what a week was like. */
public final class WeeklyComposer {

    private static final int HEADLINE = 120;
    private static final int FALLBACK = 250;
    private static final int LINES = 8;
    private static final int LINE = 240;
    private static final int NAMES = 6;
    private static final int ROWS = 4;

    private WeeklyComposer() {}

    /** The message. It is said once and never edited. */
    public static Notice compose(WeeklyReport report) {
        var blocks = new ArrayList<NoticeBlock>();
        blocks.add(new Summary("No action needed", state(report), candidates(report)));
        blocks.add(new Facts(facts(report)));
        if (!report.would().isEmpty()) {
            var shown = report.would().stream()
                    .limit(LINES)
                    .map(line -> Cut.to(LINE, line))
                    .toList();
            blocks.add(new NoticeBlock.Evidence(
                    List.of(new Excerpt("What it would have done", shown, report.wouldInAll() - shown.size()))));
        }
        blocks.add(new Advice(
                "Look closer",
                List.of(),
                List.of(
                        new ShellCommand("Each of these incidents", GuardCli.shadow(WeeklyReport.WEEK)),
                        new ShellCommand("Services and causes in numbers", GuardCli.stats(WeeklyReport.WEEK)))));
        blocks.add(new Footer(List.of(Prose.of("Weekly report %s · mode %s · DEPLOY_GUARD_WEEKLY_REPORT=off ends them"
                .formatted(report.week(), report.mode())))));
        return new Notice(
                report.id(),
                1,
                Tone.REPORT,
                Cut.toWord(
                        FALLBACK,
                        "Deploy Guard, week %s: %s. %s, %d failed."
                                .formatted(
                                        report.week(),
                                        inShort(report),
                                        Words.count(report.deployments(), "deployment"),
                                        report.failed())),
                Cut.toWord(HEADLINE, "Week %s: %s".formatted(report.week(), inShort(report))),
                blocks);
    }

    private static String inShort(WeeklyReport report) {
        if (report.isQuiet()) {
            return "no deployment failed";
        }
        return report.wouldInAll() == 0
                ? "%s, and the guard would have acted on none".formatted(Words.count(report.incidents(), "incident"))
                : "the guard would have acted on %d of %s"
                        .formatted(report.wouldInAll(), Words.count(report.incidents(), "incident"));
    }

    private static Prose state(WeeklyReport report) {
        return Prose.of("From ")
                .time(report.since())
                .text(" to ")
                .time(report.until())
                .text(": %s of %s, %d failed."
                        .formatted(
                                Words.count(report.deployments(), "deployment"),
                                Words.count(report.services(), "service"),
                                report.failed()));
    }

    /** Only what happened speaks for it: a person decides. */
    private static Optional<Prose> candidates(WeeklyReport report) {
        if (report.candidates().isEmpty()) {
            return Optional.empty();
        }
        var names = report.candidates().stream().limit(NAMES).collect(Collectors.joining(", "));
        var left =
                report.candidates().size() - Math.min(NAMES, report.candidates().size());
        return Optional.of(Prose.ofStrong("Worth mode auto: ")
                .text(names + (left == 0 ? "" : " and %d more".formatted(left)))
                .text(
                        ". The guard would have acted there, and none of these releases became well by itself. Set the tag ")
                .code("deploy-guard:mode=auto")
                .text(" on the services that you trust it with."));
    }

    private static List<Fact> facts(WeeklyReport report) {
        var facts = new ArrayList<Fact>();
        facts.add(new Fact(
                "Change-failure rate",
                Prose.of("%d%% (%d of %d deployments)"
                        .formatted(
                                Math.round(report.changeFailureRate() * 100), report.failed(), report.deployments()))));
        spread(report.detect()).ifPresent(text -> facts.add(new Fact("Time to detect", text)));
        spread(report.mitigate()).ifPresent(text -> facts.add(new Fact("Time to mitigate", text)));
        spread(report.recover()).ifPresent(text -> facts.add(new Fact("Time to recover", text)));
        if (!report.handsOff().isEmpty()) {
            facts.add(new Fact("Hands off", Prose.of(handsOff(report.handsOff()))));
        }
        return facts;
    }

    private static Optional<Prose> spread(Spread spread) {
        return spread.median()
                .map(median -> Prose.of("%s in the median, %s at most (%s)"
                        .formatted(
                                Words.lasting(median),
                                Words.lasting(spread.longest().orElse(median)),
                                Words.count(spread.count(), "incident"))));
    }

    /** The rows of {@code docs/how-it-decides.md}, most frequent first. */
    private static String handsOff(Map<String, Integer> rows) {
        var shown = rows.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(ROWS)
                .map(row -> row.getKey() + " " + row.getValue())
                .collect(Collectors.joining(", "));
        return rows.size() > ROWS ? shown + " and %d more reasons".formatted(rows.size() - ROWS) : shown;
    }
}
