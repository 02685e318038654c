/**
 * What was seen, and where? Evidence is gathered, cleaned and redacted before anything else looks at it. Begin with
 * {@link io.deployguard.evidence.EvidenceBundle}.
 */
@NullMarked
package io.deployguard.evidence;

import org.jspecify.annotations.NullMarked;
