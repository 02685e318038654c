/**
 * What does a service answer when somebody asks it from outside? One request over HTTP, to addresses that are allowed. Begin with
 * {@link io.deployguard.aws.endpoint.EndpointProbe}.
 */
@NullMarked
package io.deployguard.aws.endpoint;

import org.jspecify.annotations.NullMarked;
