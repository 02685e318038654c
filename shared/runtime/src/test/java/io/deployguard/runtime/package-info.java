@NullMarked
package io.deployguard.runtime;

import org.jspecify.annotations.NullMarked;
