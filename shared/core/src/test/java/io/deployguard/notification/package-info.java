/** Tests of what people read. */
@NullMarked
package io.deployguard.notification;

import org.jspecify.annotations.NullMarked;
