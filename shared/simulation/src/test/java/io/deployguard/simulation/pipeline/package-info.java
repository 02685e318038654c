/** Does the pipeline keep its promises whatever happens? Begin with {@link io.deployguard.simulation.pipeline.PipelineStoryTest}. */
@NullMarked
package io.deployguard.simulation.pipeline;

import org.jspecify.annotations.NullMarked;
