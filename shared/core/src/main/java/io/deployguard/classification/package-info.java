/**
 * Which cause is it, how sure are we, and which lines prove it? Causes are data, one YAML file each in {@code resources/catalog}; {@code
 * docs/adding-a-cause.md} describes their form. {@link io.deployguard.classification.CauseCatalog} loads them; {@link
 * io.deployguard.classification.Classifier} turns a bundle of evidence into a {@link io.deployguard.classification.Diagnosis}.
 *
 * <p>The steps, one class each: {@code Scene} lays all evidence out as lines; {@code Facts} derive what follows from several pieces together;
 * {@code Scan} finds where rules match, with a literal automaton in front of patterns in linear time; {@code Weigher} checks conditions and
 * weighs circumstances; {@code Classifier} lets the innermost cause win over its wrappers and consequences; {@code Confidence} says how sure
 * that is.
 */
@NullMarked
package io.deployguard.classification;

import org.jspecify.annotations.NullMarked;
