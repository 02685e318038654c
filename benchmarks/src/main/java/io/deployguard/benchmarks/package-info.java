/**
 * How fast is the diagnosis, compared with what? Each bench prints ratios to a reference that it measures in the same run, and says whether
 * the bound holds. Begin with {@link io.deployguard.benchmarks.Benchmarks}; {@code benchmarks/README.md} names the numbers that are held.
 */
@NullMarked
package io.deployguard.benchmarks;

import org.jspecify.annotations.NullMarked;
