/** Where do an operator's own rules come from? Begin with {@link io.deployguard.aws.rules.OwnRules}. */
@NullMarked
package io.deployguard.aws.rules;

import org.jspecify.annotations.NullMarked;
