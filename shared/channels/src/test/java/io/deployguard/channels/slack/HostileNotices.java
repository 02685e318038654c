package io.deployguard.channels.slack;

import io.deployguard.notification.Notice;
import io.deployguard.notification.NoticeBlock;
import io.deployguard.notification.NoticeBlock.Advice;
import io.deployguard.notification.NoticeBlock.Evidence;
import io.deployguard.notification.NoticeBlock.Excerpt;
import io.deployguard.notification.NoticeBlock.Fact;
import io.deployguard.notification.NoticeBlock.Facts;
import io.deployguard.notification.NoticeBlock.Footer;
import io.deployguard.notification.NoticeBlock.Link;
import io.deployguard.notification.NoticeBlock.Links;
import io.deployguard.notification.NoticeBlock.Moment;
import io.deployguard.notification.NoticeBlock.ShellCommand;
import io.deployguard.notification.NoticeBlock.Summary;
import io.deployguard.notification.NoticeBlock.Timeline;
import io.deployguard.notification.Prose;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;

/** Notices as nobody should write them: huge, empty, full of markup, of characters that hide, and of halves. The same seed gives the same notice. */
final class HostileNotices {

    private static final String[] PIECES = {
        "<!channel>",
        "<!here>",
        "<@U0123>",
        "<https://evil.example|click>",
        "&amp;",
        "&lt;!channel&gt;",
        "&",
        "<",
        ">",
        "😀",
        "👩‍👩‍👧‍👦",
        "\uD83D",
        "\uDE00",
        "\u202Eevil",
        "שלום",
        "مرحبا",
        "\u200B",
        "\u0000",
        "\u001B[31m",
        "\n",
        "\t",
        "\"",
        "\\",
        "```",
        "*b*",
        ":tada:",
        "[redacted]",
        "[redacted:token]",
        "***",
        "é",
        "e\u0301",
        "word ",
        " ",
        "",
        "{date}",
        "'",
        "\uFEFF"
    };

    private final Random random;

    HostileNotices(long seed) {
        this.random = new Random(seed);
    }

    Notice next() {
        var blocks = new ArrayList<NoticeBlock>();
        for (var i = random.nextInt(random.nextInt(8) == 0 ? 40 : 10); i > 0; i--) {
            blocks.add(block());
        }
        return new Notice(
                new UUID(random.nextLong(), random.nextLong()),
                random.nextLong(),
                List.of(Notice.Tone.values()).get(random.nextInt(Notice.Tone.values().length)),
                text(),
                text(),
                blocks);
    }

    private NoticeBlock block() {
        return switch (random.nextInt(7)) {
            case 0 -> new Summary(text(), prose(), random.nextBoolean() ? Optional.of(prose()) : Optional.empty());
            case 1 -> new Facts(some(() -> new Fact(text(), prose())));
            case 2 -> new Evidence(some(() -> new Excerpt(text(), some(this::text), random.nextInt(5))));
            case 3 -> new Advice(text(), some(this::prose), some(() -> new ShellCommand(text(), text())));
            case 4 -> new Links(some(() -> new Link(text(), text(), url())));
            case 5 -> new Timeline(some(() -> new Moment(moment(), prose())));
            default -> new Footer(some(this::prose));
        };
    }

    private Prose prose() {
        var prose = Prose.EMPTY;
        for (var i = random.nextInt(5); i > 0; i--) {
            prose = switch (random.nextInt(4)) {
                case 0 -> prose.strong(text());
                case 1 -> prose.code(text());
                case 2 -> prose.time(moment());
                default -> prose.text(text());
            };
        }
        return prose;
    }

    private String url() {
        return switch (random.nextInt(5)) {
            case 0 -> "javascript:alert(1)";
            case 1 -> "https://eu-west-1.console.aws.amazon.com/" + "x".repeat(random.nextInt(4_000));
            case 2 -> text();
            case 3 -> "https://evil.example/" + text();
            default -> "https://eu-west-1.console.aws.amazon.com/ecs/v2/clusters/c?region=eu-west-1";
        };
    }

    private String text() {
        var length = switch (random.nextInt(10)) {
            case 0 -> 0;
            case 1 -> 3_000;
            case 2 -> 400;
            default -> 12;
        };
        var text = new StringBuilder();
        for (var i = random.nextInt(length + 1); i > 0; i--) {
            text.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return text.toString();
    }

    private Instant moment() {
        return Instant.ofEpochSecond(random.nextInt(Integer.MAX_VALUE));
    }

    private <T> List<T> some(Supplier<T> one) {
        var list = new ArrayList<T>();
        for (var i = random.nextInt(random.nextInt(10) == 0 ? 60 : 8); i > 0; i--) {
            list.add(one.get());
        }
        return list;
    }
}
