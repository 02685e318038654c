package io.deployguard.classification;

import java.util.regex.Pattern;

/** Public name of a root cause, such as {@code migration-conflict}: used in alerts, metrics, policies and the corpus. */
public record CauseId(String value) {

    private static final Pattern KEBAB = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");

    /** The evidence does not tell. */
    public static final CauseId UNKNOWN = new CauseId("unknown");

    /** Scale-in, replacement, a person's stop: nothing is wrong. */
    public static final CauseId NOT_A_FAILURE = new CauseId("not-a-failure");

    /** Tasks and targets are healthy, and no request reaches them. */
    public static final CauseId LISTENER_MISROUTED = new CauseId("listener-misrouted");

    public CauseId {
        if (!KEBAB.matcher(value).matches()) {
            throw new IllegalArgumentException("cause id: expected kebab-case such as schema-missing, got " + value);
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
