@NullMarked
package io.deployguard.aws.logs;

import org.jspecify.annotations.NullMarked;
