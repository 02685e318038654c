/** Which targets are healthy, and which rules lead to them? Begin with {@link io.deployguard.aws.elb.TargetGroups}. */
@NullMarked
package io.deployguard.aws.elb;

import org.jspecify.annotations.NullMarked;
