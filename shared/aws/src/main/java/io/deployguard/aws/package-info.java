/** How does the guard ask AWS? Clients, and the translation of their exceptions into faults. Begin with {@link io.deployguard.aws.AwsEvidenceSource}. */
@NullMarked
package io.deployguard.aws;

import org.jspecify.annotations.NullMarked;
