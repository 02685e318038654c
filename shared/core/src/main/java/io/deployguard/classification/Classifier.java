package io.deployguard.classification;

import io.deployguard.classification.Diagnosis.Alternative;
import io.deployguard.classification.Diagnosis.Proof;
import io.deployguard.evidence.EvidenceBundle;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Names the cause that the evidence speaks for. Pure and deterministic: the same evidence gives the same answer. Immutable; threads may share
 * it.
 */
public final class Classifier {

    private static final int MOST_PROOF = 8;
    private static final int MOST_ALTERNATIVES = 4;
    private static final double LEAST = 0.2;

    private static final Comparator<Finding> WEIGHTIEST = Comparator.comparing(Finding::weight)
            .thenComparingDouble(Finding::score)
            .reversed();

    private final CauseCatalog catalog;
    private final Supplier<Resemblance> resemblance;

    public Classifier(CauseCatalog catalog) {
        this(catalog, Resemblance::bundled);
    }

    Classifier(CauseCatalog catalog, Supplier<Resemblance> resemblance) {
        this.catalog = catalog;
        this.resemblance = resemblance;
    }

    /** The most likely cause of the failure, or that the evidence does not tell. */
    public Diagnosis classify(EvidenceBundle bundle) {
        Scene scene = Scene.of(bundle);
        Scan scan = Scan.of(scene, catalog.index());
        var weigher = new Weigher(scene, scan);
        List<Finding> findings = weigher.findings(catalog);
        List<Finding> standing = standing(findings);
        Optional<Answer> byRule = standing.stream()
                .filter(finding -> !finding.survived() || scene.outcome() == Scene.Outcome.FAILED)
                .findFirst()
                .filter(best -> !best.cause().id().equals(CauseId.UNKNOWN))
                .map(best -> new Answer(best, Footing.of(best, standing, findings), Optional.empty()))
                .filter(answer -> answer.footing().confidence() >= LEAST);
        var guess = new Guess(catalog, scene, resemblance.get().read(scene));
        return byRule.map(guess::weighed)
                .or(guess::alone)
                .map(answer -> identified(
                        scene,
                        answer,
                        weigher,
                        standing,
                        Stream.concat(findings.stream(), answer.doubt().stream())
                                .toList()))
                .orElseGet(() -> unknown(scene, findings));
    }

    /** What no other finding explains away, the weightiest first. Two that explain each other away both stand. */
    private static List<Finding> standing(List<Finding> findings) {
        return standing(findings, findings);
    }

    /** What none of {@code beating} explains away. */
    private static List<Finding> standing(List<Finding> findings, List<Finding> beating) {
        var standing = new ArrayList<Finding>();
        for (Finding finding : findings) {
            boolean beaten = beating.stream()
                    .filter(other -> other.weight() != Weight.HEADLINE || finding.weight() == Weight.HEADLINE)
                    .anyMatch(other -> other.beats(finding) && !finding.beats(other));
            if (!beaten) {
                standing.add(finding);
            }
        }
        standing.sort(WEIGHTIEST);
        return standing;
    }

    /** The finding that decides, what it stands on, and the guess that speaks against it. */
    record Answer(Finding best, Footing footing, Optional<Finding> doubt) {}

    /**
     * What an answer stands on. A rule on trial may doubt what proven rules say and never support it: it could explain away the one finding that
     * spoke against a rollback, be that of a proven rule or another's doubt.
     *
     * @param proven whether proven rules alone give this answer, and no rule on trial would give another
     * @param confidence no higher than they are sure of it
     */
    record Footing(boolean proven, double confidence) {

        static Footing of(Finding best, List<Finding> standing, List<Finding> all) {
            double confidence = Confidence.of(best, standing);
            List<Finding> proven =
                    all.stream().filter(finding -> finding.rule().proven()).toList();
            if (!best.rule().proven() || proven.size() == all.size()) {
                return new Footing(best.rule().proven(), confidence);
            }
            List<Finding> standingAlone = standing(proven);
            List<Finding> standingInDoubt = standing(all, proven);
            return standingAlone.getFirst().equals(best)
                            && standingInDoubt.getFirst().equals(best)
                    ? new Footing(
                            true,
                            Stream.of(standingAlone, standingInDoubt)
                                    .mapToDouble(others -> Confidence.of(best, others))
                                    .reduce(confidence, Math::min))
                    : new Footing(false, confidence);
        }
    }

