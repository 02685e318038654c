package io.deployguard.evidence;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Everything that was seen about one failure, in the order in which it was gathered. */
public record EvidenceBundle(List<Evidence> all) {

    public EvidenceBundle {
        all = List.copyOf(all);
    }

    /** The pieces of one kind, in order. */
    public <T extends Evidence> List<T> only(Class<T> kind) {
        return all.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    public <T extends Evidence> Optional<T> first(Class<T> kind) {
        return all.stream().filter(kind::isInstance).map(kind::cast).findFirst();
    }

    public EvidenceBundle plus(List<? extends Evidence> more) {
        var joined = new ArrayList<>(all);
        joined.addAll(more);
        return new EvidenceBundle(joined);
    }
}
