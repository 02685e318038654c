package io.deployguard.pipeline;

import io.deployguard.decision.ActionBudget;
import io.deployguard.decision.Mode;
import io.deployguard.decision.ModeSettings;
import io.deployguard.detection.DetectionSettings;
import io.deployguard.incident.RecoveryCheck;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * How this installation behaves.
 *
 * @param modes for services and causes
 * @param budget of what the guard may do by itself
 * @param channels on which incidents are told, in order
 * @param lookAgainAfter when logs are read again while the cause is not sure, one entry per further look
 * @param lease how long an actor may hold a service
 * @param askFor how long a person may take to agree
 * @param remedies ids of the actions that services may opt in to
 */
public record GuardSettings(
        ModeSettings modes,
        ActionBudget budget,
        DetectionSettings detection,
        RecoveryCheck recovery,
        List<String> channels,
        List<Duration> lookAgainAfter,
        Duration lease,
        Duration askFor,
        Set<String> remedies) {

    /** Observe; read again after 15 and 45 seconds; ask for 30 minutes. */
    public static final GuardSettings DEFAULT = new GuardSettings(
            ModeSettings.of(Mode.OBSERVE),
            ActionBudget.DEFAULT,
            DetectionSettings.DEFAULT,
            RecoveryCheck.DEFAULT,
            List.of(),
            List.of(Duration.ofSeconds(15), Duration.ofSeconds(45)),
            Duration.ofMinutes(2),
            Duration.ofMinutes(30),
            Set.of());

    public GuardSettings {
        channels = List.copyOf(channels);
        lookAgainAfter = List.copyOf(lookAgainAfter);
        remedies = Set.copyOf(remedies);
    }

    /** The mode of services that carry no tag {@value Mode#TAG}, whatever the cause. */
    public Mode mode() {
        return modes.otherwise();
    }

    public GuardSettings withChannels(List<String> names) {
        return new GuardSettings(modes, budget, detection, recovery, names, lookAgainAfter, lease, askFor, remedies);
    }

    public GuardSettings withMode(Mode other) {
        return withModes(ModeSettings.of(other));
    }

    public GuardSettings withModes(ModeSettings other) {
        return new GuardSettings(other, budget, detection, recovery, channels, lookAgainAfter, lease, askFor, remedies);
    }

    public GuardSettings withBudget(ActionBudget other) {
        return new GuardSettings(modes, other, detection, recovery, channels, lookAgainAfter, lease, askFor, remedies);
    }

    public GuardSettings withRemedies(Set<String> ids) {
        return new GuardSettings(modes, budget, detection, recovery, channels, lookAgainAfter, lease, askFor, ids);
    }
}
