package io.deployguard.simulation.lab;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * An EventBridge schedule with a fixed rate that invokes a function.
 *
 * <p>Time is that of the given clock, which may run faster than ours or jump. The function is invoked again only when it has ended, and
 * once for all moments that have passed meanwhile.
 */
public final class SchedulePoller implements AutoCloseable {
    private static final long LOOK_EVERY_MILLIS = 5;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Schedule schedule;
    private final LambdaRuntime function;
    private final Consumer<Invocation> listener;
    private final InstantSource clock;
    private final Instant firstDue;
    private final Thread thread;
    private volatile boolean closed;

    /**
     * What the template says about the schedule.
     *
     * @param interval in the clock's time
     * @param timeout the function's own, in real time
     */
    public record Schedule(String name, Duration interval, Duration timeout) {
        public Schedule {
            if (!interval.isPositive()) {
                throw new IllegalArgumentException("schedule %s: an interval of %s".formatted(name, interval));
            }
        }

        /**
         * The event that EventBridge Scheduler sends when the schedule names no input of its own.
         *
         * @see <a href="https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets.html">Targets</a>
         */
        String event(LambdaFunction function, UUID id, Instant time) {
            var event = JSON.createObjectNode()
                    .put("version", "0")
                    .put("id", id.toString())
                    .put("detail-type", "Scheduled Event")
                    .put("source", "aws.scheduler")
                    .put("account", function.account())
                    .put("time", time.truncatedTo(ChronoUnit.SECONDS).toString())
                    .put("region", function.region());
            event.putArray("resources")
                    .add("arn:aws:scheduler:%s:%s:schedule/default/%s"
                            .formatted(function.region(), function.account(), name));
            return event.put("detail", "{}").toString(); // text that holds JSON: so the service has it
        }
    }

    private SchedulePoller(
            Schedule schedule, InstantSource clock, LambdaRuntime function, Consumer<Invocation> listener) {
        this.schedule = schedule;
        this.clock = clock;
        this.function = function;
        this.listener = listener;
        this.firstDue = clock.instant().plus(schedule.interval());
        this.thread = Thread.ofVirtual().name("schedule-" + schedule.name()).unstarted(this::run);
    }

    /**
     * Invokes for the first time one interval from now, and until it is closed.
     *
     * @param listener hears, on the poller's thread, how each invocation ended
     */
    public static SchedulePoller start(
            Schedule schedule, InstantSource clock, LambdaRuntime function, Consumer<Invocation> listener) {
        var poller = new SchedulePoller(schedule, clock, function, listener);
        poller.thread.start();
        return poller;
    }

    private void run() {
        var due = firstDue;
        while (!closed) {
            var now = clock.instant();
            if (now.isBefore(due)) {
                pause();
                continue;
            }
            var missed = Duration.between(due, now).dividedBy(schedule.interval());
            var latest = due.plus(schedule.interval().multipliedBy(missed));
            due = latest.plus(schedule.interval());
            invoke(latest);
        }
    }

    private void invoke(Instant moment) {
        try {
            var event = schedule.event(function.function(), UUID.randomUUID(), moment);
            listener.accept(function.invoke(event, schedule.timeout()));
        } catch (IllegalStateException e) {
            if (!closed && !Processes.isEnding()) {
                throw e;
            }
        }
    }

    private void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closed = true;
        }
    }

    /** Ends the schedule; an invocation under way is given up and its function killed. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
