package io.deployguard.classification;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.deployguard.evidence.EvidenceReader;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Learns {@link Resemblance} from labelled cases: for each cause a support vector machine, it against the others, found by dual coordinate descent
 * (Hsieh et al., "A Dual Coordinate Descent Method for Large-scale Linear SVM", ICML 2008, algorithm 1 with squared hinge loss). Words are weighed by
 * their rarity. The same cases give the same bytes.
 */
public final class ResemblanceTrainer {

    /** A word of fewer cases is somebody's own. */
    private static final int FEWEST_CASES = 3;

    private static final double COST = 1;
    private static final double TOLERANCE = 0.1;
    private static final int MOST_ROUNDS = 60;
    /** Weights below this decide nothing, and are most of them. */
    private static final double LEAST_WEIGHT = 0.05;

    private static final int STEPS = 127;
    private static final JsonMapper JSON = new JsonMapper();

    private final List<Case> cases;

    /** A failure in its words, and what it was. */
    record Case(CauseId cause, Wording wording) {}

    /** A case as numbers: the weights of the words that it has, of length 1. */
    private static final class Vector {
        private final int[] words;
        private final float[] values;
        /** With the bias, which is a word that all cases have. */
        private final double square;

        Vector(int[] words, float[] values) {
            this.words = words;
            this.values = values;
            this.square = words.length == 0 ? 1 : 2;
        }
    }

    private ResemblanceTrainer(List<Case> cases) {
        this.cases = cases;
    }

    /**
     * Run by the build: writes the archive into the folder of the classes.
     *
     * @param arguments the folder of the classes, and the folder with the labelled cases
     */
    public static void main(String[] arguments) throws IOException {
        try (Stream<Path> files = Files.list(Path.of(arguments[1]))) {
            List<Case> cases = files.filter(file -> file.toString().endsWith(".jsonl"))
                    .sorted()
                    .parallel()
                    .flatMap(ResemblanceTrainer::casesOf)
                    .toList();
            Files.write(Path.of(arguments[0]).resolve(Resemblance.ARCHIVE.substring(1)), train(cases));
        }
    }

    /** The archive of what these cases teach. */
    static byte[] train(List<Case> cases) {
        return new ResemblanceTrainer(cases).archive();
    }