    private Diagnosis identified(
            Scene scene, Answer answer, Weigher weigher, List<Finding> standing, List<Finding> all) {
        Finding found = answer.best();
        double confidence = answer.footing().confidence();
        Finding best = key(found, standing).isPresent() ? found : weigher.named(found);
        List<Alternative> alternatives = alternatives(scene, best, all, confidence);
        Map<String, String> captures = best.captures();
        Optional<String> key = key(best, standing);
        List<Proof> proof = best.isGuess()
                ? Stream.concat(proof(scene, best, standing).stream(), TellingLines.of(scene, MOST_PROOF).stream())
                        .distinct()
                        .limit(MOST_PROOF)
                        .toList()
                : proof(scene, best, standing);
        return new Diagnosis.Identified(
                best.cause().id(),
                best.cause().title(),
                confidence,
                key,
                best.rule().id(),
                captures,
                RollbackJudgement.of(best, scene),
                best.rule().hopeless().orElse(best.cause().hopeless()),
                answer.footing().proven(),
                proof,
                alternatives,
                best.cause().remedies(),
                Explanation.of(best, scene.lines().get(best.hit().line()).source(), key, confidence, alternatives));
    }

    /** The best finding's own; else that of another finding of the same cause, which may have seen the line that has the name. */
    private static Optional<String> key(Finding best, List<Finding> standing) {
        return Stream.concat(Stream.of(best), standing.stream())
                .filter(finding -> finding.cause().id().equals(best.cause().id()))
                .filter(finding -> finding.weight() != Weight.HEADLINE || finding.equals(best))
                .flatMap(finding -> Optional.ofNullable(finding.captures().get("key")).stream())
                .findFirst();
    }

    private static Diagnosis unknown(Scene scene, List<Finding> findings) {
        List<Alternative> alternatives = alternatives(scene, null, findings, 0);
        List<Proof> proof = TellingLines.of(scene, MOST_PROOF);
        return new Diagnosis.Unknown(proof, alternatives, Explanation.ofUnknown(scene, proof, alternatives));
    }

    private static List<Alternative> alternatives(
            Scene scene, @Nullable Finding best, List<Finding> findings, double confidence) {
        var byCause = new LinkedHashMap<CauseId, Alternative>();
        for (Finding finding : findings.stream().sorted(WEIGHTIEST).toList()) {
            CauseId id = finding.cause().id();
            boolean own = best != null && best.cause().id().equals(id);
            if (!own && !id.equals(CauseId.UNKNOWN)) {
                double share = Math.round((1 - confidence) * Confidence.share(finding) * 100) / 100.0;
                byCause.merge(
                        id,
                        new Alternative(id, share, Optional.of(RollbackJudgement.of(finding, scene))),
                        Classifier::likelier);
            }
        }
        return byCause.values().stream().limit(MOST_ALTERNATIVES).toList();
    }

    private static Alternative likelier(Alternative one, Alternative other) {
        return one.confidence() >= other.confidence() ? one : other;
    }

    /** The deciding match, its context, and what else points to the same cause; in the order in which it was written. */
    private static List<Proof> proof(Scene scene, Finding best, List<Finding> standing) {
        var lines = new TreeMap<Integer, Proof>();
        addProof(lines, scene, best.hit());
        best.naming().forEach(hit -> addProof(lines, scene, hit));
        standing.stream()
                .filter(other -> other.cause().id().equals(best.cause().id()) || other.weight() != Weight.HEADLINE)
                .filter(other -> other.cause().id().equals(best.cause().id())
                        || scene.lines().get(other.hit().line()).place() != Place.LOG)
                .forEach(other -> {
                    if (lines.size() < MOST_PROOF) {
                        addProof(lines, scene, other.hit());
                    }
                });
        return lines.values().stream().distinct().limit(MOST_PROOF).toList();
    }

    private static void addProof(Map<Integer, Proof> lines, Scene scene, Scan.Hit hit) {
        int last = Math.min(hit.last(), hit.first() + MOST_PROOF - 1);
        for (int index = hit.first(); index <= last; index++) {
            Line line = scene.lines().get(index);
            boolean speaks = !line.text().isBlank() && (!line.joined() || hit.line() == index);
            if (speaks) {
                lines.put(index, line.proof(index == hit.line() ? hit.from() : 0));
            }
        }
    }
}
