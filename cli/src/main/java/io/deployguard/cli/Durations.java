package io.deployguard.cli;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Durations as the settings write them: {@code 90s}, {@code 15m}, {@code 2h}, {@code 30d}, or ISO-8601. */
final class Durations implements ITypeConverter<Duration> {

    @Override
    public Duration convert(String text) {
        var iso = text.matches("\\d+[smhd]") ? (text.endsWith("d") ? "P" : "PT") + text : text;
        try {
            var duration = Duration.parse(iso);
            if (!duration.isNegative()) {
                return duration;
            }
        } catch (DateTimeParseException notIso) {
            // Said below.
        }
        throw new TypeConversionException("expected a duration such as 90s, 15m, 2h or 30d, got " + text);
    }
}
