/**
 * What does a complete incident look like? Scenarios play in the simulated account, with the real functions and the shipped rules. Begin with
 * {@link io.deployguard.simulation.demo.Demo}.
 */
@NullMarked
package io.deployguard.simulation.demo;

import org.jspecify.annotations.NullMarked;
