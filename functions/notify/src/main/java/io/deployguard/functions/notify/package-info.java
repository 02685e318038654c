/** The function that speaks to people. Begin with {@link io.deployguard.functions.notify.NotifyHandler}. */
@NullMarked
package io.deployguard.functions.notify;

import org.jspecify.annotations.NullMarked;
