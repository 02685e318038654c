/** What did a container write last? Begin with {@link io.deployguard.aws.logs.CloudWatchLogs}. */
@NullMarked
package io.deployguard.aws.logs;

import org.jspecify.annotations.NullMarked;
