package io.deployguard.notification;

import io.deployguard.detection.StopJudgement;
import io.deployguard.ecs.Accounts;
import io.deployguard.ecs.ServiceRef;
import io.deployguard.incident.Incident;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Small helpers of plain English. Whatever they are given, they answer with one line. */
public final class Words {

    /** First words of a title that stay capital after a colon. */
    private static final Set<String> PROPER_NAMES = Set.of(
            "Amazon",
            "Alembic",
            "Django",
            "Docker",
            "Fargate",
            "Flyway",
            "Java",
            "Knex",
            "Linux",
            "Liquibase",
            "Node",
            "Prisma",
            "Python",
            "Rails",
            "Ruby",
            "Slack");

    private static final List<String> ORDINALS =
            List.of("", "First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth");

    private static final Pattern ORDINARY_WORD = Pattern.compile("\\p{Lu}?\\p{Ll}*");

    /** Longest name of a service or cluster that is shown whole. */
    private static final int NAME = 48;

    /** Longest name of an account that is shown whole. */
    private static final int ACCOUNT = 24;

    private Words() {}

    /** What kind of trouble it is, by the most telling sign. */
    static String kindOf(Incident incident) {
        for (var known : List.of(
                "restart-loop",
                "impaired-start",
                "silence",
                "failed-deployment",
                Incident.Sign.UNREACHABLE,
                Incident.Sign.ALARM,
                Incident.Sign.UNCHANGED,
                "suspicious-stop")) {
            if (incident.signs().stream().anyMatch(sign -> sign.kind().equals(known))) {
                return switch (known) {
                    case "restart-loop" -> onlyChecksFail(incident) ? "Failing health checks" : "Crash loop";
                    case "impaired-start" -> "Tasks cannot start";
                    case "silence" -> "Stuck deployment";
                    case "failed-deployment" -> "Failed deployment";
                    case Incident.Sign.UNREACHABLE -> "Unreachable release";
                    case Incident.Sign.ALARM -> "Alarm after a release";
                    case Incident.Sign.UNCHANGED -> "Release without effect";
                    default -> "Failing task";
                };
            }
        }
        return "Failing deployment";
    }

    /** The tasks run, and are ended for the checks that they fail: nothing crashes. */
    private static boolean onlyChecksFail(Incident incident) {
        return incident.signs().stream()
                .filter(sign ->
                        sign.kind().equals("restart-loop") || sign.kind().equals("suspicious-stop"))
                .allMatch(sign -> sign.what().endsWith(StopJudgement.HEALTH_CHECKS));
    }

    /** {@code checkout (prod)}; with the account and region, {@code checkout (prod, shop-live eu-west-1)}, where the guard looks after several. */
    static String place(ServiceRef service, Accounts accounts) {
        return accounts.areSeveral()
                ? "%s (%s, %s %s)"
                        .formatted(
                                Cut.to(NAME, service.name()),
                                Cut.to(NAME, service.cluster()),
                                Cut.to(ACCOUNT, accounts.nameOf(service.account())),
                                service.region())
                : "%s (%s)".formatted(Cut.to(NAME, service.name()), Cut.to(NAME, service.cluster()));
    }

    /** One sentence with a full stop, on one line. */
    static String sentence(String text) {
        var line = clause(text);
        if (line.isEmpty()) {
            return line;
        }
        var first = line.split(" ", 2)[0];
        var capital = ORDINARY_WORD.matcher(first).matches()
                ? line.substring(0, 1).toUpperCase(Locale.ROOT) + line.substring(1)
                : line;
        return switch (capital.charAt(capital.length() - 1)) {
            case '!', '?', '…' -> capital;
            default -> capital + ".";
        };
    }

    /** The sentence without its full stop, to be built into another one. */
    static String clause(String text) {
        var line = text.strip().replaceAll("\\s+", " ");
        return line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
    }

    /** As {@link #clause}, beginning with a small letter where that is right. */
    static String uncapitalized(String text) {
        var line = clause(text);
        var first = line.split("[ ,;:]", 2)[0];
        return line.isEmpty() || !ORDINARY_WORD.matcher(first).matches() || PROPER_NAMES.contains(first)
                ? line
                : line.substring(0, 1).toLowerCase(Locale.ROOT) + line.substring(1);
    }

    /** {@code web:42} of a task definition's ARN. */
    static String shortName(String arn) {
        return arn.substring(arn.lastIndexOf('/') + 1);
    }

    /** Enough of a task's id to find it. */
    static String shortTask(String id) {
        return id.substring(0, id.offsetByCodePoints(0, Math.min(8, id.codePointCount(0, id.length()))));
    }

    /** Never 0 or 100, since nothing is certain. */
    static String percent(double confidence) {
        return Math.clamp(Math.round(confidence * 100), 1, 99) + "%";
    }

    /** {@code 1 task}, {@code 2 tasks}. */
    public static String count(int number, String noun) {
        return "%d %s%s".formatted(number, noun, number == 1 ? "" : "s");
    }

    /** {@code Second}, {@code Third}, {@code 21st}, for the beginning of a sentence. */
    static String ordinal(int number) {
        if (number > 0 && number < ORDINALS.size()) {
            return ORDINALS.get(number);
        }
        var teen = number % 100 >= 11 && number % 100 <= 13;
        return number
                + switch (teen ? 0 : number % 10) {
                    case 1 -> "st";
                    case 2 -> "nd";
                    case 3 -> "rd";
                    default -> "th";
                };
    }

    /** {@code 12 s}, {@code 7 min}, {@code 1 h 5 min}. */
    public static String lasting(Duration duration) {
        var seconds = Math.max(0, duration.toSeconds());
        if (seconds < 120) {
            return seconds + " s";
        }
        var minutes = seconds / 60;
        if (minutes < 60) {
            return minutes + " min";
        }
        var rest = minutes % 60;
        return minutes / 60 + " h" + (rest == 0 ? "" : " " + rest + " min");
    }
}
