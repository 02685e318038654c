package io.deployguard.detection;

import java.util.Optional;

/** Looks for one kind of trouble. Pure: the same observation gives the same answer. */
public interface Detector {

    Optional<? extends Detection> detect(Observation observation, DetectionSettings settings);
}
