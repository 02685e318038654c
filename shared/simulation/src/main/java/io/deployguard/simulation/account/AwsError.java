package io.deployguard.simulation.account;

import static java.util.Objects.requireNonNull;

/**
 * A request that AWS would refuse, with the error code AWS would answer.
 *
 * <p>The wire turns it into the shape of the protocol; a domain test sees it as it is.
 */
public final class AwsError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String code;
    private final int httpStatus;

    /**
     * An error of a given kind.
     *
     * @param code the name of the error's shape, e.g. {@code ServiceNotFoundException}
     * @param httpStatus 400 for the caller's fault, 5xx for the service's
     */
    public AwsError(String code, int httpStatus, String message) {
        super(message);
        this.code = code;
        this.httpStatus = httpStatus;
    }

    /** The caller's fault: HTTP 400. */
    public static AwsError refused(String code, String message) {
        return new AwsError(code, 400, message);
    }

    /** A parameter that AWS does not accept. */
    public static AwsError invalid(String message) {
        return refused("InvalidParameterException", message);
    }

    public String code() {
        return code;
    }

    public int httpStatus() {
        return httpStatus;
    }

    /** What AWS says about it. */
    public String message() {
        return requireNonNull(getMessage());
    }
}
