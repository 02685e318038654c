/**
 * Which cause is it, how sure are we, and which lines prove it? Causes are data (one YAML file each); the classifier weighs what
 * their rules find. Begin with {@link io.deployguard.classification.Diagnosis}.
 */
@NullMarked
package io.deployguard.classification;

import org.jspecify.annotations.NullMarked;
