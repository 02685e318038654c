package io.deployguard.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deployguard.fault.GuardFault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;

class AwsFaultsTest {

    private static AwsServiceException refusal(int status, String code, String text) {
        return AwsServiceException.builder()
                .statusCode(status)
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode(code)
                        .errorMessage(text)
                        .build())
                .build();
    }

    @ParameterizedTest(name = "{0} {1} \"{2}\" is {3}")
    @CsvSource(delimiter = '|', textBlock = """
            400 | AccessDeniedException       | no                                   | Denied
            403 | SomethingNew                | no                                   | Denied
            400 | ThrottlingException         | slow down                            | Throttled
            400 | ServiceNotFoundException    | Service not found.                   | NotFound
            400 | TargetGroupNotFound         | One or more target groups not found  | NotFound
            400 | ClientException             | Unable to describe task definition.  | NotFound
            400 | ClientException             | The container instance is draining   | Malformed
            400 | InvalidParameterException   | Unable to describe task definition.  | Malformed
            500 | ServerException             | oops                                 | Unavailable
            503 | ''                          | ''                                   | Unavailable
            400 | ''                          | ''                                   | Malformed
            """)
    void tellsTheKindsApart(int status, String code, String text, String kind) {
        assertThatThrownBy(() -> AwsFaults.ask("ecs:DescribeTaskDefinition", "web:7", () -> {
                    throw refusal(status, code, text);
                }))
                .isInstanceOf(GuardFault.class)
                .hasMessageStartingWith("ecs:DescribeTaskDefinition for web:7: ")
                .satisfies(fault -> assertThat(fault.getClass().getSimpleName()).isEqualTo(kind))
                .hasCauseInstanceOf(AwsServiceException.class);
    }

    @Test
    void saysWhichPermissionIsLacking() {
        assertThatThrownBy(() -> AwsFaults.ask("ecs:DescribeServices", "service shop/web", () -> {
                    throw refusal(400, "AccessDeniedException", "no");
                }))
                .hasMessage(
                        "ecs:DescribeServices for service shop/web: denied; allow ecs:DescribeServices for this role");
    }

    @Test
    void survivesARefusalWithoutDetails() {
        assertThatThrownBy(() -> AwsFaults.ask("ecs:DescribeServices", "service shop/web", () -> {
                    throw AwsServiceException.builder().statusCode(400).build();
                }))
                .isInstanceOf(GuardFault.Malformed.class);
    }

    @Test
    void tellsSilenceFromUnreachability() {
        assertThatThrownBy(() -> AwsFaults.ask("sqs:SendMessage", "queue", () -> {
                    throw ApiCallTimeoutException.create(8_000);
                }))
                .isInstanceOf(GuardFault.TimedOut.class);
        assertThatThrownBy(() -> AwsFaults.ask("sqs:SendMessage", "queue", () -> {
                    throw SdkClientException.create("no route to host");
                }))
                .isInstanceOf(GuardFault.Unavailable.class);
    }
}
