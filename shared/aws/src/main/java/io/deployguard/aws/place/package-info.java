/**
 * Where is the service, and as whom may the guard ask there? Its own account with its own credentials, a listed one by a role of that account, any
 * other one not at all. Begin with {@link io.deployguard.aws.place.AwsPlaces}.
 */
@NullMarked
package io.deployguard.aws.place;

import org.jspecify.annotations.NullMarked;
