/**
 * How does a function run? Settings from the environment, the clock, one structured log, and the shapes in which Lambda hands work over. Begin
 * with {@link io.deployguard.runtime.RuntimeSettings}.
 */
@NullMarked
package io.deployguard.runtime;

import org.jspecify.annotations.NullMarked;
