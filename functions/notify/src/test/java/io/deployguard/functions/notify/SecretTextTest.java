package io.deployguard.functions.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deployguard.fault.GuardFault;
import io.deployguard.runtime.RuntimeSettings;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretTextTest {

    private static final String ARN = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:slack-token-AbCdEf";
    private static final String TOKEN = "xoxb-not-a-real-token";
    private static final String ANSWER = "{\"ARN\":\"" + ARN + "\",\"SecretString\":\"" + TOKEN + "\"}";

    private final AwsStub aws = new AwsStub();
    private final Map<String, String> environment = new HashMap<>(Map.of(
            "AWS_ENDPOINT_URL", aws.address(),
            "AWS_ACCESS_KEY_ID", "AKIDEXAMPLE",
            "AWS_SECRET_ACCESS_KEY", "secret of the key",
            "AWS_SESSION_TOKEN", "session of the role"));

    @AfterEach
    void close() {
        aws.close();
    }

    @Nested
    class Request {

        @Test
        void asksForTheSecretByItsArn() {
            aws.then(200, ANSWER);

            assertThat(read()).isEqualTo(TOKEN);

            var request = aws.requests().getFirst();
            assertThat(request.headers())
                    .containsEntry("x-amz-target", "secretsmanager.GetSecretValue")
                    .containsEntry("content-type", "application/x-amz-json-1.1");
            assertThat(request.body()).isEqualTo("{\"SecretId\":\"" + ARN + "\"}");
        }

        @Test
        void isSignedWithTheRoleOfTheFunctionForTheRegionOfTheSecret() throws Exception {
            environment.put("AWS_REGION", "us-east-1");
            aws.then(200, ANSWER);
            read();

            var outcome = SignatureCheck.of(aws.requests().getFirst(), "secret of the key");

            assertThat(outcome.isGenuine()).isTrue();
            assertThat(outcome.scope()).endsWith("/eu-central-1/secretsmanager/aws4_request");
            assertThat(outcome.headers()).contains("host", "x-amz-date", "x-amz-security-token", "x-amz-target");
            assertThat(aws.requests().getFirst().headers())
                    .containsEntry("x-amz-security-token", "session of the role");
        }

        @Test
        void isSignedWithALastingKeyWhenThereIsNoSession() throws Exception {
            environment.remove("AWS_SESSION_TOKEN");
            aws.then(200, ANSWER);
            read();

            assertThat(SignatureCheck.of(aws.requests().getFirst(), "secret of the key")
                            .isGenuine())
                    .isTrue();
            assertThat(aws.requests().getFirst().headers()).doesNotContainKey("x-amz-security-token");
        }

        /** What Lambda gives a function that was restored from a snapshot. */
        @Test
        void isSignedWithWhatTheLocalAddressGives() throws Exception {
            environment.keySet().removeIf(name -> !name.equals("AWS_ENDPOINT_URL"));
            environment.put("AWS_CONTAINER_CREDENTIALS_FULL_URI", aws.address() + "/2021-04-23/credentials");
            environment.put("AWS_CONTAINER_AUTHORIZATION_TOKEN", "for this function alone");
            aws.then(200, "{\"AccessKeyId\":\"ASIA\",\"SecretAccessKey\":\"of the hour\",\"Token\":\"session\"}")
                    .then(200, ANSWER);

            assertThat(read()).isEqualTo(TOKEN);

            assertThat(aws.requests().getFirst().headers()).containsEntry("authorization", "for this function alone");
            assertThat(SignatureCheck.of(aws.requests().getLast(), "of the hour")
                            .isGenuine())
                    .isTrue();
        }

        @Test
        void goesToTheAddressOfTheServiceBeforeThatOfAll() {
            environment.put("AWS_ENDPOINT_URL", "http://127.0.0.1:1");
            environment.put("AWS_ENDPOINT_URL_SECRETS_MANAGER", aws.address());
            aws.then(200, ANSWER);

            assertThat(read()).isEqualTo(TOKEN);
        }
    }

    @Nested
    class Refusals {

        @ParameterizedTest(name = "{0} {1}: {2}")
        @CsvSource({
            "400, AccessDeniedException, Denied, allow secretsmanager:GetSecretValue",
            "400, ResourceNotFoundException, NotFound, find the specified secret",
            "400, com.amazonaws.secretsmanager#ResourceNotFoundException, NotFound, find the specified secret",
            "400, InvalidRequestException, Malformed, refused with 400 InvalidRequestException"
        })
        void areToldAtOnce(int status, String type, String kind, String part) {
            aws.then(status, "{\"__type\":\"" + type + "\",\"Message\":\"cannot find the specified secret\"}");

            assertThatThrownBy(SecretTextTest.this::read)
                    .isInstanceOf(GuardFault.class)
                    .satisfies(fault ->
                            assertThat(fault.getClass().getSimpleName()).isEqualTo(kind))
                    .hasMessageContaining(ARN)
                    .hasMessageContaining(part);
            assertThat(aws.requests()).hasSize(1);
        }

        @Test
        void ofTheMomentAreAskedAgain() {
            aws.then(503, "<html>busy</html>")
                    .then(400, "{\"__type\":\"ThrottlingException\"}")
                    .then(200, ANSWER);

            assertThat(read()).isEqualTo(TOKEN);
        }

        @Test
        void thatLastAreToldAfterThreeAttempts() {
            aws.then(500, "{\"__type\":\"InternalServiceError\"}")
                    .then(500, "{\"__type\":\"InternalServiceError\"}")
                    .then(500, "{\"__type\":\"InternalServiceError\"}")
                    .then(200, ANSWER);

            assertThatThrownBy(SecretTextTest.this::read)
                    .isInstanceOf(GuardFault.Unavailable.class)
                    .hasMessageContaining("failed with 500 InternalServiceError");
        }

        @Test
        void nameTheServerThatIsNotThere() {
            environment.put("AWS_ENDPOINT_URL", "http://127.0.0.1:1");

            assertThatThrownBy(SecretTextTest.this::read)
                    .isInstanceOf(GuardFault.Unavailable.class)
                    .hasMessageContaining("no connection");
        }

        @ParameterizedTest
        @ValueSource(strings = {"{\"SecretBinary\":\"AAEC\"}", "xoxb-but-not-json", "[]"})
        void neverQuoteTheAnswer(String answer) {
            aws.then(200, answer);

            assertThatThrownBy(SecretTextTest.this::read)
                    .isInstanceOf(GuardFault.Malformed.class)
                    .hasMessageContaining(ARN)
                    .hasMessageNotContainingAny("xoxb", "AAEC")
                    .hasNoCause();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"slack-token", "arn:aws:ssm:eu-central-1:123456789012:parameter/slack", ""})
    void needsTheArnOfASecret(String other) {
        assertThatThrownBy(() -> secrets().apply(other))
                .isInstanceOf(GuardFault.Malformed.class)
                .hasMessageContaining("expected the full ARN of a secret");
        assertThat(aws.requests()).isEmpty();
    }

    @Test
    void saysWhichCredentialsItLooksFor() {
        environment.keySet().removeIf(name -> !name.equals("AWS_ENDPOINT_URL"));

        assertThatThrownBy(this::read)
                .hasMessageContaining("AWS_ACCESS_KEY_ID")
                .hasMessageContaining("AWS_CONTAINER_CREDENTIALS_FULL_URI");
    }

    private String read() {
        return secrets().apply(ARN);
    }

    private SecretText secrets() {
        return new SecretText(RuntimeSettings.of(environment));
    }
}
