package io.deployguard.aws;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.endpoint.AwsClientEndpointProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.profiles.ProfileFileSystemSetting;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.utils.http.SdkHttpUtils;

/**
 * Calls of a service of which a function needs one or two: its generated client would take more room than all others together. The SDK's own parts
 * find the address, sign and send. Thread-safe.
 */
public final class SignedCalls {

    private static final AwsV4HttpSigner SIGNER = AwsV4HttpSigner.create();
    private static final int MOST_BYTES = 4 << 20;
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final String service;
    private final Tries tries;
    private final Region region;
    private final URI address;
    private final SdkHttpClient http;
    private final Supplier<? extends AwsCredentialsIdentity> credentials;

    /**
     * What the service answered.
     *
     * @param body at most 4 MiB of it
     */
    public record Answer(int status, SdkBytes body) {

        public String text() {
            return body.asString(StandardCharsets.UTF_8);
        }

        private boolean mayBeBetterLater() {
            return status >= 500 || status == 429;
        }
    }

    /** How often a call is sent. */
    enum Tries {
        /** Once: its effect after a lost answer is looked up. */
        ONCE,
        /** A second time when it may succeed a moment later: reads, for which it does not matter whether the first arrived. */
        TWICE
    }

    SignedCalls(
            String service,
            String prefix,
            Tries tries,
            Region region,
            Optional<URI> endpoint,
            SdkHttpClient http,
            Supplier<? extends AwsCredentialsIdentity> credentials) {
        this.service = service;
        this.tries = tries;
        this.region = region;
        this.http = http;
        this.credentials = credentials;
        var name = service.toUpperCase(Locale.ROOT);
        // What the SDK's own clients ask: AWS_ENDPOINT_URL, the profile, and where the service is in this region.
        this.address = AwsClientEndpointProvider.builder()
                .clientEndpointOverride(endpoint.orElse(null))
                .serviceEndpointOverrideEnvironmentVariable("AWS_ENDPOINT_URL_" + name)
                .serviceEndpointOverrideSystemProperty("aws.endpointUrl" + name.charAt(0) + service.substring(1))
                .serviceProfileProperty(service)
                .serviceEndpointPrefix(prefix)
                .defaultProtocol("https")
                .region(region)
                .profileFile(ProfileFile::defaultProfileFile)
                .profileName(ProfileFileSystemSetting.AWS_PROFILE.getStringValueOrThrow())
                .build()
                .clientEndpoint();
    }

    public String region() {
        return region.id();
    }

    /**
     * A GET, as S3 takes it.
     *
     * @param path not yet encoded
     * @throws SdkClientException when the service cannot be asked, or there are no credentials
     */
    public Answer get(String path, Map<String, String> query) {
        var request = SdkHttpRequest.builder()
                .method(SdkHttpMethod.GET)
                .uri(address)
                .encodedPath(SdkHttpUtils.urlEncodeIgnoreSlashes(path));
        query.forEach(request::putRawQueryParameter);
        return send(request.build(), "");
    }

    /**
     * A POST of JSON, as Systems Manager takes it.
     *
     * @param target name of the action with its service's version in front
     * @throws SdkClientException when the service cannot be asked, or there are no credentials
     */
    public Answer post(String target, String json) {
        return send(
                SdkHttpRequest.builder()
                        .method(SdkHttpMethod.POST)
                        .uri(address)
                        .encodedPath("/")
                        .putHeader("Content-Type", "application/x-amz-json-1.1")
                        .putHeader("X-Amz-Target", target)
                        .build(),
                json);
    }

    /**
     * A POST of a form, as STS takes it.
     *
     * @throws SdkClientException when the service cannot be asked, or there are no credentials
     */
    public Answer post(Map<String, String> form) {
        var fields = new LinkedHashMap<String, List<String>>();
        form.forEach((name, value) -> fields.put(name, List.of(value)));
        return send(
                SdkHttpRequest.builder()
                        .method(SdkHttpMethod.POST)
                        .uri(address)
                        .encodedPath("/")
                        .putHeader("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
                        .build(),
                SdkHttpUtils.encodeAndFlattenFormData(fields).orElse(""));
    }

    private Answer send(SdkHttpRequest request, String body) {
        if (tries == Tries.TWICE) {
            try {
                var answer = once(request, body);
                if (!answer.mayBeBetterLater()) {
                    return answer;
                }
            } catch (IOException | UncheckedIOException lost) {
                // Whether it arrived does not matter.
            }
            pause();
        }
        try {
            return once(request, body);
        } catch (IOException | UncheckedIOException failure) {
            throw SdkClientException.create(
                    "%s at %s: %s".formatted(service, address.getHost(), failure.getMessage()), failure);
        }
    }

    private Answer once(SdkHttpRequest request, String body) throws IOException {
        var signed = SIGNER.sign(sign -> sign.identity(credentials.get())
                .request(request)
                .payload(ContentStreamProvider.fromUtf8String(body))
                .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, service)
                .putProperty(AwsV4HttpSigner.REGION_NAME, region.id())
                // S3 takes the path as it is sent; for the path of the others it makes no difference.
                .putProperty(AwsV4HttpSigner.DOUBLE_URL_ENCODE, false)
                .putProperty(AwsV4HttpSigner.NORMALIZE_PATH, false));
        var ready = HttpExecuteRequest.builder().request(signed.request());
        if (!body.isEmpty()) {
            signed.payload().ifPresent(ready::contentStreamProvider);
        }
        var response = http.prepareRequest(ready.build()).call();
        try (var in = response.responseBody().orElse(null)) {
            return new Answer(
                    response.httpResponse().statusCode(),
                    SdkBytes.fromByteArray(in == null ? new byte[0] : in.readNBytes(MOST_BYTES)));
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw SdkClientException.create("interrupted", interrupted);
        }
    }
}
