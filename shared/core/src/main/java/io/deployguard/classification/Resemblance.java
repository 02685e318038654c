package io.deployguard.classification;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/**
 * What the words of a failure resemble, whatever rules know of them: for each cause a linear score over words and pairs of words, learned by the
 * build from the labelled cases of {@code corpus/} ({@link ResemblanceTrainer}). It knows no message and proves nothing; it gives a guess where no
 * rule holds, and doubt where a rule says something that nothing else in the log fits. Immutable; threads may share it.
 */
final class Resemblance {

    /** What the build makes of the corpus. */
    static final String ARCHIVE = "/resemblance.bin";

    /** Fewer known words and pairs of words say too little. */
    private static final int FEWEST_WORDS = 14;

    private final List<CauseId> causes;
    private final float[] bias;
    /** Of one step of a cause's weights. */
    private final float[] step;
    /** All known words, ascending. */
    private final int[] words;

    private final float[] rarity;
    /** Where the weights of each word begin. */
    private final int[] offsets;

    private final byte[] weightOf;
    private final byte[] weight;

    private Resemblance(
            List<CauseId> causes,
            float[] bias,
            float[] step,
            int[] words,
            float[] rarity,
            int[] offsets,
            byte[] weightOf,
            byte[] weight) {
        this.causes = causes;
        this.bias = bias;
        this.step = step;
        this.words = words;
        this.rarity = rarity;
        this.offsets = offsets;
        this.weightOf = weightOf;
        this.weight = weight;
    }

    /** Read when it is first needed. */
    private static final class Bundled {
        static final Resemblance LOADED = load();
    }

    /** As the build has written it down; knowing nothing where it has not, as in an IDE. */
    static Resemblance bundled() {
        return Bundled.LOADED;
    }

    private static Resemblance load() {
        try (InputStream archive = Resemblance.class.getResourceAsStream(ARCHIVE)) {
            return archive == null ? nothing() : read(archive.readAllBytes());
        } catch (IOException unreadable) {
            throw new UncheckedIOException("resemblance: cannot read " + ARCHIVE, unreadable);
        }
    }

    static Resemblance nothing() {
        return new Resemblance(
                List.of(), new float[0], new float[0], new int[0], new float[0], new int[1], new byte[0], new byte[0]);
    }

    /** Mirrors {@link ResemblanceTrainer}. */
    static Resemblance read(byte[] archive) {
        try (var in = new DataInputStream(new ByteArrayInputStream(archive))) {
            var causes = new ArrayList<CauseId>();
            int count = in.readInt();
            var bias = new float[count];
            var step = new float[count];
            for (int cause = 0; cause < count; cause++) {
                causes.add(new CauseId(in.readUTF()));
                bias[cause] = in.readFloat();
                step[cause] = in.readFloat();
            }
            int known = in.readInt();
            var words = new int[known];
            var rarity = new float[known];
            var offsets = new int[known + 1];
            for (int word = 0; word < known; word++) {
                words[word] = in.readInt();
                rarity[word] = in.readFloat();
                offsets[word + 1] = offsets[word] + in.readUnsignedByte();
            }
            var weightOf = in.readNBytes(offsets[known]);
            var weight = in.readNBytes(offsets[known]);
            return new Resemblance(List.copyOf(causes), bias, step, words, rarity, offsets, weightOf, weight);
        } catch (IOException damaged) {
            throw new UncheckedIOException("resemblance: the archive is damaged; build it anew", damaged);
        }
    }

    /** How much a scene resembles each cause. */
    Reading read(Scene scene) {
        return read(Wording.of(scene));
    }

    Reading read(Wording wording) {
        var scores = bias.clone();
        double square = 0;
        int known = 0;
        for (var each : wording.weights().entrySet()) {
            int word = Arrays.binarySearch(words, each.getKey());
            if (word >= 0) {
                double value = each.getValue() * rarity[word];
                square += value * value;
                known++;
            }
        }
        double length = Math.max(1e-9, Math.sqrt(square));
        for (var each : wording.weights().entrySet()) {
            int word = Arrays.binarySearch(words, each.getKey());
            if (word >= 0) {
                double value = each.getValue() * rarity[word] / length;
                for (int at = offsets[word]; at < offsets[word + 1]; at++) {
                    int cause = weightOf[at];
                    scores[cause] += (float) (value * weight[at] * step[cause]);
                }
            }
        }
        return new Reading(wording, known < FEWEST_WORDS ? new float[0] : scores);
    }

    /** A scene as it was read. */
    final class Reading {
        private final Wording wording;
        private final float[] scores;
        private final int best;

        private Reading(Wording wording, float[] scores) {
            this.wording = wording;
            this.scores = scores;
            int first = -1;
            for (int cause = 0; cause < scores.length; cause++) {
                first = first < 0 || scores[cause] > scores[first] ? cause : first;
            }
            this.best = first;
        }

        /** The cause it resembles most; {@code unknown} when nothing was learned, or little is said. */
        CauseId cause() {
            return best < 0 ? CauseId.UNKNOWN : causes.get(best);
        }

        /** How much it resembles that cause: from about -1, not at all, to 1 and more. */
        double score() {
            return best < 0 ? -1 : scores[best];
        }

        /** By how much it resembles another cause more than {@code cause}; 0 when that one is the best, or nothing is known of it. */
        double lead(CauseId cause) {
            int index = causes.indexOf(cause);
            return best < 0 || index < 0 ? 0 : score() - scores[index];
        }

        /**
         * Of the lines that may speak, those that speak most for the best cause, the strongest first. One that speaks of an error counts double.
         */
        List<Line> telling(int most, Predicate<Line> speaking) {
            record Weighed(Line line, double weight) {}
            return wording.lines().stream()
                    .filter(line -> speaking.test(line) && !line.text().isBlank())
                    .map(line -> new Weighed(line, speaksFor(best, line) * (TellingLines.speaksOfError(line) ? 2 : 1)))
                    .filter(line -> line.weight() > 0)
                    .sorted((one, other) -> Double.compare(other.weight(), one.weight()))
                    .map(Weighed::line)
                    .limit(most)
                    .toList();
        }

        private double speaksFor(int cause, Line line) {
            double sum = 0;
            for (int hash : Arrays.stream(Words.of(line.text())).distinct().toArray()) {
                int word = Arrays.binarySearch(words, hash);
                for (int at = word < 0 ? 0 : offsets[word]; word >= 0 && at < offsets[word + 1]; at++) {
                    sum += weightOf[at] == cause ? rarity[word] * weight[at] * step[cause] : 0;
                }
            }
            return sum;
        }
    }
}
