package io.deployguard.evidence;

import io.deployguard.ecs.TaskDefinition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Replaces what must not leave the process: cloud keys, tokens, JWTs, PEM blocks, passwords in connection strings and URLs, cookies, signed
 * URL parameters, values of settings whose name says that they are secret, and values that are known to be. Names, hosts and paths stay,
 * since a person needs them.
 *
 * <p>A literal automaton finds the places that may begin a secret; only there a pattern in linear time looks. Immutable; threads may share
 * it.
 */
public final class Redactor {

    /** What stands where a secret stood. */
    public static final String MARK = "[redacted]";

    /** A known value that is shorter could be any word. */
    private static final int SHORTEST_KNOWN = 8;

    private static final int LONGEST_PEM_LINES = 200;
    private static final int MOST_LOOKS = 4_000;

    private final List<String> known;
    private final LiteralAutomaton triggers;

    private Redactor(List<String> known) {
        this.known = known;
        var groups = new ArrayList<List<String>>();
        for (SecretShape shape : SecretShapes.ALL) {
            groups.add(shape.triggers());
        }
        known.forEach(value -> groups.add(List.of(value)));
        this.triggers = new LiteralAutomaton(groups);
    }

    /** Knows the shapes of secrets, and no values. */
    public static Redactor standard() {
        return Standard.REDACTOR;
    }

    /** Also replaces these values wherever they stand; values that are too short to be told from words are passed over. */
    public Redactor withKnown(Collection<String> values) {
        var all = new ArrayList<>(known);
        values.stream()
                // Logs have lines: of a value that has several, each is a secret.
                .flatMap(String::lines)
                .filter(value -> value.length() >= SHORTEST_KNOWN)
                .filter(value -> !all.contains(value))
                .forEach(all::add);
        all.sort(Comparator.comparingInt(String::length).reversed());
        return all.size() == known.size() ? this : new Redactor(List.copyOf(all));
    }

    /** Also replaces the environment's values that a person would not want to see in a message: secrets, rather than hosts, ports or levels. */
    public Redactor withEnvironmentOf(TaskDefinition definition) {
        var values = new ArrayList<String>();
        for (TaskDefinition.ContainerDefinition container : definition.containers()) {
            container.environment().forEach((name, value) -> {
                if (SecretNames.saysSecret(name) || SecretNames.looksRandom(value)) {
                    values.add(value);
                }
            });
        }
        return withKnown(values);
    }

    /** The line without its secrets; the same object when there are none. */
    public String redact(String line) {
        var cuts = new Cuts(line);
        triggers.scan(line, (group, end) -> look(cuts, group, end));
        return cuts.apply();
    }

    /** Lines that belong together: a PEM block may begin in one and end in another. */
    public List<String> redactAll(List<String> lines) {
        var cuts = new @Nullable Cuts[lines.size()];
        triggers.scan(lines, (line, group, end) -> {
            Cuts known = cuts[line];
            Cuts found = known == null ? new Cuts(lines.get(line)) : known;
            cuts[line] = found;
            look(found, group, end);
        });
        var redacted = new ArrayList<String>(lines.size());
        int pemLines = 0;
        for (int index = 0; index < lines.size(); index++) {
            String line = lines.get(index);
            if (pemLines > 0 && PemBlock.continues(line)) {
                redacted.add(MARK);
                pemLines = PemBlock.closes(line) ? 0 : pemLines - 1;
                continue;
            }
            Cuts found = cuts[index];
            redacted.add(found == null ? line : found.apply());
            // What opens a block is a trigger.
            pemLines = found != null && PemBlock.opens(line) ? LONGEST_PEM_LINES : 0;
        }
        return redacted;
    }

    /** Looks for what the trigger that ends here may lead to. */
    private void look(Cuts cuts, int group, int end) {
        if (cuts.covers(end, group) || !cuts.mayLook(end)) {
            return;
        }
        if (group < SecretShapes.ALL.size()) {
            SecretShapes.ALL.get(group).find(cuts.line, end, cuts);
        } else {
            String value = known.get(group - SecretShapes.ALL.size());
            // The automaton folds case, a known value does not.
            if (cuts.line.startsWith(value, end - value.length())) {
                cuts.add(end - value.length(), end);
            }
        }
    }

    /** Found spans of one line. */
    static final class Cuts {
        private final String line;
        private final List<int[]> spans = new ArrayList<>(0);
        private int reach;
        private int looks;

        Cuts(String line) {
            this.line = line;
        }

        void add(int from, int to) {
            if (to > from) {
                spans.add(new int[] {from, to});
                reach = Math.max(reach, to);
            }
        }

        /**
         * Counts a look at a place that may begin a secret. A line with thousands of such places is no log line: its rest goes as a whole, which is
         * safe and keeps the work linear.
         */
        boolean mayLook(int from) {
            if (++looks <= MOST_LOOKS) {
                return true;
            }
            add(from, line.length());
            return false;
        }

        /** Whether a trigger that ends here lies within a secret that was found already; keeps repeated triggers linear. */
        boolean covers(int end, int group) {
            boolean mayReachBeyond = group < SecretShapes.ALL.size()
                    && SecretShapes.ALL.get(group).looksInside();
            return end < reach && (!mayReachBeyond || reach == line.length());
        }

        String apply() {
            if (spans.isEmpty()) {
                return line;
            }
            spans.sort(Comparator.comparingInt(span -> span[0]));
            var text = new StringBuilder(line.length());
            int at = 0;
            for (int[] span : spans) {
                if (span[0] >= at) {
                    text.append(line, at, span[0]).append(MARK);
                }
                at = Math.max(at, span[1]);
            }
            return text.append(line, at, line.length()).toString();
        }
    }

    private static final class Standard {
        static final Redactor REDACTOR = new Redactor(List.of());
    }
}
