package io.deployguard.classification;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One root cause, as its file in the catalogue tells it.
 *
 * @param title in words, for a message's head
 * @param summary what it is, and how to tell it from its neighbours
 * @param rollback the usual answer
 * @param hopeless whether starting the same task again cannot succeed
 * @param rollbackWhen answers that facts force, by the fact's name
 * @param beats ids of causes or rules that this cause explains away when both are found
 * @param clearedBy what tells that the trouble was overcome, when it comes later than the trouble
 * @param names where the name that a person needs may stand, the best place first, for rules that found the cause without it
 */
record Cause(
        CauseId id,
        String title,
        String summary,
        RollbackHelps rollback,
        boolean hopeless,
        Map<String, RollbackHelps> rollbackWhen,
        Set<String> beats,
        List<Remedy> remedies,
        List<Probe> clearedBy,
        List<Rule.Condition> names,
        List<Rule> rules) {

    Cause {
        rollbackWhen = Map.copyOf(rollbackWhen);
        beats = Set.copyOf(beats);
        remedies = List.copyOf(remedies);
        clearedBy = List.copyOf(clearedBy);
        names = List.copyOf(names);
        rules = List.copyOf(rules);
    }

    /** Whether another file tells the same of this cause, its rules apart. */
    boolean judgesAs(Cause other) {
        return rollback == other.rollback
                && hopeless == other.hopeless
                && rollbackWhen.equals(other.rollbackWhen)
                && beats.equals(other.beats)
                && remedies.equals(other.remedies)
                && clearedBy.isEmpty() == other.clearedBy.isEmpty()
                && names.isEmpty() == other.names.isEmpty();
    }

    /** The cause with further rules, as a user's file adds them. */
    Cause withRules(List<Rule> more) {
        var all = new ArrayList<>(rules);
        all.addAll(more);
        return ruledBy(all);
    }

    /** The cause as it is judged, found by other rules. */
    Cause ruledBy(List<Rule> others) {
        return new Cause(
                id, title, summary, rollback, hopeless, rollbackWhen, beats, remedies, clearedBy, names, others);
    }
}
