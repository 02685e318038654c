package io.deployguard.classification;

import io.deployguard.evidence.Evidence;
import io.deployguard.evidence.EvidenceBundle;
import java.util.Set;
import java.util.stream.Stream;

/** Whether the service fails alone: what takes several down in the same minutes is not in the release of one of them. */
final class NeighborFacts implements Facts.Derivation {

    private static final int SHOWN = 3;

    @Override
    public Set<String> names() {
        return Set.of("other-services-fail");
    }

    @Override
    public Stream<Fact> from(EvidenceBundle bundle) {
        return bundle.only(Evidence.FailingToo.class).stream()
                .filter(others -> !others.services().isEmpty())
                .map(others -> {
                    var named = String.join(
                            ", ", others.services().stream().limit(SHOWN).toList());
                    var left = others.services().size() - SHOWN;
                    return new Fact(
                            "other-services-fail",
                            named + (left > 0 ? " and " + left + " more" : "") + " began to fail in the same minutes");
                });
    }
}
