package io.deployguard.decision;

import io.deployguard.classification.CauseId;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which mode counts for a service and a cause.
 *
 * @param otherwise for services without the tag {@value Mode#TAG} and causes that are not named
 * @param ofCauses for single causes
 */
public record ModeSettings(Mode otherwise, Map<CauseId, Mode> ofCauses) {

    public ModeSettings {
        ofCauses = Map.copyOf(ofCauses);
    }

    /** One mode for every cause. */
    public static ModeSettings of(Mode mode) {
        return new ModeSettings(mode, Map.of());
    }

    /** A mode and what chose it, in words. */
    public record Choice(Mode mode, String by) {}

    /**
     * The mode. A tag that cannot be read means {@link Mode#OBSERVE}, whatever the settings say: somebody wanted to restrain or release the guard
     * here, and a typing error must not release it. Of tag and cause the more careful one counts, so that each can restrain the guard and neither
     * can release it against the other.
     *
     * @param causes that it may be; none while nothing is known. The most careful one counts
     */
    public Choice choose(Map<String, String> serviceTags, Set<CauseId> causes) {
        var ofCause =
                causes.stream().filter(ofCauses::containsKey).map(ofCauses::get).min(Mode::compareTo);
        var tag = Optional.ofNullable(serviceTags.get(Mode.TAG));
        if (tag.isPresent()) {
            return Mode.find(tag.get())
                    .map(mode -> ofCause.filter(other -> other.compareTo(mode) < 0)
                            .map(other -> new Choice(other, "the settings for this cause"))
                            .orElse(new Choice(mode, "the service's tag")))
                    .orElse(new Choice(Mode.OBSERVE, "a tag that cannot be read"));
        }
        var isOneUnnamed = !ofCauses.keySet().containsAll(causes);
        return ofCause.filter(mode -> !isOneUnnamed || mode.compareTo(otherwise) <= 0)
                .map(mode -> new Choice(mode, "the settings for this cause"))
                .orElse(new Choice(otherwise, "the settings"));
    }
}
