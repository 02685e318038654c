@NullMarked
package io.deployguard.functions.migrate;

import org.jspecify.annotations.NullMarked;
