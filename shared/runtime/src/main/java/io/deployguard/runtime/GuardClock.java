package io.deployguard.runtime;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The guard's clock: the system's, or in a simulation one that began elsewhere and runs faster.
 *
 * <p>A simulated clock is written {@code <origin>@<wall origin>x<speed>}, both origins in milliseconds since 1970: the time is the origin plus the
 * wall time that has passed since the wall origin, times the speed. Thread-safe.
 */
public final class GuardClock implements InstantSource {

    private static final Pattern SIMULATED = Pattern.compile("(-?\\d{1,18})@(-?\\d{1,18})x(\\d+(?:\\.\\d+)?)");

    private final Clock wall;
    private final Instant origin;
    private final Instant wallOrigin;
    private final double speed;

    private GuardClock(Clock wall, Instant origin, Instant wallOrigin, double speed) {
        this.wall = wall;
        this.origin = origin;
        this.wallOrigin = wallOrigin;
        this.speed = speed;
    }

    /** The system's clock. */
    public static GuardClock system() {
        return new GuardClock(Clock.systemUTC(), Instant.EPOCH, Instant.EPOCH, 1);
    }

    /**
     * The clock that the text describes, the system's when there is none.
     *
     * @throws IllegalArgumentException when the text has another form
     */
    public static GuardClock parse(Optional<String> text) {
        return text.map(given -> parse(given, Clock.systemUTC())).orElseGet(GuardClock::system);
    }

    static GuardClock parse(String text, Clock wall) {
        var matcher = SIMULATED.matcher(text);
        if (!matcher.matches() || Double.parseDouble(matcher.group(3)) <= 0) {
            throw new IllegalArgumentException(
                    "expected <origin millis>@<wall origin millis>x<speed above 0>, got " + text);
        }
        return new GuardClock(
                wall,
                Instant.ofEpochMilli(Long.parseLong(matcher.group(1))),
                Instant.ofEpochMilli(Long.parseLong(matcher.group(2))),
                Double.parseDouble(matcher.group(3)));
    }

    @Override
    public Instant instant() {
        return origin.plus(scaled(Duration.between(wallOrigin, wall.instant()), speed));
    }

    /** The moment of this clock at which that much wall time will have passed. */
    public Instant after(Duration wallTime) {
        return instant().plus(scaled(wallTime, speed));
    }

    /**
     * Waits until that much of this clock's time has passed.
     *
     * @throws InterruptedException when the thread is interrupted meanwhile
     */
    public void pause(Duration duration) throws InterruptedException {
        Thread.sleep(scaled(duration, 1 / speed));
    }

    private static Duration scaled(Duration duration, double factor) {
        return factor == 1 ? duration : Duration.ofNanos(Math.round(duration.toNanos() * factor));
    }
}
