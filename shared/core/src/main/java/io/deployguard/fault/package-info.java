/**
 * What can go wrong when the guard asks somebody else? One closed set of faults, so that callers decide by kind. Begin with
 * {@link io.deployguard.fault.GuardFault}.
 */
@NullMarked
package io.deployguard.fault;

import org.jspecify.annotations.NullMarked;
