package io.deployguard.runtime;

import io.deployguard.action.Actions;
import io.deployguard.action.OptIn;
import io.deployguard.aws.endpoint.Networks;
import io.deployguard.classification.CauseId;
import io.deployguard.classification.RuleLocation;
import io.deployguard.decision.ActionBudget;
import io.deployguard.decision.Mode;
import io.deployguard.decision.ModeSettings;
import io.deployguard.detection.DetectionSettings;
import io.deployguard.ecs.Accounts;
import io.deployguard.incident.RecoveryCheck;
import io.deployguard.pipeline.GuardSettings;
import io.deployguard.postgres.Rehearsal;
import io.deployguard.report.WeeklySchedule;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What the environment says, read once when a function starts. Every name begins with {@code DEPLOY_GUARD_}; a value that cannot be read stops the
 * start with the name and what was expected.
 */
public final class RuntimeSettings {

    /** Where the state is: {@code postgres://user:password@host:port/database}, or without a password where IAM decides about the login. */
    public static final String DATABASE_URL = "DEPLOY_GUARD_DATABASE_URL";

    static final String MODE = "DEPLOY_GUARD_MODE";
    static final String MODE_OF_CAUSES = "DEPLOY_GUARD_MODE_OF_CAUSES";
    static final String REMEDIES = "DEPLOY_GUARD_REMEDIES";
    static final String ASK_FOR = "DEPLOY_GUARD_ASK_FOR";
    static final String ACTIONS_PER_HOUR = "DEPLOY_GUARD_ACTIONS_PER_HOUR";
    static final String STORM_SERVICES = "DEPLOY_GUARD_STORM_SERVICES";
    static final String RETENTION = "DEPLOY_GUARD_RETENTION";
    static final String WEEKLY_REPORT = "DEPLOY_GUARD_WEEKLY_REPORT";
    static final String STOPS = "DEPLOY_GUARD_STOPS";
    static final String STOPS_OF_PROVEN = "DEPLOY_GUARD_STOPS_OF_PROVEN";
    static final String STOP_WINDOW = "DEPLOY_GUARD_STOP_WINDOW";
    static final String SILENCE = "DEPLOY_GUARD_SILENCE";
    static final String SOAK = "DEPLOY_GUARD_SOAK";
    static final String HEAL_WITHIN = "DEPLOY_GUARD_HEAL_WITHIN";
    static final String EVENT_QUEUE_URL = "DEPLOY_GUARD_EVENT_QUEUE_URL";
    static final String ACT_QUEUE_URL = "DEPLOY_GUARD_ACT_QUEUE_URL";
    static final String NOTIFY_QUEUE_URL = "DEPLOY_GUARD_NOTIFY_QUEUE_URL";
    static final String RULES = "DEPLOY_GUARD_RULES";
    static final String METRICS = "DEPLOY_GUARD_METRICS";
    static final String CLOCK = "DEPLOY_GUARD_CLOCK";

    /** The account that the functions run in. */
    static final String ACCOUNT = "DEPLOY_GUARD_ACCOUNT";

    /** Further accounts that are looked after, by their roles. */
    static final String SPOKE_ACCOUNTS = "DEPLOY_GUARD_SPOKE_ACCOUNTS";

    static final String SPOKE_EXTERNAL_ID = "DEPLOY_GUARD_SPOKE_EXTERNAL_ID";
    static final String ACCOUNT_NAMES = "DEPLOY_GUARD_ACCOUNT_NAMES";

    /** Private networks in which endpoints of services may be asked. */
    static final String ENDPOINT_NETWORKS = "DEPLOY_GUARD_ENDPOINT_NETWORKS";

    /** For how long SQS can keep an event; a shorter memory could count it twice. */
    private static final Duration LEAST_RETENTION = Duration.ofDays(15);

    private static final Duration USUAL_RETENTION = Duration.ofDays(90);

    /** Nothing of it is real, and nothing of it depends on the process. */
    private static final Map<String, String> REHEARSAL = Map.of(
            DATABASE_URL,
            Rehearsal.URL,
            "AWS_REGION",
            "eu-central-1",
            ACCOUNT,
            "123456789012",
            EVENT_QUEUE_URL,
            "https://sqs.eu-central-1.amazonaws.com/123456789012/events",
            ACT_QUEUE_URL,
            "https://sqs.eu-central-1.amazonaws.com/123456789012/act",
            NOTIFY_QUEUE_URL,
            "https://sqs.eu-central-1.amazonaws.com/123456789012/notify",
            METRICS,
            "rehearsal",
            SlackChannel.CHANNEL,
            "C0000000",
            SlackChannel.TOKEN,
            "rehearsal");

    private final Map<String, String> environment;
    private final boolean rehearsal;

    private RuntimeSettings(Map<String, String> environment, boolean rehearsal) {
        this.environment = Map.copyOf(environment);
        this.rehearsal = rehearsal;
    }

