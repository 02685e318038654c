/**
 * Does what is shipped hold together? Tests of the template, the packed jars, the launcher, and the functions against emulators of AWS that others
 * wrote. Begin with {@link io.deployguard.emulators.Template} and {@link io.deployguard.emulators.MotoAccount}.
 */
@NullMarked
package io.deployguard.emulators;

import org.jspecify.annotations.NullMarked;
