package io.deployguard.benchmarks;

import io.deployguard.classification.CauseCatalog;
import io.deployguard.classification.Classifier;
import io.deployguard.classification.Diagnosis;
import io.deployguard.evidence.EvidenceReader;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Whole cases: JSON in, cleaned, redacted, diagnosis out. One thread, warm; the cases of {@code corpus/}. */
final class CasesBench implements Bench {

    private static final double LEAST_PER_SECOND = 500;

    @Override
    public String name() {
        return "cases";
    }

    @Override
    public boolean run(Settings settings, PrintStream out) throws IOException {
        List<String> cases = Corpus.cases(settings.corpus());
        var classifier = new Classifier(CauseCatalog.load());
        var nanos = new long[cases.size()];
        double first = 0;
        double best = Double.MAX_VALUE;
        int identified = 0;
        for (int round = 0; round < 4 * settings.rounds(); round++) {
            long begin = System.nanoTime();
            identified = 0;
            for (int index = 0; index < cases.size(); index++) {
                long start = System.nanoTime();
                Diagnosis diagnosis = classifier.classify(
                        EvidenceReader.read(cases.get(index)).bundle());
                nanos[index] = System.nanoTime() - start;
                identified += diagnosis instanceof Diagnosis.Identified ? 1 : 0;
            }
            double seconds = (System.nanoTime() - begin) / 1e9;
            first = round == 0 ? seconds : first;
            best = Math.min(best, seconds);
        }
        Arrays.sort(nanos);
        double perSecond = cases.size() / best;
        out.printf(Locale.ROOT, "cases: %d, of which %d with a cause%n", cases.size(), identified);
        out.printf(
                Locale.ROOT,
                "  %.0f cases per second warm, %.0f in the first round; half of them within %.2f ms, 99 in 100 within %.2f ms%n",
                perSecond,
                cases.size() / first,
                nanos[cases.size() / 2] / 1e6,
                nanos[cases.size() * 99 / 100] / 1e6);
        out.printf(
                Locale.ROOT,
                "  ratio to the bound of %.0f per second: %.1f, which %s%n",
                LEAST_PER_SECOND,
                perSecond / LEAST_PER_SECOND,
                perSecond >= LEAST_PER_SECOND ? "holds" : "is BROKEN");
        return perSecond >= LEAST_PER_SECOND;
    }
}