    /** The settings of this process. */
    public static RuntimeSettings ofProcess() {
        return of(System.getenv());
    }

    public static RuntimeSettings of(Map<String, String> environment) {
        return new RuntimeSettings(environment, false);
    }

    /** Settings of a rehearsal: database and AWS answer from inside the process, and everything else is made up. */
    public static RuntimeSettings rehearsal() {
        return new RuntimeSettings(REHEARSAL, true);
    }

    /** Whether nothing may leave the process. */
    boolean isRehearsal() {
        return rehearsal;
    }

    /**
     * How the guard behaves.
     *
     * @throws SettingError when a value cannot be read
     */
    public GuardSettings guard() {
        var detection = DetectionSettings.DEFAULT;
        var recovery = RecoveryCheck.DEFAULT;
        var base = GuardSettings.DEFAULT;
        return new GuardSettings(
                new ModeSettings(
                        read(MODE, "observe, ask or auto", RuntimeSettings::mode, base.mode()),
                        read(
                                MODE_OF_CAUSES,
                                "causes with their modes such as migration-conflict=auto,image-not-found=ask",
                                RuntimeSettings::modesOfCauses,
                                base.modes().ofCauses())),
                checked(
                        ACTIONS_PER_HOUR + ", " + STORM_SERVICES,
                        () -> new ActionBudget(
                                number(ACTIONS_PER_HOUR, base.budget().actionsPerHour()),
                                number(STORM_SERVICES, base.budget().services()),
                                base.budget().window())),
                checked(
                        STOPS + ", " + STOPS_OF_PROVEN,
                        () -> new DetectionSettings(
                                duration(STOP_WINDOW, detection.window()),
                                number(STOPS, detection.stopsOfNew()),
                                number(STOPS_OF_PROVEN, detection.stopsOfProven()),
                                duration(SILENCE, detection.silenceAtLeast()))),
                new RecoveryCheck(duration(SOAK, recovery.soak()), duration(HEAL_WITHIN, recovery.patience())),
                channels(),
                base.lookAgainAfter(),
                base.lease(),
                duration(ASK_FOR, base.askFor()),
                read(
                        REMEDIES,
                        "actions such as run-migration-then-redeploy",
                        RuntimeSettings::remedies,
                        base.remedies()));
    }

    /**
     * How long the guard remembers what is over.
     *
     * @throws SettingError when it is less than 15 days
     */
    public Duration retention() {
        return read(
                RETENTION,
                "a duration of at least 15d",
                text -> Optional.of(parseDuration(text))
                        .filter(duration -> duration.compareTo(LEAST_RETENTION) >= 0)
                        .orElseThrow(IllegalArgumentException::new),
                USUAL_RETENTION);
    }

    /**
     * When a week is told; absent when it is not.
     *
     * @throws SettingError when the text cannot be read
     */
    public Optional<WeeklySchedule> weeklyReport() {
        return read(
                WEEKLY_REPORT,
                "off, or day and time in UTC such as monday 09:00",
                text -> text.equals("off") ? Optional.empty() : Optional.of(WeeklySchedule.parse(text)),
                Optional.empty());
    }

    /** Channels that are configured, by their stable names. */
    public List<String> channels() {
        return ChannelKind.ALL.stream()
                .flatMap(kind -> kind.name(this).stream())
                .toList();
    }

    /**
     * The address of the database.
     *
     * @throws SettingError when it is not set
     */
    public String databaseUrl() {
        return find(DATABASE_URL)
                .orElseThrow(() -> new SettingError(DATABASE_URL, "postgres://user:password@host:port/database", ""));
    }

    /**
     * The clock.
     *
     * @throws SettingError when the text cannot be read
     */
    public GuardClock clock() {
        return read(
                CLOCK,
                "<origin millis>@<wall origin millis>x<speed>",
                text -> GuardClock.parse(Optional.of(text)),
                GuardClock.system());
    }

    /**
     * The accounts that are looked after.
     *
     * @throws SettingError when an id is none, or there are listed accounts and it is not known which is the guard's own
     */
    public Accounts accounts() {
        var own = read(
                ACCOUNT,
                "the id of an account, of twelve digits",
                text -> Optional.of(account(text)),
                Optional.<String>empty());
        var listed = read(
                SPOKE_ACCOUNTS,
                "ids of accounts, of twelve digits each, separated by commas",
                text -> Arrays.stream(text.split(",", -1))
                        .map(id -> account(id.strip()))
                        .collect(Collectors.toSet()),
                Set.<String>of());
        var names = read(
                ACCOUNT_NAMES,
                "ids of accounts with their names such as 123456789012=live,210987654321=test",
                RuntimeSettings::accountNames,
                Map.<String, String>of());
        return checked(ACCOUNT, () -> new Accounts(own, listed, names));
    }

