package io.deployguard.runtime;

import io.deployguard.pipeline.Meter;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * What a function is put together on: the settings, where it logs, where its figures go. There are two, the real one of the process and that of a
 * {@linkplain RuntimeSettings#rehearsal() rehearsal}, whose log goes nowhere.
 */
public record Stage(RuntimeSettings settings, StructuredLog log, Meter meter) {

    /** The real one. */
    static Stage ofProcess(String function) {
        return of(function, RuntimeSettings.ofProcess(), System.out);
    }

    static Stage ofRehearsal(String function) {
        return of(
                function,
                RuntimeSettings.rehearsal(),
                new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
    }

    private static Stage of(String function, RuntimeSettings settings, PrintStream out) {
        var log = new StructuredLog(function, settings.clock(), out);
        return new Stage(settings, log, EmfMeter.of(settings, log));
    }

    public GuardClock clock() {
        return settings.clock();
    }
}
