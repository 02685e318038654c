/**
 * What should be done about it, and why? Pure policy over the diagnosis, the live facts and the service's mode. Begin with
 * {@link io.deployguard.decision.DecisionPolicy}.
 */
@NullMarked
package io.deployguard.decision;

import org.jspecify.annotations.NullMarked;
