/** The adapters, through the real SDK against the simulated account. */
@NullMarked
package io.deployguard.aws;

import org.jspecify.annotations.NullMarked;
