/**
 * How does a notice look in Slack, and how does it get there? Begin with {@link io.deployguard.channels.slack.SlackNotifier}; what is shown is made
 * by {@link io.deployguard.channels.slack.SlackRenderer}, and every number of Slack's stands in {@link io.deployguard.channels.slack.SlackLimits}.
 */
@NullMarked
package io.deployguard.channels.slack;

import org.jspecify.annotations.NullMarked;
