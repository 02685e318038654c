/**
 * How does the SDK talk to a simulated account? Over HTTP, as to AWS: {@link io.deployguard.simulation.account.wire.AwsEndpoint} serves the
 * JSON protocols of ECS, CloudWatch Logs, SQS, ECR and, as far as names go, secrets and the query protocols of Elastic Load Balancing and STS on one port of the loopback
 * address, with the errors and limits of the real services. An action, a field or a resource that is not modelled is refused and noted, so
 * that a test notices when the program asks for more than the simulation knows. Begin with {@code AwsEndpoint}; the lists of actions are in
 * the {@code …Api} classes.
 */
@NullMarked
package io.deployguard.simulation.account.wire;

import org.jspecify.annotations.NullMarked;
