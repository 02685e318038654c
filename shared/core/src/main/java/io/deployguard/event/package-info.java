/**
 * What happened? The events the guard is woken by, parsed leniently, and the inbox that makes handling them repeatable. Begin with
 * {@link io.deployguard.event.GuardEvent}.
 */
@NullMarked
package io.deployguard.event;

import org.jspecify.annotations.NullMarked;
