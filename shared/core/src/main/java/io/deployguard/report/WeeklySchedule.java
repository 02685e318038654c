package io.deployguard.report;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.Locale;

/** Day and time of every week, in UTC. */
public record WeeklySchedule(DayOfWeek day, LocalTime time) {

    /**
     * The schedule in a text such as {@code monday 09:00}.
     *
     * @throws IllegalArgumentException when it is another text
     */
    public static WeeklySchedule parse(String text) {
        var parts = text.strip().split(" +", -1);
        if (parts.length != 2) {
            throw new IllegalArgumentException(text);
        }
        try {
            return new WeeklySchedule(DayOfWeek.valueOf(parts[0].toUpperCase(Locale.ROOT)), LocalTime.parse(parts[1]));
        } catch (DateTimeParseException noTime) {
            throw new IllegalArgumentException(text, noTime);
        }
    }

    /** When it was last time. */
    public Instant lastAt(Instant now) {
        var today = now.atOffset(ZoneOffset.UTC);
        var thisWeeks =
                today.with(TemporalAdjusters.previousOrSame(day)).with(time).truncatedTo(ChronoUnit.SECONDS);
        return (thisWeeks.isAfter(today) ? thisWeeks.minusWeeks(1) : thisWeeks).toInstant();
    }
}
