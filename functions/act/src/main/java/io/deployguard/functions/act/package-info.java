/** The only function that may change ECS. Begin with {@link io.deployguard.functions.act.ActHandler}. */
@NullMarked
package io.deployguard.functions.act;

import org.jspecify.annotations.NullMarked;
