package io.deployguard.simulation.account;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The time of a simulated account: either it runs, faster or slower than the wall, or a test moves it by hand.
 *
 * <p>Both kinds may be read by any number of threads.
 */
public abstract sealed class SimulatedClock extends Clock {
    /** The environment variable by which a parent hands {@link #describe()} to a child process. */
    public static final String ENVIRONMENT_VARIABLE = "DEPLOY_GUARD_CLOCK";

    private static final Pattern DESCRIPTION =
            Pattern.compile("(-?\\d{1,15})@(-?\\d{1,15})x(\\d{1,9}(?:\\.\\d{1,9})?)");

    private SimulatedClock() {}

    /**
     * A clock that shows {@code origin} now and then runs.
     *
     * @param speed simulated seconds per second of the wall, above 0
     */
    public static Running startingAt(Instant origin, double speed) {
        return new Running(origin, Instant.now(), speed);
    }

    /** A clock that stands still until {@link Manual#advance} moves it. */
    public static Manual manual(Instant origin) {
        return new Manual(origin);
    }

    /**
     * The running clock that another process described.
     *
     * @param description {@code <simulatedOriginEpochMillis>@<wallOriginEpochMillis>x<speed>}, e.g. {@code 1770109200000@1795224114000x60.0}
     * @throws IllegalArgumentException when the text has another form, or speed 0
     */
    public static Running parse(String description) {
        var matcher = DESCRIPTION.matcher(description);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "clock '%s': expected <simulatedOriginEpochMillis>@<wallOriginEpochMillis>x<speed>"
                            .formatted(description));
        }
        return new Running(
                Instant.ofEpochMilli(Long.parseLong(matcher.group(1))),
                Instant.ofEpochMilli(Long.parseLong(matcher.group(2))),
                Double.parseDouble(matcher.group(3)));
    }

    /** This clock as the text that {@link #parse} reads. */
    public abstract String describe();

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    /** The same instants, told in another zone. */
    @Override
    public Clock withZone(ZoneId zone) {
        var source = this;
        return new Clock() {
            @Override
            public ZoneId getZone() {
                return zone;
            }

            @Override
            public Clock withZone(ZoneId other) {
                return source.withZone(other);
            }

            @Override
            public Instant instant() {
                return source.instant();
            }
        };
    }

    /** A clock that runs by itself. */
    public static final class Running extends SimulatedClock {
        private final Instant origin;
        private final Instant wallOrigin;
        private final double speed;

        private Running(Instant origin, Instant wallOrigin, double speed) {
            if (speed <= 0) {
                throw new IllegalArgumentException(
                        "clock speed " + speed + ": must be above 0; SimulatedClock.manual stands still");
            }
            this.origin = Instant.ofEpochMilli(origin.toEpochMilli());
            this.wallOrigin = Instant.ofEpochMilli(wallOrigin.toEpochMilli());
            this.speed = speed;
        }

        @Override
        public Instant instant() {
            return origin.plusNanos(
                    Math.round(Duration.between(wallOrigin, Instant.now()).toNanos() * speed));
        }

        /** How long somebody must sleep until this clock shows {@code moment}; zero when it is past. */
        public Duration wallTimeUntil(Instant moment) {
            var simulated = Duration.between(instant(), moment);
            return simulated.isNegative()
                    ? Duration.ZERO
                    : Duration.ofNanos((long) Math.ceil(simulated.toNanos() / speed));
        }

        @Override
        public String describe() {
            return origin.toEpochMilli() + "@" + wallOrigin.toEpochMilli() + "x" + speed;
        }
    }

    /** A clock that is moved by hand, and that stops on its way at everything that falls due. */
    public static final class Manual extends SimulatedClock {
        private final List<Agenda> agendas = new ArrayList<>();
        private volatile Instant now;

        private Manual(Instant origin) {
            this.now = origin;
        }

        @Override
        public Instant instant() {
            return now;
        }

        /** Moves on by {@code step}; what falls due runs in the caller's thread, each at its own instant. */
        public synchronized void advance(Duration step) {
            var target = now.plus(step);
            for (var next = nextDue(target); next.isBefore(target); next = nextDue(target)) {
                showAndRun(next);
            }
            showAndRun(target);
        }

        /** Told as a clock that runs at wall speed from now on: a child process cannot be moved by hand. */
        @Override
        public String describe() {
            return now.toEpochMilli() + "@" + Instant.now().toEpochMilli() + "x1.0";
        }

        synchronized void drive(Agenda agenda) {
            agendas.add(agenda);
        }

        private Instant nextDue(Instant latest) {
            return agendas.stream()
                    .flatMap(agenda -> agenda.nextDue().stream())
                    .min(Instant::compareTo)
                    .filter(latest::isAfter)
                    .orElse(latest);
        }

        private void showAndRun(Instant moment) {
            now = moment.isAfter(now) ? moment : now;
            agendas.forEach(Agenda::runDue);
        }
    }
}
