/**
 * START READING HERE. How do the steps connect? {@link io.deployguard.pipeline.Guard} follows an event to a decision,
 * {@link io.deployguard.pipeline.Responder} carries a decision out, {@link io.deployguard.pipeline.Watch} notices what sends no event.
 */
@NullMarked
package io.deployguard.pipeline;

import org.jspecify.annotations.NullMarked;
