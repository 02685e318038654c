package io.deployguard.notification;

import io.deployguard.incident.Incident;
import io.deployguard.incident.Storm;
import io.deployguard.incident.Storm.Member;
import io.deployguard.incident.Storm.State;
import io.deployguard.notification.Notice.Tone;
import io.deployguard.notification.NoticeBlock.Advice;
import io.deployguard.notification.NoticeBlock.Excerpt;
import io.deployguard.notification.NoticeBlock.Fact;
import io.deployguard.notification.NoticeBlock.Facts;
import io.deployguard.notification.NoticeBlock.Footer;
import io.deployguard.notification.NoticeBlock.Link;
import io.deployguard.notification.NoticeBlock.Links;
import io.deployguard.notification.NoticeBlock.Summary;
import io.deployguard.notification.NoticeBlock.Timeline;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Says in words what a storm is: how many services, what they have in common, and that the guard keeps its hands off. */
public final class StormComposer {

    private static final int HEADLINE = 120;
    private static final int NAMES = 20;
    private static final int CAUSES = 4;
    private static final int CAUSE = 80;

    private StormComposer() {}

    /**
     * The message as it should read now.
     *
     * @param leader whose message it is; its revision counts
     */
    public static Notice compose(Storm storm, Incident leader) {
        var all = storm.members().size() + storm.uncounted();
        var causes = causes(storm);
        var blocks = new ArrayList<NoticeBlock>();
        blocks.add(new Summary(
                storm.isOver() ? "No action needed" : "Action needed",
                state(storm, all),
                Optional.of(shared(causes, all))));
        blocks.add(new Facts(List.of(
                new Fact("Services", Prose.ofStrong(String.valueOf(all))),
                new Fact("Still failing", Prose.of(String.valueOf(storm.failing() + storm.uncounted()))),
                new Fact("Account", Prose.of(storm.place().replace("/", " in "))),
                new Fact("Began", Prose.EMPTY.time(storm.beganAt())))));
        blocks.add(new NoticeBlock.Evidence(List.of(names(storm, all))));
        if (!storm.isOver()) {
            blocks.add(new Advice(
                    "What to do",
                    List.of(
                            Prose.of(
                                    "Look for what these services share: a database, a network path, a role, a base image, a deployment of many at once."),
                            Prose.of(
                                    "Each has its own incident with evidence; the guard acts on none of them by itself.")),
                    List.of()));
        }
        blocks.add(
                new Links(List.of(new Link("service", "Open First Service", ConsoleLinks.service(leader.service())))));
        blocks.add(new Timeline(moments(storm)));
        blocks.add(new Footer(List.of(Prose.of("Incident " + storm.leader() + " and " + (all - 1) + " others"))));
        return new Notice(
                leader.id(),
                leader.revision(),
                storm.isOver() ? Tone.RESOLVED : Tone.OPEN,
                "%s in account %s: %s"
                        .formatted(
                                storm.isOver() ? "Storm over" : "Storm: " + all + " services fail together",
                                storm.place().replace("/", ", "),
                                storm.isOver()
                                        ? "%d services had failed together.".formatted(all)
                                        : "the guard pauses automatic action; look for what they share."),
                Cut.toWord(
                        HEADLINE,
                        storm.isOver()
                                ? "Storm over: %d services had failed together".formatted(all)
                                : "Storm: %d services fail together%s".formatted(all, inHeadline(causes))),
                blocks);
    }

    private static Prose state(Storm storm, int all) {
        if (!storm.isOver()) {
            return Prose.of(
                    "So many at once point to something they share. The guard pauses automatic action in this account and region and changes nothing; it tells of all of them here.");
        }
        var failing = storm.failing() + storm.uncounted();
        return failing == 0
                ? Prose.of(
                        "All %d services are well again or have been superseded. The guard changed nothing after the storm began."
                                .formatted(all))
                : Prose.of("%d of %d services still fail; from now on each is told by itself.".formatted(failing, all));
    }

    private static Prose shared(List<Map.Entry<String, Long>> causes, int all) {
        if (causes.isEmpty()) {
            return Prose.of("Nothing is known of the causes yet.");
        }
        return Prose.of(causes.stream()
                .limit(CAUSES)
                .map(cause -> "%d of %d: %s".formatted(cause.getValue(), all, Cut.toWord(CAUSE, cause.getKey())))
                .collect(Collectors.joining("; ")));
    }

    private static String inHeadline(List<Map.Entry<String, Long>> causes) {
        return causes.isEmpty() ? "" : ", most with " + causes.getFirst().getKey();
    }

    /** Most frequent first. */
    private static List<Map.Entry<String, Long>> causes(Storm storm) {
        var counted = storm.members().stream()
                .flatMap(member -> member.cause().stream())
                .map(cause -> cause.contains(" (") ? cause.substring(0, cause.indexOf(" (")) : cause)
                .collect(Collectors.groupingBy(cause -> cause, TreeMap::new, Collectors.counting()));
        return counted.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder()))
                .toList();
    }

    private static Excerpt names(Storm storm, int all) {
        var failingFirst = Stream.concat(
                storm.members().stream().filter(member -> member.state() == State.FAILING),
                storm.members().stream().filter(member -> member.state() == State.OVER));
        return new Excerpt(
                "Services", failingFirst.limit(NAMES).map(StormComposer::line).toList(), Math.max(0, all - NAMES));
    }

    private static String line(Member member) {
        return "%s%s%s"
                .formatted(
                        member.service(),
                        member.cause()
                                .map(cause -> ": " + Cut.toWord(CAUSE, cause))
                                .orElse(""),
                        member.state() == State.OVER ? " (over)" : "");
    }

    private static List<NoticeBlock.Moment> moments(Storm storm) {
        var moments = new ArrayList<NoticeBlock.Moment>();
        moments.add(new NoticeBlock.Moment(storm.beganAt(), Prose.of("The first service failed")));
        moments.add(new NoticeBlock.Moment(storm.lastAt(), Prose.of("The last one joined")));
        storm.endedAt()
                .map(at -> new NoticeBlock.Moment(at, Prose.of("The storm was over")))
                .ifPresent(moments::add);
        return moments;
    }
}
