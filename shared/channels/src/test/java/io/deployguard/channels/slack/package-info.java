/** Tests of the Slack channel: golden messages, limits under hostile input, and the table of answers. */
@NullMarked
package io.deployguard.channels.slack;

import org.jspecify.annotations.NullMarked;
