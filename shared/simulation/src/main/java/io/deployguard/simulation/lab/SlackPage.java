package io.deployguard.simulation.lab;

import static java.util.stream.Collectors.joining;

import io.deployguard.simulation.lab.RevisionText.Change;
import io.deployguard.simulation.lab.SlackMessage.Revision;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * One channel of {@link SlackStandIn} as a page: each message in all its revisions, in order of time, with what changed.
 *
 * <p>The page stands by itself: no script, no font, no picture, nothing from elsewhere; a policy in its head forbids the browser to load
 * any. It follows the reader's light or dark setting. Times are UTC.
 */
public final class SlackPage {
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss", Locale.US).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("EEEE, MMMM d, yyyy", Locale.US).withZone(ZoneOffset.UTC);

    private SlackPage() {}

    /** Writes the page of a channel, making its folder where there is none, and returns the file. */
    public static Path write(Path file, String channelName, List<SlackMessage> messages) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        return Files.writeString(file, render(channelName, messages));
    }

    /**
     * The page as HTML.
     *
     * @param messages of one channel in the order of posting, replies among them
     */
    public static String render(String channelName, List<SlackMessage> messages) {
        var name = MrkdwnHtml.escape(channelName);
        var revisions = messages.stream()
                .mapToInt(message -> message.revisions().size())
                .sum();
        var threads = messages.stream()
                .filter(message -> parent(message, messages).isEmpty())
                .toList();
        var body = IntStream.range(0, threads.size())
                .mapToObj(index -> dayBefore(index, threads) + message(threads.get(index), messages))
                .collect(joining("\n"));
        return """
                <!doctype html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
                <title>#%s</title>
                <style>
                %s</style>
                </head>
                <body>
                <header class="channel"><h1># %s</h1><p>%s, %s</p></header>
                <main>
                %s
                </main>
                </body>
                </html>
                """.formatted(
                        name,
                        css(),
                        name,
                        counted(messages.size(), "message"),
                        counted(revisions, "revision"),
                        body.isEmpty() ? "<p class=\"empty\">Nobody has written here.</p>" : body);
    }

    private static Optional<SlackMessage> parent(SlackMessage message, List<SlackMessage> messages) {
        return message.threadTs()
                .flatMap(ts ->
                        messages.stream().filter(other -> other.ts().equals(ts)).findFirst());
    }

    /** A heading with the day, unless the message before was posted on the same day. */
    private static String dayBefore(int index, List<SlackMessage> threads) {
        var day = DAY.format(postedAt(threads.get(index)));
        return index > 0 && day.equals(DAY.format(postedAt(threads.get(index - 1))))
                ? ""
                : "<h2><time>%s</time></h2>\n".formatted(day);
    }

    private static Instant postedAt(SlackMessage message) {
        return message.revisions().getFirst().at();
    }

    private static String message(SlackMessage message, List<SlackMessage> messages) {
        var replies = messages.stream()
                .filter(reply -> reply.threadTs().equals(Optional.of(message.ts())))
                .toList();
        var thread = replies.isEmpty()
                ? ""
                : """
                        <section class="thread"><h4>%s in the thread</h4>
                        %s
                        </section>
                        """.formatted(
                                counted(replies.size(), "message"),
                                replies.stream().map(SlackPage::revisions).collect(joining("\n")));
        return """
                <section class="message" id="m%s">
                %s
                %s</section>""".formatted(message.ts().replace('.', '-'), revisions(message), thread);
    }

    private static String revisions(SlackMessage message) {
        var stages = IntStream.range(0, message.revisions().size())
                .mapToObj(index -> stage(message, index))
                .collect(joining("\n"));
        return "<ol class=\"revisions\">\n%s\n</ol>".formatted(stages);
    }

    private static String stage(SlackMessage message, int index) {
        var revision = message.revisions().get(index);
        var before = index == 0
                ? Optional.<Revision>empty()
                : Optional.of(message.revisions().get(index - 1));
        return """
                <li class="revision">
                <p class="stage"><b>%s</b> <time>%s UTC</time> <span>%s</span></p>
                <article>
                <div class="avatar" aria-hidden="true"></div>
                <div class="body">
                <p class="author"><b>%s</b> <span class="app">APP</span> <time>%s</time></p>
                %s</div>
                </article>
                %s%s</li>""".formatted(
                index == 0 ? "Posted" : "Edit " + index,
                CLOCK.format(revision.at()),
                before.map(earlier -> after(postedAt(message), revision.at())).orElse(""),
                MrkdwnHtml.escape(message.author()),
                CLOCK.format(postedAt(message)).substring(0, 5),
                BlockHtml.render(revision, before.map(RevisionText::blocks).orElse(Set.of())),
                notification(revision),
                before.map(earlier -> changes(RevisionText.changes(earlier, revision)))
                        .orElse(""));
    }

    /** The text that notifications show; beside a message without blocks it would say everything twice. */
    private static String notification(Revision revision) {
        return revision.blocks().isEmpty() && revision.attachments().isEmpty()
                ? ""
                : "<p class=\"notification\"><span>Notification</span> %s</p>\n"
                        .formatted(MrkdwnHtml.escape(MrkdwnHtml.plain(revision.text())));
    }

    private static String changes(List<Change> changes) {
        if (changes.isEmpty()) {
            return "<p class=\"changes\">Nothing that people see has changed.</p>\n";
        }
        var lines = changes.stream().map(SlackPage::change).collect(joining("\n"));
        return "<ul class=\"changes\" aria-label=\"What changed\">\n%s\n</ul>\n".formatted(lines);
    }

    private static String change(Change change) {
        return switch (change) {
            case Change.Added(var line) -> "<li><ins>%s</ins></li>".formatted(MrkdwnHtml.escape(line));
            case Change.Removed(var line) -> "<li><del>%s</del></li>".formatted(MrkdwnHtml.escape(line));
        };
    }

    private static String after(Instant first, Instant now) {
        var passed = Duration.between(first, now);
        var seconds = passed.toSecondsPart();
        var minutes = passed.toMinutes();
        return minutes == 0 ? "after %d s".formatted(seconds) : "after %d min %d s".formatted(minutes, seconds);
    }

    private static String counted(int number, String noun) {
        return "%d %s%s".formatted(number, noun, number == 1 ? "" : "s");
    }

    private static String css() {
        try (var resource = SlackPage.class.getResourceAsStream("slack-page.css")) {
            if (resource == null) {
                throw new IllegalStateException("slack-page.css is missing from the class path");
            }
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("read slack-page.css", e);
        }
    }
}
