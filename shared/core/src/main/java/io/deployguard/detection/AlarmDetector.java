package io.deployguard.detection;

import io.deployguard.event.GuardEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * An alarm on the service, by its ECS dimensions or its target group, went off while a deployment was under way or within an hour after it:
 * later than that, the release is no longer the first suspect. An alarm whose actions are muted says nothing.
 */
final class AlarmDetector implements Detector {

    /** After it began, a deployment stays the first suspect for so long. */
    static final Duration SUSPECT = Duration.ofHours(1);

    @Override
    public Optional<Detection.Alarm> detect(Observation observation, DetectionSettings settings) {
        return observation
                .event()
                .filter(GuardEvent.AlarmStateChange.class::isInstance)
                .map(GuardEvent.AlarmStateChange.class::cast)
                .filter(alarm -> alarm.isOn() && !alarm.muted())
                .filter(alarm -> observation
                        .look()
                        .filter(look -> isYoung(look.startedAt(), alarm.at()))
                        .isPresent())
                .map(alarm -> new Detection.Alarm(
                        observation.service(), observation.deployment(), alarm.at(), alarm.name(), inWords(alarm)));
    }

    private static boolean isYoung(Instant startedAt, Instant now) {
        return !startedAt.isAfter(now) && startedAt.plus(SUSPECT).isAfter(now);
    }

    private static String inWords(GuardEvent.AlarmStateChange alarm) {
        return "alarm " + alarm.name() + " went off" + (alarm.reason().isBlank() ? "" : ": " + alarm.reason());
    }
}
