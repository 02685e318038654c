package io.deployguard.notification;

import io.deployguard.decision.ActionBudget;
import io.deployguard.ecs.Accounts;
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
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Says in words what a storm is: how many services since when, what they have in common, and for how long the guard keeps its hands off. */
public final class StormComposer {

    private static final int HEADLINE = 120;
    private static final int NAMES = 20;
    private static final int CAUSES = 4;
    private static final int CAUSE = 80;
    private static final int NAME = 120;

    private StormComposer() {}

    /**
     * The message as it should read now.
     *
     * @param leader whose message it is; its revision counts
     * @param accounts that the guard looks after
     */
    public static Notice compose(Storm storm, Incident leader, Accounts accounts) {
        var place = leader.service().place();
        var account = accounts.describe(place.account());
        var all = storm.members().size() + storm.uncounted();
        var causes = counted(storm, member -> member.cause().stream());
        var blocks = new ArrayList<NoticeBlock>();
        blocks.add(new Summary(
                storm.isOver() ? "No action needed" : "Action needed",
                state(storm, all),
                Optional.of(shared(storm, causes, all))));
        blocks.add(new Facts(List.of(
                new Fact("Services", Prose.ofStrong(String.valueOf(all))),
                new Fact("Still failing", Prose.of(String.valueOf(storm.failing() + storm.uncounted()))),
                new Fact("Account", Prose.of(account + " in " + place.region())),
                new Fact("Began", Prose.EMPTY.time(storm.beganAt())))));
        blocks.add(new NoticeBlock.Evidence(List.of(names(storm, all))));
        if (!storm.isOver()) {
            blocks.add(new Advice(
                    "What to do",
                    List.of(
                            Prose.of(
                                    "Look at what these services share first: a database, a network path, a role, a base image, a deployment of many at once."),
                            Prose.of("Each service has an incident of its own with its evidence: ")
                                    .code(GuardCli.LIST)
                                    .text(". One that still fails after the storm is told by itself.")),
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
                                account + ", " + place.region(),
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
            return Prose.of("%d services fail together; the first began at ".formatted(all))
                    .time(storm.beganAt())
                    .text(", the last at ")
                    .time(storm.lastAt())
                    .text(
                            ". So many at once point to something they share, so automatic action pauses in this account and region until ")
                    .time(storm.lastAt().plus(ActionBudget.STORM_PAUSE))
                    .text(", longer if more services join. Until then the guard changes nothing.");
        }
        var failing = storm.failing() + storm.uncounted();
        return failing == 0
                ? Prose.of(
                        "All %d services are well again or have been superseded. The guard changed nothing after the storm began."
                                .formatted(all))
                : Prose.of("%d of %d services still fail; from now on each is told by itself.".formatted(failing, all));
    }

    /** Causes, and whatever else most of them have in common. */
    private static Prose shared(Storm storm, List<Map.Entry<String, Long>> causes, int all) {
        var found = causes.isEmpty()
                ? "Nothing is known of the causes yet."
                : causes.stream()
                        .limit(CAUSES)
                        .map(cause ->
                                Cut.toWord(CAUSE, cause.getKey()) + key(storm, cause) + " in " + share(cause, all))
                        .collect(Collectors.joining("; ", "Cause: ", "."));
        var common = Stream.of(
                        most(
                                "cluster",
                                storm,
                                all,
                                member -> Stream.of(member.service().cluster())),
                        most("subnet", storm, all, member -> member.subnet().stream()),
                        most("image", storm, all, member -> member.images().stream()))
                .flatMap(Optional::stream)
                .toList();
        return Prose.of(common.isEmpty() ? found : found + " Shared: " + String.join(", ", common) + ".");
    }

    private static String share(Map.Entry<String, Long> counted, int all) {
        return counted.getValue() == all ? "all " + all : "%d of %d".formatted(counted.getValue(), all);
    }

    /** The one name that all with the cause have. */
    private static String key(Storm storm, Map.Entry<String, Long> cause) {
        var keys = storm.members().stream()
                .filter(member -> member.cause().filter(cause.getKey()::equals).isPresent())
                .map(Member::key)
                .distinct()
                .toList();
        return keys.size() == 1
                ? keys.getFirst()
                        .map(key -> " (" + Cut.toWord(CAUSE, key) + ")")
                        .orElse("")
                : "";
    }

    /** What more than half of them have. */
    private static Optional<String> most(String label, Storm storm, int all, Function<Member, Stream<String>> values) {
        return counted(storm, values).stream()
                .findFirst()
                .filter(value -> value.getValue() * 2 > all)
                .map(value -> "%s %s (%s)".formatted(label, Cut.toWord(NAME, value.getKey()), share(value, all)));
    }

    private static String inHeadline(List<Map.Entry<String, Long>> causes) {
        return causes.isEmpty() ? "" : ", most with " + causes.getFirst().getKey();
    }

    /** Each value with the number of members that have it, the most frequent first. */
    private static List<Map.Entry<String, Long>> counted(Storm storm, Function<Member, Stream<String>> values) {
        return storm.members().stream()
                .flatMap(member -> values.apply(member).distinct())
                .collect(Collectors.groupingBy(value -> value, TreeMap::new, Collectors.counting()))
                .entrySet()
                .stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder()))
                .toList();
    }

    private static Excerpt names(Storm storm, int all) {
        var failingFirst = Stream.concat(
                storm.members().stream().filter(member -> member.state() != State.OVER),
                storm.members().stream().filter(member -> member.state() == State.OVER));
        return new Excerpt(
                "Services", failingFirst.limit(NAMES).map(StormComposer::line).toList(), Math.max(0, all - NAMES));
    }

    private static String line(Member member) {
        return "%s%s%s%s"
                .formatted(
                        member.service(),
                        member.cause().map(cause -> ": " + cause).orElse(""),
                        member.key()
                                .map(key -> " (" + Cut.toWord(CAUSE, key) + ")")
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
