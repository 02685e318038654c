/**
 * What is the guard's memory without a database? The stores in plain maps, with the transactions of the real one: for tests of the pipeline and for
 * the deterministic simulator. Begin with {@link io.deployguard.simulation.memory.InMemoryDatabase}.
 */
@NullMarked
package io.deployguard.simulation.memory;

import org.jspecify.annotations.NullMarked;
