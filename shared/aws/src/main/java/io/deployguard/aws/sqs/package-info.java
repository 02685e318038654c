/** Waking the next function. Begin with {@link io.deployguard.aws.sqs.SqsNudge}. */
@NullMarked
package io.deployguard.aws.sqs;

import org.jspecify.annotations.NullMarked;
