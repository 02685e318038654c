/**
 * How does a notice leave the process? One small HTTP client for all channels, which tells apart what was surely not sent and what may have been.
 * Begin with {@link io.deployguard.channels.http.HttpPost}.
 */
@NullMarked
package io.deployguard.channels.http;

import org.jspecify.annotations.NullMarked;
