/**
 * How does an AWS account behave while an ECS deployment goes well or wrong? This package answers by acting it: a rolling update with its
 * circuit breaker, blue/green, linear and canary deployments with their hooks, the life of each Fargate task, health checks of containers and targets, log lines that arrive late, and the events of all
 * that in the order and with the gaps of the real ones. Begin with {@link io.deployguard.simulation.account.SimulatedAccount}; what a
 * container does is a {@link io.deployguard.simulation.account.Behavior}; who decides on starts and stops is {@code ServiceScheduler}.
 *
 * <p>It models what a guard can see, so some of AWS is left out on purpose: EC2 hosts and their agents, alarm
 * based rollback, container restart policies, IAM. Where the documentation leaves a question open, the choice is named at the code that makes
 * it. All state is guarded by the lock of the {@link io.deployguard.simulation.account.Agenda}; queues alone run on wall time.
 */
@NullMarked
package io.deployguard.simulation.account;

import org.jspecify.annotations.NullMarked;
