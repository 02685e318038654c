package io.deployguard.decision;

import java.util.Locale;
import java.util.Optional;

/** How far the guard may go for a service: tag {@value #TAG} on the service, else the settings, else {@link #OBSERVE}. */
public enum Mode {
    /** Says what it would have done. */
    OBSERVE,
    /** A person decides. */
    ASK,
    /** Acts where the decision table allows it. */
    AUTO;

    /** The service tag that chooses. */
    public static final String TAG = "deploy-guard:mode";

    /** Absent for a text that is none of the three. */
    public static Optional<Mode> find(String text) {
        for (var mode : values()) {
            if (mode.name().equals(text.strip().toUpperCase(Locale.ROOT))) {
                return Optional.of(mode);
            }
        }
        return Optional.empty();
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
