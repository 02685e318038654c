package io.deployguard.classification;

import io.deployguard.classification.Scan.Hit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A rule that holds in a scene, and how much it weighs there.
 *
 * @param weight the rule's, or less when the circumstances speak against it
 * @param score confidence of the rule after what speaks for and against it; orders findings of one weight
 * @param captures of the match and of its context
 * @param naming places around the match that a name was found in
 * @param fraction where in the log it stands, from 0 to 1
 * @param survived whether the program came up or served afterwards, or had been told to end before
 */
record Finding(
        Cause cause,
        Rule rule,
        Hit hit,
        Weight weight,
        double score,
        Map<String, String> captures,
        List<Hit> naming,
        double fraction,
        boolean survived) {

    Finding {
        naming = List.copyOf(naming);
    }

    /** The same, with the name that a person needs and the place that it was found in. */
    Finding named(String key, Hit place) {
        var more = new LinkedHashMap<>(captures);
        more.put("key", key);
        var places = new ArrayList<>(naming);
        places.add(place);
        return new Finding(cause, rule, hit, weight, score, more, places, fraction, survived);
    }

    /** Whether no rule stands behind it. */
    boolean isGuess() {
        return rule.id().equals(Rule.RESEMBLANCE);
    }

    boolean beats(Finding other) {
        return !cause.id().equals(other.cause.id())
                && (explainsAway(rule.beats(), other) || explainsAway(cause.beats(), other));
    }

    private static boolean explainsAway(Set<String> beaten, Finding other) {
        return beaten.contains("*") || beaten.contains(other.cause.id().value()) || beaten.contains(other.rule.id());
    }
}
