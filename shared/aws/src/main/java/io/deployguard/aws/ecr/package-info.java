/** Which images are still there? Begin with {@link io.deployguard.aws.ecr.EcrImages}. */
@NullMarked
package io.deployguard.aws.ecr;

import org.jspecify.annotations.NullMarked;
