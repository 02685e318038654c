@NullMarked
package io.deployguard.simulation.account;

import org.jspecify.annotations.NullMarked;
