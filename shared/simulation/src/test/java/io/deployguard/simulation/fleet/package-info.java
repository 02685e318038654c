@NullMarked
package io.deployguard.simulation.fleet;

import org.jspecify.annotations.NullMarked;
