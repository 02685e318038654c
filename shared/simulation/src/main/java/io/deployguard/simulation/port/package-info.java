/**
 * How does the guard meet a simulated account without a wire? The ports of the core, answered in this process from what the account's API tells.
 * Begin with {@link io.deployguard.simulation.port.AccountSnapshots}.
 */
@NullMarked
package io.deployguard.simulation.port;

import org.jspecify.annotations.NullMarked;
