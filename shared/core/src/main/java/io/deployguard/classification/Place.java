package io.deployguard.classification;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Where a line of evidence stood; a rule says in which places it looks. */
enum Place {
    LOG("log"),
    /** A request that the application logged: its address and agent are a stranger's text. */
    ACCESS_LOG("access log"),
    STOPPED_REASON("stopped reason"),
    /** Free text of the person or program that called StopTask. */
    USER_REASON("stop request"),
    STOP_CODE("stop code"),
    /** {@code exit 137, health UNKNOWN}. */
    EXIT("container"),
    CONTAINER_REASON("container reason"),
    SERVICE_EVENT("service event"),
    /** {@code unhealthy Target.Timeout: Request timed out}. */
    TARGET_REASON("target health"),
    /** What {@link Facts} derived from several pieces of evidence. */
    FACT("fact");

    private final String words;

    Place(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }

    /** The name that rules use: {@code stopped-reason}. */
    String yaml() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Optional<Place> find(String yaml) {
        return Arrays.stream(values())
                .filter(place -> place.yaml().equals(yaml))
                .findFirst();
    }
}
