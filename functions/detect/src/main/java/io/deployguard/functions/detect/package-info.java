/** The function that EventBridge's events wake: from an event to a decision. Begin with {@link io.deployguard.functions.detect.DetectHandler}. */
@NullMarked
package io.deployguard.functions.detect;

import org.jspecify.annotations.NullMarked;
