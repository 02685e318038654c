/** Incidents, stubs and contracts that the tests of all channels share. */
@NullMarked
package io.deployguard.channels;

import org.jspecify.annotations.NullMarked;
