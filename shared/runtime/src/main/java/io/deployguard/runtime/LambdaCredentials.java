package io.deployguard.runtime;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.deployguard.fault.GuardFault;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.Optional;

/**
 * The credentials of the function's role as Lambda gives them: in variables, or, to a function that was restored from a snapshot, at a local address.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime">Variables of the runtime</a>
 * @see <a href="https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html">Container credential provider</a>
 */
public record LambdaCredentials(String accessKeyId, String secretAccessKey, Optional<String> sessionToken) {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String ADDRESS = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
    private static final int PATIENCE_MILLIS = 2_000;

    /**
     * The credentials of this moment.
     *
     * @throws GuardFault when there are none, or the local address does not give them
     */
    public static LambdaCredentials read(RuntimeSettings settings) {
        var key = settings.find("AWS_ACCESS_KEY_ID");
        var secret = settings.find("AWS_SECRET_ACCESS_KEY");
        if (key.isPresent() && secret.isPresent()) {
            return new LambdaCredentials(key.get(), secret.get(), settings.find("AWS_SESSION_TOKEN"));
        }
        var address = settings.find(ADDRESS)
                .orElseThrow(() -> new GuardFault.Malformed(
                        "credentials: expected AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or " + ADDRESS, null));
        try {
            return ask(URI.create(address), settings);
        } catch (IOException failure) {
            throw new GuardFault.Unavailable("credentials from " + address + ": " + failure.getMessage(), failure);
        }
    }

    private static LambdaCredentials ask(URI address, RuntimeSettings settings) throws IOException {
        var connection = (HttpURLConnection) address.toURL().openConnection();
        connection.setConnectTimeout(PATIENCE_MILLIS);
        connection.setReadTimeout(PATIENCE_MILLIS);
        settings.find("AWS_CONTAINER_AUTHORIZATION_TOKEN")
                .ifPresent(token -> connection.setRequestProperty("Authorization", token));
        try (var in = connection.getInputStream()) {
            var answer = JSON.readTree(in);
            return new LambdaCredentials(
                    answer.path("AccessKeyId").asText(),
                    answer.path("SecretAccessKey").asText(),
                    Optional.of(answer.path("Token").asText()));
        }
    }

    @Override
    public String toString() {
        return "credentials " + accessKeyId;
    }
}
