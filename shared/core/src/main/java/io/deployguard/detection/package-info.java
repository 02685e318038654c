/**
 * Is something wrong? Detectors look at an event and the history of its service and say what they found. Begin with
 * {@link io.deployguard.detection.Detectors}.
 */
@NullMarked
package io.deployguard.detection;

import org.jspecify.annotations.NullMarked;
