/** Tests of the pipeline's parts; whole stories are in the module simulation. */
@NullMarked
package io.deployguard.pipeline;

import org.jspecify.annotations.NullMarked;
