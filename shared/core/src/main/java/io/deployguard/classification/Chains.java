package io.deployguard.classification;

import com.google.re2j.Pattern;
import java.util.Arrays;

/**
 * How deep each log line stands in a chain of exceptions, and whether the program went on afterwards. Java and Node print the cause below
 * what it caused, Python above.
 */
final class Chains {

    private static final int GOES_ON = 12;
    /** Programs say once that they are ready; so many lines from the end are looked through. */
    private static final int READY_WITHIN = 200;

    private static final int LONGEST_READY = 300;
    private static final Pattern READY = Pattern.compile(
            "(?i)\\bstarted \\w+ in [\\d.]+ s|application startup complete"
                    + "|(?:^|[^\\w.-])listening (?:on|at)\\b|server (?:is )?(?:ready|started|listening)\\b|server (?:is )?running (?:on|at) (?:port|http|[:\\d])|ready to accept|now listening on");

    private final int[] depth;
    private final int[] laterCalmLines;
    private final int lastReady;

    private Chains(int[] depth, int[] laterCalmLines, int lastReady) {
        this.depth = depth;
        this.laterCalmLines = laterCalmLines;
        this.lastReady = lastReady;
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
        return new Chains(depth, calmLinesAfter(scene), lastReadyLine(scene));
    }

    int depth(int line) {
        return depth[line];
    }

    /** Whether many lines of ordinary information follow: then the trouble was survived, at least for a while. */
    boolean goesOnAfter(int line) {
        return laterCalmLines[line] > GOES_ON;
    }

    /** Whether the program says later that it came up: then it got over the trouble, or does without. */
    boolean comesUpAfter(int line) {
        return line < lastReady;
    }

    private static int lastReadyLine(Scene scene) {
        int oldest = Math.max(0, scene.lines().size() - READY_WITHIN);
        for (int index = scene.lines().size() - 1; index >= oldest; index--) {
            Line line = scene.lines().get(index);
            if (line.place() == Place.LOG
                    && line.text().length() <= LONGEST_READY
                    && READY.matcher(line.text()).find()) {
                return index;
            }
        }
        return -1;
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
