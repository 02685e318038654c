package io.deployguard.doctor.check;

/**
 * How a container definition names its image.
 *
 * @param tag {@code latest} where it names none
 * @param isPinned whether it names a digest
 */
record ImageName(String tag, boolean isPinned) {

    static ImageName parse(String image) {
        var at = image.indexOf('@');
        var name = at < 0 ? image : image.substring(0, at);
        var colon = name.lastIndexOf(':');
        // A colon before the last slash is that of the registry's port.
        return new ImageName(colon > name.lastIndexOf('/') ? name.substring(colon + 1) : "latest", at >= 0);
    }
}
