package io.deployguard.functions.migrate;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What the functions are configured with, in one short text that is another one whenever a setting is. With it in their environment and in the
 * description of their versions, CloudFormation publishes a version for a changed setting as well. The same settings have the same hash, so that an
 * update that is rolled back comes to the versions that were there.
 */
final class SettingsHash {

    /** The type that the template gives it. */
    static final String RESOURCE = "Custom::DeployGuardSettings";

    private static final int DIGITS = 16;

    private SettingsHash() {}

    /** @param properties of the resource; how CloudFormation is told of it, such as the time that it may take, is no setting */
    static String of(JsonNode properties) {
        var settings = properties.path("Release").asText() + properties.path("Values");
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(settings.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, DIGITS);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
