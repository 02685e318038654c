package io.deployguard.aws;

import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sts.StsClient;

/** Who calls AWS with the credentials of this process, as AWS itself says. Needs the SDK's {@code sts}, which functions do not carry. */
public final class CallerIdentity {

    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private CallerIdentity() {}

    /**
     * The caller's ARN; absent without credentials, without a network, or when AWS refuses.
     *
     * @see <a href="https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html">GetCallerIdentity</a>
     */
    public static Optional<String> find(String region) {
        try (var http = UrlConnectionHttpClient.builder()
                        .connectionTimeout(PATIENCE)
                        .socketTimeout(PATIENCE)
                        .build();
                var sts = StsClient.builder()
                        .region(Region.of(region))
                        .httpClient(http)
                        .overrideConfiguration(override -> override.apiCallTimeout(PATIENCE))
                        .build()) {
            return Optional.ofNullable(sts.getCallerIdentity().arn());
        } catch (SdkException unknown) {
            return Optional.empty();
        }
    }
}
