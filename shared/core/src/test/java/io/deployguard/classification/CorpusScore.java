package io.deployguard.classification;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/** Scores the classifier on labelled cases, one JSON object per line: {@code java -cp … CorpusScore FILE [FILE…]}. */
final class CorpusScore {

    private CorpusScore() {}

    public static void main(String[] files) throws IOException {
        var classifier = new Classifier(CauseCatalog.load());
        var all = new ArrayList<Scored>();
        for (String file : files) {
            all.addAll(Scored.in(Path.of(file), classifier));
        }
        all.forEach(CorpusScore::printFaults);
        System.out.println(summary(all));
    }

    /** What one should look at: a wrong cause with its proof, another name, another answer on the rollback, an answer that is not sure. */
    private static void printFaults(Scored scored) {
        if (!scored.isRight()) {
            System.out.println(miss(scored));
        }
        if (scored.wantedKey().isPresent() && !scored.hasExactKey()) {
            System.out.printf(
                    "%s %s: %s, expected %s (%s)%n",
                    scored.hasKey() ? "key ~   " : "KEY     ",
                    scored.id(),
                    scored.key(),
                    scored.wantedKey().get(),
                    scored.rule());
        }
        if (scored.wantedRollback().isPresent() && !scored.hasRollback()) {
            System.out.printf(
                    "ROLLBACK %s: %s, expected %s (%s)%n",
                    scored.id(), scored.rollback(), scored.wantedRollback().get(), scored.answer());
        }
        if (scored.isRight() && !scored.isConfident()) {
            System.out.printf(
                    Locale.ROOT,
                    "unsure   %s: %s %.2f (%s) %s%n",
                    scored.id(),
                    scored.answer(),
                    scored.confidence(),
                    scored.rule(),
                    scored.diagnosis().alternatives());
        }
    }

    static String miss(Scored scored) {
        var text = new StringBuilder(String.format(
                Locale.ROOT,
                "WRONG    %s: %s %.2f (%s), expected %s",
                scored.id(),
                scored.answer(),
                scored.confidence(),
                scored.rule(),
                scored.expected()));
        scored.diagnosis().proof().stream()
                .limit(3)
                .forEach(proof -> text.append("\n           ")
                        .append(proof.source())
                        .append(": ")
                        .append(proof.text(), 0, Math.min(proof.text().length(), 160)));
        return text.toString();
    }

    private static String summary(List<Scored> all) {
        return "top-1 %s, confident %s, of these right %s, key %s (exact %s), rollback %s"
                .formatted(
                        Rate.of(all, Scored::isRight),
                        Rate.of(all, Scored::isConfident),
                        Rate.of(all.stream().filter(Scored::isConfident).toList(), Scored::isRight),
                        Rate.of(wantingKey(all), Scored::hasKey),
                        Rate.of(wantingKey(all), Scored::hasExactKey),
                        Rate.of(
                                all.stream()
                                        .filter(scored ->
                                                scored.wantedRollback().isPresent())
                                        .toList(),
                                Scored::hasRollback));
    }

    static List<Scored> wantingKey(List<Scored> all) {
        return all.stream().filter(scored -> scored.wantedKey().isPresent()).toList();
    }

    /** So many of so many. */
    record Rate(long good, long all) {

        static <T> Rate of(List<T> cases, Predicate<T> good) {
            return new Rate(cases.stream().filter(good).count(), cases.size());
        }

        double share() {
            return all == 0 ? 1 : (double) good / all;
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%d/%d = %.1f %%", good, all, 100 * share());
        }
    }
}
