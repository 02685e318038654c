package io.deployguard.event;

/**
 * What makes an event the same event.
 *
 * <p>For tasks the ARN with {@code detail.version}, which ECS documents; for the others the envelope's id, as they carry no version.
 */
public record EventKey(String value) {

    public EventKey {
        if (value.isBlank()) {
            throw new IllegalArgumentException("event key: expected a non-blank text");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
