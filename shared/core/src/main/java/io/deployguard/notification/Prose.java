package io.deployguard.notification;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * One paragraph with a little emphasis and with moments in it. None of its text is markup, whoever wrote it: a channel shows every character as
 * it stands and chooses how bold, code and a moment look.
 */
public record Prose(List<Span> spans) {

    private static final DateTimeFormatter UTC = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    public static final Prose EMPTY = new Prose(List.of());

    public Prose {
        spans = List.copyOf(spans);
    }

    public static Prose of(String text) {
        return EMPTY.text(text);
    }

    public static Prose ofStrong(String text) {
        return EMPTY.strong(text);
    }

    public Prose text(String more) {
        return more.isEmpty() ? this : plus(new Span.Text(more));
    }

    public Prose strong(String more) {
        return more.isEmpty() ? this : plus(new Span.Strong(more));
    }

    /** A name that people look for or type. */
    public Prose code(String more) {
        return more.isEmpty() ? this : plus(new Span.Code(more));
    }

    /** A moment, which a channel shows in the reader's own time zone where it can. */
    public Prose time(Instant at) {
        return plus(new Span.Time(at));
    }

    public Prose and(Prose more) {
        var joined = new ArrayList<>(spans);
        joined.addAll(more.spans);
        return new Prose(joined);
    }

    public boolean isEmpty() {
        return spans.isEmpty();
    }

    /** The same without emphasis, moments in UTC. */
    public String plain() {
        return spans.stream()
                .map(span -> switch (span) {
                    case Span.Text(var text) -> text;
                    case Span.Strong(var text) -> text;
                    case Span.Code(var text) -> text;
                    case Span.Time(var at) -> utc(at);
                })
                .collect(Collectors.joining());
    }

    /** A moment for channels that know no time zones: {@code 2025-11-08 03:39:44 UTC}. */
    public static String utc(Instant at) {
        return UTC.format(at);
    }

    @Override
    public String toString() {
        return plain();
    }

    private Prose plus(Span span) {
        var longer = new ArrayList<>(spans);
        longer.add(span);
        return new Prose(longer);
    }

    /** A piece of a paragraph. */
    public sealed interface Span {

        record Text(String text) implements Span {}

        record Strong(String text) implements Span {}

        record Code(String text) implements Span {}

        record Time(Instant at) implements Span {}
    }
}
