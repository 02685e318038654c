package io.deployguard.pipeline;

import io.deployguard.decision.Mode;
import io.deployguard.detection.DetectionSettings;
import io.deployguard.incident.RecoveryCheck;
import java.time.Duration;
import java.util.List;

/**
 * How this installation behaves.
 *
 * @param mode of services that carry no tag {@value Mode#TAG}
 * @param channels on which incidents are told, in order
 * @param lookAgainAfter when logs are read again while the cause is not sure, one entry per further look
 * @param lease how long an actor may hold a service
 */
public record GuardSettings(
        Mode mode,
        DetectionSettings detection,
        RecoveryCheck recovery,
        List<String> channels,
        List<Duration> lookAgainAfter,
        Duration lease) {

    /** Observe; read again after 15 and 45 seconds. */
    public static final GuardSettings DEFAULT = new GuardSettings(
            Mode.OBSERVE,
            DetectionSettings.DEFAULT,
            RecoveryCheck.DEFAULT,
            List.of(),
            List.of(Duration.ofSeconds(15), Duration.ofSeconds(45)),
            Duration.ofMinutes(2));

    public GuardSettings {
        channels = List.copyOf(channels);
        lookAgainAfter = List.copyOf(lookAgainAfter);
    }

    public GuardSettings withChannels(List<String> names) {
        return new GuardSettings(mode, detection, recovery, names, lookAgainAfter, lease);
    }

    public GuardSettings withMode(Mode other) {
        return new GuardSettings(other, detection, recovery, channels, lookAgainAfter, lease);
    }
}
