/** What a deployment would be put into, as far as the caller may see it. */
@NullMarked
package io.deployguard.aws.doctor;

import org.jspecify.annotations.NullMarked;
