@NullMarked
package io.deployguard.functions.notify;

import org.jspecify.annotations.NullMarked;
