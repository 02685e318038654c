package io.deployguard.functions.notify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.deployguard.channels.http.HttpPost;
import io.deployguard.channels.http.Reply;
import io.deployguard.fault.GuardFault;
import io.deployguard.runtime.LambdaCredentials;
import io.deployguard.runtime.RuntimeSettings;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

/**
 * The text of a secret in AWS Secrets Manager, by its ARN: one POST, signed by the SDK's signer. An answer that may be better a moment later is asked
 * for three times, since a function that cannot start gets its message again only after minutes.
 *
 * @see <a href="https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html">GetSecretValue</a>
 */
final class SecretText implements UnaryOperator<String> {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final AwsV4HttpSigner SIGNER = AwsV4HttpSigner.create();

    /** Lambda gives a function 10 s to start: three of these and the pauses between them fit. */
    private static final HttpPost HTTP = new HttpPost(Duration.ofSeconds(1), Duration.ofMillis(1_500));

    private static final int ATTEMPTS = 3;
    private static final long FIRST_PAUSE_MILLIS = 200;
    private static final String SERVICE = "secretsmanager";
    private static final Pattern ARN =
            Pattern.compile("arn:(?<partition>aws[a-z-]*):secretsmanager:(?<region>[a-z0-9-]+):\\d{12}:secret:.+");

    private final RuntimeSettings settings;

    SecretText(RuntimeSettings settings) {
        this.settings = settings;
    }

    /**
     * The text.
     *
     * @throws GuardFault when it cannot be read; the message never holds any of it
     */
    @Override
    public String apply(String secretArn) {
        var arn = ARN.matcher(secretArn);
        if (!arn.matches()) {
            throw new GuardFault.Malformed("read secret " + secretArn + ": expected the full ARN of a secret", null);
        }
        var address = address(arn.group("partition"), arn.group("region"));
        for (var attempt = 1; ; attempt++) {
            try {
                return ask(secretArn, address, arn.group("region"));
            } catch (GuardFault fault) {
                if (!fault.isTransient() || attempt == ATTEMPTS) {
                    throw fault;
                }
                pause(FIRST_PAUSE_MILLIS * attempt, fault);
            }
        }
    }

    private URI address(String partition, String region) {
        return settings.find("AWS_ENDPOINT_URL_SECRETS_MANAGER")
                .or(() -> settings.find("AWS_ENDPOINT_URL"))
                .map(URI::create)
                .orElseGet(() -> URI.create("https://%s.%s.amazonaws.com%s/"
                        .formatted(SERVICE, region, partition.equals("aws-cn") ? ".cn" : "")));
    }

    private String ask(String secretArn, URI address, String region) {
        var body = JSON.createObjectNode().put("SecretId", secretArn).toString();
        var request = SdkHttpRequest.builder()
                .method(SdkHttpMethod.POST)
                .uri(address)
                .putHeader("Content-Type", "application/x-amz-json-1.1")
                .putHeader("X-Amz-Target", SERVICE + ".GetSecretValue")
                .build();
        var signed = SIGNER.sign(sign -> sign.identity(identity())
                .request(request)
                .payload(ContentStreamProvider.fromUtf8String(body))
                .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, SERVICE)
                .putProperty(AwsV4HttpSigner.REGION_NAME, region));
        var headers = signed.request().headers().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, header -> String.join(",", header.getValue())));
        var what = "read secret " + secretArn + ": ";
        return switch (HTTP.send(address, headers, body)) {
            case Reply.NotSent(var reason) -> throw new GuardFault.Unavailable(what + reason, null);
            case Reply.Unclear(var reason) -> throw new GuardFault.Unavailable(what + reason, null);
            case Reply.Answered(var status, var answer, var _) -> text(what, status, json(what, status, answer));
        };
    }

    private AwsCredentialsIdentity identity() {
        var keys = LambdaCredentials.read(settings);
        return keys.sessionToken()
                .<AwsCredentialsIdentity>map(token ->
                        AwsSessionCredentialsIdentity.create(keys.accessKeyId(), keys.secretAccessKey(), token))
                .orElseGet(() -> AwsCredentialsIdentity.create(keys.accessKeyId(), keys.secretAccessKey()));
    }

    private static String text(String what, int status, JsonNode answer) {
        if (status != 200) {
            throw refusal(what, status, answer);
        }
        var text = answer.path("SecretString");
        if (!text.isTextual()) {
            throw new GuardFault.Malformed(what + "it has no text; store it as text, not as binary data", null);
        }
        return text.textValue();
    }

    private static GuardFault refusal(String what, int status, JsonNode answer) {
        // Some services put the namespace of their model in front.
        var type = answer.path("__type").asText().replaceFirst("^.*#", "");
        var said = type + " "
                + answer.path("message").asText(answer.path("Message").asText());
        if (status >= 500) {
            return new GuardFault.Unavailable(what + "failed with " + status + " " + said, null);
        }
        return switch (type) {
            case "ThrottlingException", "Throttling", "TooManyRequestsException" ->
                new GuardFault.Throttled(what + "throttled", null);
            case "AccessDeniedException", "UnrecognizedClientException", "ExpiredTokenException" ->
                new GuardFault.Denied(
                        what + said + "; allow secretsmanager:GetSecretValue, and kms:Decrypt where the secret has a"
                                + " key of your own",
                        null);
            case "ResourceNotFoundException" -> new GuardFault.NotFound(what + said, null);
            default -> new GuardFault.Malformed(what + "refused with " + status + " " + said, null);
        };
    }

    private static JsonNode json(String what, int status, String answer) {
        try {
            return JSON.readTree(answer);
        } catch (JsonProcessingException notJson) {
            // Without the parser's message, which quotes what it read.
            throw status >= 500
                    ? new GuardFault.Unavailable(what + "failed with " + status, null)
                    : new GuardFault.Malformed(what + "answered " + status + " without JSON", null);
        }
    }

    private static void pause(long millis, GuardFault fault) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw fault;
        }
    }
}
