/**
 * How is it done? Actions plan commands, which are data; an executor elsewhere carries them out. Begin with
 * {@link io.deployguard.action.Action}.
 */
@NullMarked
package io.deployguard.action;

import org.jspecify.annotations.NullMarked;
