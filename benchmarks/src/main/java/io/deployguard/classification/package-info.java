/** Beside the classes of the core that it measures, since what a single pattern matches is nobody else's business. */
@NullMarked
package io.deployguard.classification;

import org.jspecify.annotations.NullMarked;
