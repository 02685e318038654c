package io.deployguard.classification;

import io.deployguard.evidence.Evidence.LogLine;
import io.deployguard.evidence.EvidenceBundle;
import io.deployguard.evidence.LiteralAutomaton;
import java.util.ArrayList;
import java.util.List;

/** The lines in which a program says that it is up, or where it listens: short ones, among the first that look like it. */
final class StartLines {

    private static final int MOST = 300;
    private static final int LONGEST = 400;
    private static final int FOR = 0;
    private static final LiteralAutomaton WORDS = new LiteralAutomaton(List.of(
            List.of(
                    "listen",
                    "running",
                    "started",
                    "serving",
                    "ready",
                    "local:",
                    "server",
                    "bound",
                    "startup",
                    "initialized",
                    "booted"),
            List.of("failed", "error")));

    private StartLines() {}

    static List<LogLine> of(EvidenceBundle bundle) {
        var lines = new ArrayList<LogLine>();
        for (LogLine log : bundle.only(LogLine.class)) {
            if (log.text().length() <= LONGEST && speaks(log.text())) {
                lines.add(log);
                if (lines.size() == MOST) {
                    break;
                }
            }
        }
        return lines;
    }

    private static boolean speaks(String text) {
        boolean[] found = new boolean[2];
        WORDS.scan(text, (group, end) -> found[group] = true);
        return found[FOR] && !found[1];
    }
}
