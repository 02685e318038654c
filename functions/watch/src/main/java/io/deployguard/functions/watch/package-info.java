/** The function that looks every minute for what sends no event. Begin with {@link io.deployguard.functions.watch.WatchHandler}. */
@NullMarked
package io.deployguard.functions.watch;

import org.jspecify.annotations.NullMarked;
