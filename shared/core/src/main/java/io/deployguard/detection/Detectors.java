package io.deployguard.detection;

import io.deployguard.event.GuardEvent;
import java.util.List;
import java.util.Optional;

/** All detectors, the surest first. */
public final class Detectors {

    private static final List<Detector> ALL = List.of(
            new FailedDeploymentDetector(),
            new FailedHookDetector(),
            new RestartLoopDetector(),
            new ImpairedStartDetector(),
            new AlarmDetector(),
            new UnreachableEndpointDetector(),
            new UnchangedImageDetector(),
            new SilenceDetector());

    private Detectors() {}

    public static List<Detector> all() {
        return ALL;
    }

    /** Whether a service action can mean trouble; most say that all is well and are not worth a look at the service. */
    public static boolean isOfInterest(GuardEvent.ServiceAction action) {
        return ImpairedStartDetector.isImpairment(action);
    }

    /** What the surest of them finds. */
    public static Optional<? extends Detection> detect(Observation observation, DetectionSettings settings) {
        return ALL.stream()
                .flatMap(detector -> detector.detect(observation, settings).stream())
                .findFirst();
    }
}
