@NullMarked
package io.deployguard.channels.github;

import org.jspecify.annotations.NullMarked;