    /**
     * What the roles of listed accounts ask for.
     *
     * @throws SettingError when accounts are listed and it is not set
     */
    public String spokeExternalId() {
        return find(SPOKE_EXTERNAL_ID)
                .or(() -> Optional.of("").filter(_ -> !accounts().areSeveral()))
                .orElseThrow(() -> new SettingError(
                        SPOKE_EXTERNAL_ID, "the external id that the roles of listed accounts ask for", ""));
    }

    /**
     * Where endpoints of services may be asked.
     *
     * @throws SettingError when a range cannot be read
     */
    public Networks endpointNetworks() {
        return read(
                ENDPOINT_NETWORKS,
                "address ranges such as 10.0.0.0/16, separated by blanks or commas",
                Networks::allowing,
                Networks.PUBLIC);
    }

    /**
     * Where the operator keeps rules of their own.
     *
     * @throws SettingError when the text cannot be read
     */
    public Optional<RuleLocation> rules() {
        return read(RULES, RuleLocation.EXPECTED, text -> Optional.of(RuleLocation.parse(text)), Optional.empty());
    }

    /**
     * The region this function runs in, as Lambda sets it.
     *
     * @throws SettingError when it is not set
     */
    public String region() {
        return find("AWS_REGION")
                .or(() -> find("AWS_DEFAULT_REGION"))
                .orElseThrow(() -> new SettingError("AWS_REGION", "a region such as eu-central-1", ""));
    }

    /** The name under which this guard's figures are logged as metrics; without it none are. */
    public Optional<String> metrics() {
        return find(METRICS);
    }

    /** The queue that events come from, where those go back that cannot be handled yet. */
    public Optional<String> eventQueueUrl() {
        return find(EVENT_QUEUE_URL);
    }

    public Optional<String> actQueueUrl() {
        return find(ACT_QUEUE_URL);
    }

    public Optional<String> notifyQueueUrl() {
        return find(NOTIFY_QUEUE_URL);
    }

    /** Any variable of the environment; a blank one counts as absent. */
    public Optional<String> find(String name) {
        return Optional.ofNullable(environment.get(name)).map(String::strip).filter(text -> !text.isEmpty());
    }

    private Duration duration(String name, Duration otherwise) {
        return read(name, "a duration above zero such as 90s, 10m or PT5M", RuntimeSettings::parseDuration, otherwise);
    }

    private int number(String name, int otherwise) {
        return read(name, "a whole number", Integer::parseInt, otherwise);
    }

    private <T> T read(String name, String expected, Function<String, T> parse, T otherwise) {
        var text = find(name);
        if (text.isEmpty()) {
            return otherwise;
        }
        try {
            return parse.apply(text.get());
        } catch (IllegalArgumentException | DateTimeParseException unreadable) {
            throw new SettingError(name, expected, text.get());
        }
    }

    private static <T> T checked(String names, java.util.function.Supplier<T> settings) {
        try {
            return settings.get();
        } catch (IllegalArgumentException contradiction) {
            throw new SettingError(names, String.valueOf(contradiction.getMessage()), "");
        }
    }

    private static String account(String text) {
        if (!text.matches("\\d{12}")) {
            throw new IllegalArgumentException(text);
        }
        return text;
    }

    private static Map<String, String> accountNames(String text) {
        var names = new LinkedHashMap<String, String>();
        for (var entry : text.split(",", -1)) {
            var parts = entry.split("=", -1);
            if (parts.length != 2 || parts[1].isBlank()) {
                throw new IllegalArgumentException(entry);
            }
            names.put(account(parts[0].strip()), parts[1].strip());
        }
        return names;
    }

    private static Mode mode(String text) {
        return Mode.find(text).orElseThrow(IllegalArgumentException::new);
    }

    private static Map<CauseId, Mode> modesOfCauses(String text) {
        var modes = new LinkedHashMap<CauseId, Mode>();
        for (var entry : text.split(",", -1)) {
            var parts = entry.split("=", -1);
            if (parts.length != 2) {
                throw new IllegalArgumentException(entry);
            }
            modes.put(new CauseId(parts[0].strip()), mode(parts[1]));
        }
        return modes;
    }

    /** The template leaves gaps between the commas for what is not wanted. */
    private static Set<String> remedies(String text) {
        var ids = Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .filter(id -> !id.isEmpty())
                .collect(Collectors.toSet());
        if (!ids.stream()
                .allMatch(id -> Actions.find(id).filter(OptIn.class::isInstance).isPresent())) {
            throw new IllegalArgumentException(text);
        }
        return ids;
    }

    private static Duration parseDuration(String text) {
        var iso = text.matches("\\d+[smhd]") ? (text.endsWith("d") ? "P" : "PT") + text : text;
        var duration = Duration.parse(iso);
        if (!duration.isPositive()) {
            throw new IllegalArgumentException(text);
        }
        return duration;
    }

    /** A variable of the environment that is missing or cannot be read. */
    public static final class SettingError extends IllegalArgumentException {
        SettingError(String name, String expected, String given) {
            super(name + ": expected " + expected + (given.isEmpty() ? "" : ", got " + given));
        }
    }
}
