/**
 * How do the real Lambda functions run on a laptop, without Docker and without an account? {@link LambdaRuntime} runs one function
 * behind the runtime client that AWS uses; {@link QueuePoller} and {@link SchedulePoller} feed it as Lambda's queue mapping and
 * EventBridge Scheduler do; {@link LocalPostgres} and {@link SlackStandIn} are what the functions talk to, and {@link SlackPage} shows
 * what people would have seen. {@link Processes} sees to it that nothing of this outlives the program. Begin with {@link LambdaRuntime}.
 */
@NullMarked
package io.deployguard.simulation.lab;

import org.jspecify.annotations.NullMarked;
