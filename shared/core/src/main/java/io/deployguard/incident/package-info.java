/**
 * What do we remember? The incident from its first detection to its end, and the stores that keep it. Begin with
 * {@link io.deployguard.incident.Incident}.
 */
@NullMarked
package io.deployguard.incident;

import org.jspecify.annotations.NullMarked;
