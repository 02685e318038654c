package io.deployguard.classification;

import io.deployguard.evidence.Evidence;
import io.deployguard.evidence.EvidenceBundle;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Whether the deployment brought another image at all. */
final class ImageFacts implements Facts.Derivation {

    @Override
    public Set<String> names() {
        return Set.of("image-unchanged");
    }

    /** Digests decide; a tag may have been moved. All images have to be the same. */
    @Override
    public Stream<Fact> from(EvidenceBundle bundle) {
        List<Evidence.ImageDigest> images = bundle.only(Evidence.ImageDigest.class);
        boolean unchanged = !images.isEmpty()
                && images.stream()
                        .allMatch(
                                image -> image.now().isPresent() && image.now().equals(image.before()));
        return unchanged
                ? images.stream()
                        .map(image -> new Fact(
                                "image-unchanged",
                                "container " + image.container() + " runs " + image.image() + " with digest "
                                        + image.now().orElse("") + ", as before the deployment"))
                : Stream.empty();
    }
}
