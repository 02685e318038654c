package io.deployguard.classification;

import com.google.re2j.Pattern;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * How deep each log line stands in a chain of exceptions, and whether the program went on afterwards. Java and Node print the cause below
 * what it caused, Python above.
 */
final class Chains {

    private static final int GOES_ON = 12;
    /** Programs say once that they are ready; so many lines from the end are looked through. */
    private static final int READY_WITHIN = 200;

    private static final int LONGEST_READY = 300;
    private static final Pattern READY = Pattern.compile("(?i)\\bstarted \\w+ in [\\d.]+ s|application startup complete"
            + "|(?:^|[^\\w.-])listening (?:on|at)\\b|(?:server|app) (?:is )?(?:ready|started|listening)\\b"
            + "|\\b(?:running|serving|started) [^\"]{0,60}\\b(?:on|at) (?:port |https?:|\\[?:|0\\.0|[\\d.]+:\\d)"
            + "|ready to (?:accept|handle|receive|start)|now listening on|everything is ready|serving initial configuration|server startup in \\[?\\d"
            // or that it got over its trouble
            + "|\\b(?:re-?)?connect(?:ed|ion (?:re-?)?established)\\b(?: successfully)?(?: to\\b|\\.?$)|\\b(?:is|back) (?:up|online)\\b(?: again)?(?:[.,]|$)"
            + "|\\bsuccessfully (?:re-?)?(?:connected|joined)|succeeded at retry|\\bauthentication successful\\b");
    private static final Pattern NOT_READY =
            Pattern.compile("(?i)\\b(?:not|never|fail(?:ed|ure)?|unable|error|cannot|could|dis\\w+)\\b");

    /** From here on the program only reacts to being stopped from outside. */
    private static final Pattern STOPPING = Pattern.compile(
            "(?i)\\b(?:got|received|caught|handling)\\b.{0,12}\\b(?:signal(?:: | )(?:term(?:inated)?\\b|15\\b)|\\w*SIG(?:TERM|QUIT)|SIGTERM|terminated)"
                    + "|SIGTERM received|signal (?:15|3) \\(SIG(?:TERM|QUIT)\\)|commencing graceful shutdown|: warm shutdown|shutting down gracefully");

    private final int[] depth;
    private final int[] laterCalmLines;
    /** By container: one that serves says nothing of another. */
    private final Map<String, Integer> ready;

    private final Map<String, Integer> stopping;

    private Chains(int[] depth, int[] laterCalmLines, Map<String, Integer> ready, Map<String, Integer> stopping) {
        this.depth = depth;
        this.laterCalmLines = laterCalmLines;
        this.ready = ready;
        this.stopping = stopping;
    }

    static Chains of(Scene scene) {
        int size = scene.lines().size();
        int[] depth = new int[size];
        // By how much more lines from here on are causes of what follows; a sum in the end, since a log may hold
        // nothing but joints.
        int[] causes = new int[size + 1];
        int current = 0;
        int blockStart = 0;
        for (int index = 0; index < size; index++) {
            String text = scene.lines().get(index).text();
            String stripped = text.stripLeading();
            if (stripped.startsWith("Caused by:")
                    || stripped.startsWith("[cause]:")
                    || stripped.startsWith("[errors]:")) {
                current++;
            } else if (isPythonJoint(stripped)) {
                // What stands above is the cause of what follows.
                causes[blockStart]++;
                causes[index]--;
            } else if (startsRecord(text)) {
                current = 0;
                blockStart = index;
            }
            depth[index] = current;
        }
        int sum = 0;
        for (int index = 0; index < size; index++) {
            sum += causes[index];
            depth[index] += sum;
        }
        return new Chains(depth, calmLinesAfter(scene), last(scene, Chains::isReady), last(scene, Chains::isStopping));
    }

    int depth(int line) {
        return depth[line];
    }

    /** Whether many lines of ordinary information follow: then the trouble was survived, at least for a while. */
    boolean goesOnAfter(int line) {
        return laterCalmLines[line] > GOES_ON;
    }

    /** Whether the program says later that it came up, or serves: then it got over the trouble, or does without. */
    boolean comesUpAfter(Line line) {
        return line.order() < ready.getOrDefault(line.source(), -1);
    }

    /** Whether the program had been told to end before. */
    boolean stoppedBefore(Line line) {
        return line.order() > stopping.getOrDefault(line.source(), Integer.MAX_VALUE);
    }

    /** Of each container the last such line: a log may hold several lives of a program. */
    private static Map<String, Integer> last(Scene scene, Predicate<Line> wanted) {
        var last = new HashMap<String, Integer>();
        int oldest = Math.max(0, scene.lines().size() - READY_WITHIN);
        for (Line line : scene.lines().subList(oldest, scene.lines().size())) {
            if (line.text().length() <= LONGEST_READY && wanted.test(line)) {
                last.put(line.source(), line.order());
            }
        }
        return last;
    }

    private static boolean isReady(Line line) {
        return switch (line.place()) {
            case ACCESS_LOG -> AccessLog.isServed(line.text());
            case LOG ->
                READY.matcher(line.text()).find()
                        && !NOT_READY.matcher(line.text()).find();
            default -> false;
        };
    }

    private static boolean isStopping(Line line) {
        return line.place() == Place.LOG && STOPPING.matcher(line.text()).find();
    }

    private static boolean isPythonJoint(String text) {
        return text.startsWith("The above exception was the direct cause")
                || text.startsWith("During handling of the above exception");
    }

    /** A line that is no continuation: it begins with a time stamp, a level or a bracket. */
    private static boolean startsRecord(String text) {
        if (text.isEmpty()) {
            return false;
        }
        char c = text.charAt(0);
        return Character.isDigit(c)
                || c == '['
                || (c == 'E' && text.startsWith("ERROR"))
                || (c == 'I' && text.startsWith("INFO"));
    }

    private static int[] calmLinesAfter(Scene scene) {
        int[] later = new int[scene.lines().size()];
        Arrays.fill(later, 0);
        int calm = 0;
        for (int index = later.length - 1; index >= 0; index--) {
            later[index] = calm;
            Line line = scene.lines().get(index);
            // Levels cost time: only a few lines from the end can matter before the answer is known.
            if (calm <= GOES_ON && line.place() == Place.LOG && line.level() == Level.CALM) {
                calm++;
            }
        }
        return later;
    }
}
