package io.deployguard.classification;

import io.deployguard.classification.Rule.Condition;
import io.deployguard.classification.Scan.Hit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Turns matches into findings: conditions are checked, circumstances weighed. What was overcome later is no cause; what calls itself
 * information is hardly one; the innermost of a chain counts more than what wraps it.
 */
final class Weigher {

    private static final double PER_CHAIN_LINK = 0.02;
    private static final int MOST_CHAIN_LINKS = 4;
    private static final double WARNING = -0.03;
    private static final double CALM = -0.25;
    private static final double AFTERMATH = 0.01;
    private static final double HANDLED = -0.06;
    private static final double SURVIVED = -0.09;
    private static final double SLIGHTLY_MORE = 0.005;
    private static final double CLEARLY_MORE = 0.05;

    private final Scene scene;
    private final Scan scan;
    private final Chains chains;
    private final int logLines;

    Weigher(Scene scene, Scan scan) {
        this.scene = scene;
        this.scan = scan;
        this.chains = Chains.of(scene);
        this.logLines =
                Math.max(1, (int) scene.lines().stream().filter(Weigher::isLog).count());
    }

    /** The weightiest finding of every rule that holds. */
    List<Finding> findings(CauseCatalog catalog) {
        var findings = new ArrayList<Finding>();
        for (Cause cause : catalog.causes()) {
            int cleared = lastClearing(cause);
            for (Rule rule : cause.rules()) {
                best(cause, rule, cleared).ifPresent(findings::add);
            }
        }
        return findings;
    }

    private Optional<Finding> best(Cause cause, Rule rule, int cleared) {
        Optional<Finding> best = Optional.empty();
        for (Hit hit : scan.hits(rule.probe())) {
            if (overcome(hit, cleared) || !conditionsHold(rule, hit)) {
                continue;
            }
            Finding finding = weigh(cause, rule, hit);
            if (best.isEmpty() || outweighs(finding, best.get())) {
                best = Optional.of(finding);
            }
        }
        return best;
    }

    /**
     * Among matches of one rule the first counts, unless a later one weighs clearly more: later ones are mostly echoes. One that names what a
     * person needs is not given up for the bare code that drivers print behind it.
     */
    private static boolean outweighs(Finding later, Finding earlier) {
        int order = later.weight().compareTo(earlier.weight());
        boolean names = later.captures().containsKey("key");
        boolean named = earlier.captures().containsKey("key");
        double more = named && !names ? CLEARLY_MORE : names && !named ? -CLEARLY_MORE : SLIGHTLY_MORE;
        return order > 0 || (order == 0 && later.score() > earlier.score() + more);
    }

    private int lastClearing(Cause cause) {
        return cause.clearedBy().stream()
                .flatMap(probe -> scan.hits(probe).stream())
                .mapToInt(Hit::line)
                .max()
                .orElse(-1);
    }

    private boolean overcome(Hit hit, int cleared) {
        return isLog(scene.lines().get(hit.line())) && hit.last() < cleared;
    }

    private boolean conditionsHold(Rule rule, Hit hit) {
        return rule.requires().stream().allMatch(condition -> holds(condition, hit))
                && rule.excludes().stream().noneMatch(condition -> holds(condition, hit));
    }

    private boolean holds(Condition condition, Hit hit) {
        return scan.hits(condition.probe()).stream()
                .anyMatch(other -> condition.reaches(hit.line(), other.line()) && !isOver(condition, hit, other));
    }

    /** Whether what {@code other} tells of was over when the match was written. */
    private boolean isOver(Condition condition, Hit hit, Hit other) {
        return condition
                .until()
                .filter(until -> scan.hits(until).stream()
                        .anyMatch(end -> other.line() <= end.line() && end.line() < hit.line()))
                .isPresent();
    }

    private Finding weigh(Cause cause, Rule rule, Hit hit) {
        Line line = scene.lines().get(hit.line());
        Weight weight = rule.weight();
        double score = rule.confidence();
        score += PER_CHAIN_LINK * Math.min(MOST_CHAIN_LINKS, chains.depth(hit.line()));
        boolean survived = false;
        double fraction = isLog(line) ? (double) hit.line() / logLines : 1;
        if (isLog(line)) {
            score += fraction * AFTERMATH;
            Level level = line.level();
            if (level == Level.CALM && !rule.anyLevel()) {
                weight = weight.oneLess();
                score += CALM;
            } else if (level == Level.WARNING) {
                score += WARNING;
            }
            survived = !rule.whileUp()
                    && (scene.outcome() == Scene.Outcome.RUNS
                            || chains.comesUpAfter(scene.lines().get(hit.last()))
                            || chains.stoppedBefore(scene.lines().get(hit.first())));
            score += survived ? SURVIVED : chains.goesOnAfter(hit.last()) ? HANDLED : 0;
        }
        var naming = new ArrayList<Hit>();
        return new Finding(cause, rule, hit, weight, score, captures(rule, hit, naming), naming, fraction, survived);
    }

    /** @param naming gets the places in the context that a name was found in */
    private Map<String, String> captures(Rule rule, Hit hit, List<Hit> naming) {
        var captures = new LinkedHashMap<>(hit.captures());
        boolean named = captures.keySet().stream().anyMatch(Keys::isKey);
        for (Condition condition : rule.context()) {
            nearest(condition, hit).ifPresent(other -> {
                var more = new LinkedHashMap<>(other.captures());
                // What stands in the line itself is nearer than anything around it.
                more.keySet().removeIf(name -> captures.containsKey(name) || (named && Keys.isKey(name)));
                if (!more.isEmpty()) {
                    naming.add(other);
                }
                captures.putAll(more);
            });
        }
        for (Condition condition : rule.requires()) {
            nearest(condition, hit).ifPresent(other -> other.captures().forEach(captures::putIfAbsent));
        }
        Keys.of(rule, captures)
                .or(() -> Keys.captured(hit.capturesBeside()))
                .ifPresent(key -> captures.put("key", key));
        return captures;
    }

    /** A finding whose rules saw no name, with the one that stands where its cause looks for names. */
    Finding named(Finding finding) {
        for (Condition condition : finding.cause().names()) {
            Optional<Finding> named = scan.findName(condition, finding.hit())
                    .flatMap(place -> Keys.captured(place.captures()).map(key -> finding.named(key, place)));
            if (named.isPresent()) {
                return named.get();
            }
        }
        return finding;
    }

    private Optional<Hit> nearest(Condition condition, Hit hit) {
        Optional<Hit> nearest = Optional.empty();
        for (Hit other : scan.hits(condition.probe())) {
            boolean closer = nearest.isEmpty()
                    || Math.abs(other.line() - hit.line())
                            < Math.abs(nearest.get().line() - hit.line());
            if (closer && condition.reaches(hit.line(), other.line())) {
                nearest = Optional.of(other);
            }
        }
        return nearest;
    }

    private static boolean isLog(Line line) {
        return line.place() == Place.LOG || line.place() == Place.ACCESS_LOG;
    }
}
