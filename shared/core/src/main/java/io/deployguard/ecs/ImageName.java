package io.deployguard.ecs;

import java.util.Optional;

/**
 * How a container definition names its image.
 *
 * @param tag {@code latest} where it names none
 * @param digest with its algorithm, such as {@code sha256:0123…}
 */
public record ImageName(String tag, Optional<String> digest) {

    public static ImageName parse(String image) {
        var at = image.indexOf('@');
        var name = at < 0 ? image : image.substring(0, at);
        var colon = name.lastIndexOf(':');
        // A colon before the last slash is that of the registry's port.
        return new ImageName(
                colon > name.lastIndexOf('/') ? name.substring(colon + 1) : "latest",
                at < 0 ? Optional.empty() : Optional.of(image.substring(at + 1)));
    }
}
