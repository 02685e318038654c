package io.deployguard.simulation.lab;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One execution environment of one Lambda function: its jar in a process of its own, behind the runtime client of AWS.
 *
 * <p>As in the cloud, the process starts with the first invocation, serves one invocation at a time, is killed when it exceeds the
 * timeout, and starts anew with the next invocation when it has ended for whatever reason. The process sees the variables that Lambda
 * sets, those of the {@link LambdaFunction}, and of this program's own environment only {@code PATH}.
 *
 * <p>Threads may share it; a second invocation waits for the first.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html">Runtime API</a>
 */
public final class LambdaRuntime implements AutoCloseable {
    private final LambdaFunction function;
    private final RuntimeClient client;
    private final Consumer<String> log;
    private final ReentrantLock oneInvocation = new ReentrantLock(true);
    private volatile @Nullable FunctionProcess process;
    private volatile boolean closed;

    /**
     * An environment behind the client that suits this system.
     *
     * @param log takes each line that the function writes to stdout or stderr, on a thread of its own, in order; lines of an
     *     invocation may come shortly after {@link #invoke} has returned
     */
    public LambdaRuntime(LambdaFunction function, Consumer<String> log) {
        this(function, RuntimeClient.ofThisSystem(), log);
    }

    /** The same with a chosen client. */
    public LambdaRuntime(LambdaFunction function, RuntimeClient client, Consumer<String> log) {
        this.function = function;
        this.client = client;
        this.log = log;
    }

    /** The command that serves a function behind whatever Runtime API {@code AWS_LAMBDA_RUNTIME_API} names in its environment. */
    public static List<String> command(LambdaFunction function) {
        return FunctionProcess.command(function, RuntimeClient.ofThisSystem());
    }

    public LambdaFunction function() {
        return function;
    }

    /** Invokes the function with JSON text. */
    public Invocation invoke(String payload, Duration timeout) {
        return invoke(payload.getBytes(StandardCharsets.UTF_8), timeout);
    }

    /**
     * Invokes the function and waits for its end.
     *
     * @param timeout the function's own, counted from when it has the event; starting the process has its own limit
     * @throws IllegalStateException when this environment is closed, or the waiting thread is interrupted
     */
    public Invocation invoke(byte[] payload, Duration timeout) {
        oneInvocation.lock();
        try {
            // A process may end on its own account between two events; one that had not taken the event is replaced,
            // once.
            return running()
                    .invoke(payload, timeout)
                    .or(() -> running().invoke(payload, timeout))
                    .orElseThrow(() -> new IllegalStateException(
                            "invoke %s: two processes ended without taking the event".formatted(function.name())));
        } finally {
            oneInvocation.unlock();
        }
    }

    /**
     * Kills the process, as Lambda does with an environment whose host fails. An invocation under way ends as {@link
     * Invocation.Crashed} with 137; without a process nothing happens.
     */
    public void kill() {
        current().ifPresent(FunctionProcess::kill);
    }

    /**
     * Starts a function with SnapStart and waits until Lambda would take its snapshot; the next invocation restores it. The process goes on
     * as the same one, since nothing here can take a snapshot of it.
     *
     * @return the process as it would be in the snapshot
     * @throws IllegalStateException when it does not get there, with its own error
     */
    public ProcessHandle freeze() {
        oneInvocation.lock();
        try {
            var started = running();
            started.freeze().ifPresent(failure -> {
                throw new IllegalStateException("%s %s".formatted(function.name(), failure.describe()));
            });
            return started.handle();
        } finally {
            oneInvocation.unlock();
        }
    }

    private FunctionProcess running() {
        if (closed) {
            throw new IllegalStateException("invoke %s: the runtime is closed".formatted(function.name()));
        }
        var now = process;
        if (now != null && now.alive()) {
            return now;
        }
        if (now != null) {
            now.close();
        }
        var started = FunctionProcess.start(function, client, log);
        process = started;
        if (closed) {
            started.close(); // closed from another thread in between
        }
        return started;
    }

    private Optional<FunctionProcess> current() {
        return Optional.ofNullable(process);
    }

    /** Stops the process; an invocation under way ends as {@link Invocation.Crashed}. */
    @Override
    public void close() {
        closed = true;
        current().ifPresent(FunctionProcess::close);
    }
}
