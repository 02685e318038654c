package io.deployguard.simulation.account;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is due at which simulated instant, and the one lock that guards the state of the account.
 *
 * <p>Order: by instant, then in the order of entry. With a running clock one daemon thread does the work; with a manual one {@link
 * SimulatedClock.Manual#advance} does. While an item runs, {@link #now()} is the instant for which it was due, so that a late thread does
 * not shift what follows.
 */
public final class Agenda implements AutoCloseable {
    private record Entry(Instant due, long sequence, Runnable work) {}

    private static final Duration LONGEST_SLEEP = Duration.ofSeconds(1);

    private final SimulatedClock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final PriorityQueue<Entry> entries =
            new PriorityQueue<>(Comparator.comparing(Entry::due).thenComparingLong(Entry::sequence));
    private final List<RuntimeException> faults = new ArrayList<>();
    private final @Nullable Thread driver;
    private long sequence;
    private @Nullable Instant running;
    private volatile boolean closed;

    Agenda(SimulatedClock clock) {
        this.clock = clock;
        switch (clock) {
            case SimulatedClock.Manual manual -> {
                this.driver = null;
                manual.drive(this);
            }
            case SimulatedClock.Running wall ->
                this.driver =
                        Thread.ofPlatform().daemon().name("simulated-account").start(() -> drive(wall));
        }
    }

    /** The simulated moment: that of the item being run, else that of the clock. */
    public Instant now() {
        var item = lock.isHeldByCurrentThread() ? running : null;
        return item == null ? clock.instant() : item;
    }

    /** Notes {@code work} for {@code due}; what is past is done as soon as possible. */
    public void at(Instant due, Runnable work) {
        exclusively(() -> {
            entries.add(new Entry(due, sequence++, work));
            changed.signalAll();
        });
    }

    /** Notes {@code work} for {@code delay} from {@link #now()}. */
    public void after(Duration delay, Runnable work) {
        at(now().plus(delay), work);
    }

    /** Runs {@code work} while nobody else reads or changes the account. */
    public <T> T exclusively(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    /** Runs {@code work} while nobody else reads or changes the account. */
    public void exclusively(Runnable work) {
        lock.lock();
        try {
            work.run();
        } finally {
            lock.unlock();
        }
    }

    /** What went wrong in the driver thread, oldest first; the driver goes on after a fault. */
    public List<RuntimeException> faults() {
        return exclusively(() -> List.copyOf(faults));
    }

    /** Ends the driver thread; what is still noted never runs. */
    @Override
    public void close() {
        closed = true;
        exclusively(changed::signalAll);
    }

    Optional<Instant> nextDue() {
        return exclusively(() -> Optional.ofNullable(entries.peek()).map(Entry::due));
    }

    void runDue() {
        exclusively(() -> {
            for (var next = entries.peek();
                    next != null && !next.due().isAfter(clock.instant());
                    next = entries.peek()) {
                entries.poll();
                run(next);
            }
        });
    }

    private void run(Entry entry) {
        running = entry.due();
        try {
            entry.work().run();
        } catch (RuntimeException fault) {
            if (driver == null) {
                throw fault;
            }
            faults.add(fault);
        } finally {
            running = null;
        }
    }

    private void drive(SimulatedClock.Running wall) {
        while (!closed) {
            runDue();
            lock.lock();
            try {
                var sleep = nextDue().map(wall::wallTimeUntil).orElse(LONGEST_SLEEP);
                if (!closed && !sleep.isZero()) {
                    changed.awaitNanos(Math.min(sleep.toNanos(), LONGEST_SLEEP.toNanos()));
                }
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return;
            } finally {
                lock.unlock();
            }
        }
    }
}