    /** All cases of a file. */
    static Stream<Case> casesOf(Path file) {
        try {
            return Files.readAllLines(file).stream().map(ResemblanceTrainer::read);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    static Case read(String line) {
        try {
            JsonNode labelled = JSON.readTree(line);
            var scene = Scene.of(EvidenceReader.read(labelled).bundle());
            return new Case(new CauseId(labelled.path("expect").path("cause").asText()), Wording.of(scene));
        } catch (JsonProcessingException notJson) {
            throw new IllegalArgumentException("corpus: expected a JSON object per line, got " + line, notJson);
        }
    }

    private byte[] archive() {
        var causes = cases.stream()
                .map(each -> each.cause().value())
                .distinct()
                .sorted()
                .map(CauseId::new)
                .toList();
        int[] words = knownWords();
        float[] rarity = rarity(words);
        List<Vector> vectors =
                cases.stream().map(each -> vector(each, words, rarity)).toList();
        List<double[]> weights = causes.parallelStream()
                .map(cause -> separate(cause, vectors, words.length))
                .toList();
        return write(causes, words, rarity, weights);
    }

    private int[] knownWords() {
        var frequency = frequency();
        return frequency.entrySet().stream()
                .filter(word -> word.getValue() >= FEWEST_CASES)
                .mapToInt(Map.Entry::getKey)
                .sorted()
                .toArray();
    }

    private Map<Integer, Integer> frequency() {
        var frequency = new HashMap<Integer, Integer>();
        cases.stream()
                .map(each -> each.wording().weights().keySet())
                .flatMap(Collection::stream)
                .forEach(word -> frequency.merge(word, 1, Integer::sum));
        return frequency;
    }

    private float[] rarity(int[] words) {
        var frequency = frequency();
        var rarity = new float[words.length];
        for (int word = 0; word < words.length; word++) {
            rarity[word] =
                    (float) (1 + Math.log((1.0 + cases.size()) / (1.0 + frequency.getOrDefault(words[word], 0))));
        }
        return rarity;
    }

    private static Vector vector(Case each, int[] words, float[] rarity) {
        int[] known = each.wording().weights().keySet().stream()
                .mapToInt(hash -> Arrays.binarySearch(words, hash))
                .filter(word -> word >= 0)
                .sorted()
                .toArray();
        var values = new float[known.length];
        double square = 0;
        for (int at = 0; at < known.length; at++) {
            values[at] = each.wording().weights().getOrDefault(words[known[at]], 0f) * rarity[known[at]];
            square += (double) values[at] * values[at];
        }
        float length = (float) Math.max(1e-9, Math.sqrt(square));
        for (int at = 0; at < known.length; at++) {
            values[at] /= length;
        }
        return new Vector(known, values);
    }

    /** The weights of one cause; the bias stands behind the last word. */
    private double[] separate(CauseId cause, List<Vector> vectors, int words) {
        var weights = new double[words + 1];
        var alpha = new double[vectors.size()];
        int[] order = IntStream.range(0, vectors.size()).toArray();
        var random = new SplittableRandom(7);
        double diagonal = 0.5 / COST;
        double worst = Double.MAX_VALUE;
        for (int round = 0; round < MOST_ROUNDS && worst > TOLERANCE; round++) {
            shuffle(order, random);
            worst = 0;
            for (int index : order) {
                Vector vector = vectors.get(index);
                int side = cases.get(index).cause().equals(cause) ? 1 : -1;
                double gradient = side * product(weights, vector) - 1 + diagonal * alpha[index];
                double projected = alpha[index] == 0 ? Math.min(gradient, 0) : gradient;
                worst = Math.max(worst, Math.abs(projected));
                if (Math.abs(projected) > 1e-12) {
                    double next = Math.max(alpha[index] - gradient / (vector.square + diagonal), 0);
                    move(weights, vector, (next - alpha[index]) * side);
                    alpha[index] = next;
                }
            }
        }
        return weights;
    }

    private static void shuffle(int[] order, SplittableRandom random) {
        for (int at = order.length - 1; at > 0; at--) {
            int other = random.nextInt(at + 1);
            int kept = order[at];
            order[at] = order[other];
            order[other] = kept;
        }
    }

    private static double product(double[] weights, Vector vector) {
        double product = weights[weights.length - 1];
        for (int at = 0; at < vector.words.length; at++) {
            product += weights[vector.words[at]] * vector.values[at];
        }
        return product;
    }

    private static void move(double[] weights, Vector vector, double by) {
        weights[weights.length - 1] += by;
        for (int at = 0; at < vector.words.length; at++) {
            weights[vector.words[at]] += by * vector.values[at];
        }
    }

    private static byte[] write(List<CauseId> causes, int[] words, float[] rarity, List<double[]> weights) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            var steps = new double[causes.size()];
            out.writeInt(causes.size());
            for (int cause = 0; cause < causes.size(); cause++) {
                double[] own = weights.get(cause);
                steps[cause] =
                        Arrays.stream(own, 0, words.length).map(Math::abs).max().orElse(1) / STEPS;
                out.writeUTF(causes.get(cause).value());
                out.writeFloat((float) own[words.length]);
                out.writeFloat((float) steps[cause]);
            }
            out.writeInt(words.length);
            var weightOf = new ByteArrayOutputStream();
            var weight = new ByteArrayOutputStream();
            for (int word = 0; word < words.length; word++) {
                int before = weight.size();
                for (int cause = 0; cause < causes.size(); cause++) {
                    double value = weights.get(cause)[word];
                    if (Math.abs(value) >= LEAST_WEIGHT) {
                        weightOf.write(cause);
                        weight.write((int) Math.round(value / steps[cause]));
                    }
                }
                out.writeInt(words[word]);
                out.writeFloat(rarity[word]);
                out.writeByte(weight.size() - before);
            }
            weightOf.writeTo(out);
            weight.writeTo(out);
        } catch (IOException inMemory) {
            throw new UncheckedIOException(inMemory);
        }
        return bytes.toByteArray();
    }
}
