package io.deployguard.aws;

import io.deployguard.fault.GuardFault;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;

/** Asks AWS and translates what the SDK throws into faults, each with what was tried, on what, what happened and what to do. */
public final class AwsFaults {

    private static final Set<String> DENIED =
            Set.of("AccessDeniedException", "AccessDenied", "UnauthorizedOperation", "UnrecognizedClientException");
    private static final Set<String> THROTTLED =
            Set.of("ThrottlingException", "Throttling", "TooManyRequestsException", "RequestLimitExceeded");

    private AwsFaults() {}

    /**
     * The answer to one question.
     *
     * @param action IAM name of the call, such as {@code ecs:DescribeServices}
     * @param subject what it is about, such as {@code service shop/web}
     */
    public static <T> T ask(String action, String subject, Supplier<T> question) {
        try {
            return question.get();
        } catch (AwsServiceException refused) {
            throw translate(action, subject, refused);
        } catch (ApiCallTimeoutException | ApiCallAttemptTimeoutException late) {
            throw new GuardFault.TimedOut(action + " for " + subject + ": no answer in time", late);
        } catch (SdkClientException unreachable) {
            throw new GuardFault.Unavailable(
                    action + " for " + subject + ": could not be asked; " + unreachable.getMessage(), unreachable);
        }
    }

    /** ECS has no code of its own for a task definition that is not there, and none for one that was deleted. */
    private static boolean isMissingTaskDefinition(String code, String text) {
        return code.equals("ClientException") && text.startsWith("Unable to describe task definition");
    }

    private static GuardFault translate(String action, String subject, AwsServiceException refused) {
        var details = refused.awsErrorDetails();
        var code = details == null || details.errorCode() == null ? "" : details.errorCode();
        var text = details == null || details.errorMessage() == null ? "" : details.errorMessage();
        var what = action + " for " + subject + ": ";
        if (DENIED.contains(code) || refused.statusCode() == 403) {
            return new GuardFault.Denied(what + "denied; allow " + action + " for this role", refused);
        }
        if (THROTTLED.contains(code) || refused.isThrottlingException()) {
            return new GuardFault.Throttled(what + "throttled", refused);
        }
        if (code.toLowerCase(Locale.ROOT).contains("notfound")
                || code.startsWith("NoSuch")
                || code.endsWith("DoesNotExistException")
                || isMissingTaskDefinition(code, text)) {
            return new GuardFault.NotFound(what + "not found; " + text, refused);
        }
        if (refused.statusCode() >= 500) {
            return new GuardFault.Unavailable(what + "failed with " + refused.statusCode() + " " + code, refused);
        }
        return new GuardFault.Malformed(what + "refused with " + code + "; " + text, refused);
    }
}
