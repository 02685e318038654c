package io.deployguard.runtime;

import io.deployguard.pipeline.Meter;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/**
 * What a function is put together on: the settings, where it logs, where its figures go, and what it opens. There are two, the real one of the process,
 * which ends with it, and that of a {@linkplain RuntimeSettings#rehearsal() rehearsal}, whose log goes nowhere and which is closed. For one thread.
 */
public final class Stage implements AutoCloseable {

    private final RuntimeSettings settings;
    private final StructuredLog log;
    private final Meter meter;
    private final Deque<Runnable> ends = new ArrayDeque<>();

    Stage(String function, RuntimeSettings settings, PrintStream out) {
        this.settings = settings;
        this.log = new StructuredLog(function, settings.clock(), out);
        this.meter = EmfMeter.of(settings, log);
    }

    /** The real one. */
    static Stage ofProcess(String function) {
        return new Stage(function, RuntimeSettings.ofProcess(), System.out);
    }

    static Stage ofRehearsal(String function) {
        return new Stage(
                function,
                RuntimeSettings.rehearsal(),
                new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
    }

    public RuntimeSettings settings() {
        return settings;
    }

    public StructuredLog log() {
        return log;
    }

    public Meter meter() {
        return meter;
    }

    public GuardClock clock() {
        return settings.clock();
    }

    /** @param end what closes the part with the stage */
    <T> T keep(T part, Consumer<T> end) {
        ends.push(() -> end.accept(part));
        return part;
    }

    @Override
    public void close() {
        while (!ends.isEmpty()) {
            ends.pop().run();
        }
    }
}
