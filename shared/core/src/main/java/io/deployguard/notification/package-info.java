/**
 * What do people read? A notice is the channel-neutral message of an incident, a function of its state. Begin with
 * {@link io.deployguard.notification.NoticeComposer}.
 */
@NullMarked
package io.deployguard.notification;

import org.jspecify.annotations.NullMarked;
