/** What does ECS say? Its answers as the core's nouns, and the one executor of commands. Begin with {@link io.deployguard.aws.ecs.EcsSnapshotSource}. */
@NullMarked
package io.deployguard.aws.ecs;

import org.jspecify.annotations.NullMarked;
