package io.deployguard.simulation.lab;

import io.deployguard.evidence.LineCleaner;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Slack's {@code mrkdwn} as HTML, and as plain text.
 *
 * <p>Whatever the text holds, the HTML holds no tag, attribute or address that is not made here: text is unescaped as Slack does it and
 * escaped for HTML once, and only web and mail addresses become links.
 *
 * @see <a href="https://docs.slack.dev/messaging/formatting-message-text/">Formatting message text</a>
 */
final class MrkdwnHtml {
    private static final Pattern MARK = Pattern.compile("""
            ```(?<fence>.+?)```\
            |`(?<code>[^`\\n]+)`\
            |<(?<angle>[^<>\\n]+)>\
            |(?<![\\w*])\\*(?<bold>[^*\\s][^*\\n]*)\\*(?![\\w*])\
            |(?<![\\w_])_(?<italic>[^_\\s][^_\\n]*)_(?![\\w_])\
            |(?<![\\w~])~(?<strike>[^~\\s][^~\\n]*)~(?![\\w~])\
            """, Pattern.DOTALL);

    private static final Pattern DATE =
            Pattern.compile("!date\\^(?<unix>\\d{1,11})\\^(?<format>[^|^]*)(?:\\^[^|]*)?(?:\\|.*)?");
    private static final Pattern DATE_TOKEN = Pattern.compile("\\{(\\w+)}");
    private static final Map<String, DateTimeFormatter> DATE_FORMATS = Map.of(
            "date_num", utc("yyyy-MM-dd"),
            "date", utc("MMMM d, yyyy"),
            "date_pretty", utc("MMMM d, yyyy"),
            "date_short", utc("MMM d, yyyy"),
            "date_short_pretty", utc("MMM d, yyyy"),
            "date_long", utc("EEEE, MMMM d, yyyy"),
            "date_long_pretty", utc("EEEE, MMMM d, yyyy"),
            "time", utc("HH:mm"),
            "time_secs", utc("HH:mm:ss"));

    private MrkdwnHtml() {}

    /** Text that Slack formats. */
    static String render(String mrkdwn) {
        return mrkdwn.contains("```")
                ? inline(mrkdwn)
                : mrkdwn.lines().map(MrkdwnHtml::line).collect(Collectors.joining("<br>"));
    }

    /** Text that Slack shows as it is, without what would turn the page's own text round. */
    static String escape(String text) {
        return Arrays.stream(text.split("\n", -1))
                .map(LineCleaner::clean)
                .collect(Collectors.joining("\n"))
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    /** The same text without marks, for comparing. */
    static String plain(String mrkdwn) {
        return unescape(withoutMarks(mrkdwn));
    }

    private static String withoutMarks(String mrkdwn) {
        var text = new StringBuilder();
        var matcher = MARK.matcher(mrkdwn);
        while (matcher.find()) {
            matcher.appendReplacement(text, Matcher.quoteReplacement(plainMark(matcher)));
        }
        return matcher.appendTail(text).toString();
    }

    /** The address, when a click on it may be allowed, escaped; else nothing. */
    static String address(String url) {
        return url.matches("(?i)(https?://|mailto:)[^\\s]+") ? escape(url) : "";
    }

    static String link(String url, String labelHtml) {
        var address = address(url);
        return address.isEmpty()
                ? labelHtml
                : "<a href=\"%s\" rel=\"noopener noreferrer\" target=\"_blank\">%s</a>".formatted(address, labelHtml);
    }

    private static String line(String line) {
        for (var mark : new String[] {"&gt;", ">"}) {
            if (line.startsWith(mark)) {
                return "<blockquote>%s</blockquote>"
                        .formatted(inline(line.substring(mark.length()).strip()));
            }
        }
        return inline(line);
    }

    private static String inline(String text) {
        var html = new StringBuilder();
        var matcher = MARK.matcher(text);
        var end = 0;
        while (matcher.find()) {
            html.append(literal(text.substring(end, matcher.start()))).append(mark(matcher));
            end = matcher.end();
        }
        return html.append(literal(text.substring(end))).toString();
    }

    private static String mark(Matcher found) {
        if (found.group("fence") != null) {
            return "<pre>%s</pre>"
                    .formatted(escape(unescape(found.group("fence").strip())));
        }
        if (found.group("code") != null) {
            return "<code>%s</code>".formatted(escape(unescape(found.group("code"))));
        }
        if (found.group("angle") != null) {
            return angle(found.group("angle"));
        }
        if (found.group("bold") != null) {
            return "<b>%s</b>".formatted(inline(found.group("bold")));
        }
        return found.group("italic") != null
                ? "<i>%s</i>".formatted(inline(found.group("italic")))
                : "<s>%s</s>".formatted(inline(found.group("strike")));
    }

    private static String plainMark(Matcher found) {
        for (var group : new String[] {"fence", "code"}) {
            if (found.group(group) != null) {
                return found.group(group);
            }
        }
        if (found.group("angle") != null) {
            return angleText(found.group("angle"));
        }
        for (var group : new String[] {"bold", "italic", "strike"}) {
            if (found.group(group) != null) {
                return withoutMarks(found.group(group));
            }
        }
        return found.group();
    }

    /** What stands between angle brackets: a mention, a date, or a link. */
    private static String angle(String inner) {
        var label = literal(angleText(inner));
        return switch (inner.charAt(0)) {
            case '@', '#' -> "<span class=\"mention\">%s</span>".formatted(label);
            case '!' -> inner.startsWith("!date^") ? label : "<span class=\"mention\">%s</span>".formatted(label);
            default -> link(unescape(inner.split("\\|", 2)[0]), label);
        };
    }

    private static String angleText(String inner) {
        var date = DATE.matcher(inner);
        if (date.matches()) {
            return date(Instant.ofEpochSecond(Long.parseLong(date.group("unix"))), date.group("format"));
        }
        var parts = inner.split("\\|", 2);
        if (parts.length == 2) {
            return parts[1];
        }
        return inner.startsWith("!") ? "@" + inner.substring(1) : inner;
    }

    private static String date(Instant moment, String format) {
        var text = DATE_TOKEN.matcher(format).replaceAll(token -> {
            var known = DATE_FORMATS.get(token.group(1));
            return Matcher.quoteReplacement(known == null ? token.group() : known.format(moment));
        });
        return format.contains("{time") ? text + " UTC" : text;
    }

    private static DateTimeFormatter utc(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.US).withZone(ZoneOffset.UTC);
    }

    private static String literal(String text) {
        return escape(unescape(text)).replace("\n", "<br>");
    }

    // The ampersand last, so that an escaped entity comes out as that entity.
    private static String unescape(String text) {
        return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    }
}
