/** What is looked at before a deployment: one check is one file and one line in {@link io.deployguard.doctor.check.Checks}. */
@NullMarked
package io.deployguard.doctor.check;

import org.jspecify.annotations.NullMarked;
