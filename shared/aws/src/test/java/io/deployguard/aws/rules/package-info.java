@NullMarked
package io.deployguard.aws.rules;

import org.jspecify.annotations.NullMarked;
