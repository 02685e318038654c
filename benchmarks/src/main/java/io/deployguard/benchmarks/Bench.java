package io.deployguard.benchmarks;

import java.io.IOException;
import java.io.PrintStream;

/** One thing that is measured. */
interface Bench {

    /** As it is asked for on the command line. */
    String name();

    /**
     * Measures, and prints what it found.
     *
     * @return whether every bound holds
     * @throws Unable when something is missing that it needs
     */
    boolean run(Settings settings, PrintStream out) throws IOException, InterruptedException;

    /** Something is missing on this machine; the message says what, and how to get it. */
    final class Unable extends RuntimeException {
        Unable(String message) {
            super(message);
        }
    }
}
