@NullMarked
package io.deployguard.aws.place;

import org.jspecify.annotations.NullMarked;
