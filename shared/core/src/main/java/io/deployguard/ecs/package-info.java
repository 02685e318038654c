/**
 * What is there? The nouns of Amazon ECS and Elastic Load Balancing under the names AWS gives them, and the ports that read them. Begin with
 * {@link io.deployguard.ecs.ServiceSnapshot}.
 */
@NullMarked
package io.deployguard.ecs;

import org.jspecify.annotations.NullMarked;
