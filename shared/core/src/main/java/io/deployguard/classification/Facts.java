package io.deployguard.classification;

import io.deployguard.evidence.EvidenceBundle;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What follows from several pieces of evidence together, in words that rules can match. To add one, write a {@link Derivation} and list it
 * here; rules then name it under {@code fact}.
 */
final class Facts {

    /** Looks at a bundle and says what follows. */
    interface Derivation {
        /** Names of the facts that may come out. */
        Set<String> names();

        Stream<Fact> from(EvidenceBundle bundle);
    }

    private static final List<Derivation> ALL = List.of(
            new RevisionFacts(),
            new ImageFacts(),
            new ListeningFacts(),
            new HealthCheckFacts(),
            new RoutingFacts(),
            new RunFacts(),
            new NeighborFacts(),
            new SidecarFacts(),
            new DefinitionFacts());

    /** Every name a rule may use. */
    static final Set<String> NAMES = names();

    private Facts() {}

    static List<Fact> from(EvidenceBundle bundle) {
        return ALL.stream().flatMap(derivation -> derivation.from(bundle)).toList();
    }

    private static Set<String> names() {
        var names = new TreeSet<String>();
        ALL.forEach(derivation -> names.addAll(derivation.names()));
        return names;
    }
}
