package io.deployguard.fault;

import org.jspecify.annotations.Nullable;

/**
 * Somebody the guard asked could not or would not answer. The message says what was tried, on what, what happened and what to do.
 *
 * <p>Adapters translate the exceptions of their libraries into these at their edge and keep them as cause, so that callers decide by kind.
 */
public abstract sealed class GuardFault extends RuntimeException {

    private GuardFault(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** Whether the same question may get an answer a little later. */
    public abstract boolean isTransient();

    /** A quota is used up for the moment. */
    public static final class Throttled extends GuardFault {
        public Throttled(String message, @Nullable Throwable cause) {
            super(message, cause);
        }

        @Override
        public boolean isTransient() {
            return true;
        }
    }

    /** No answer within the time that was left. */
    public static final class TimedOut extends GuardFault {
        public TimedOut(String message, @Nullable Throwable cause) {
            super(message, cause);
        }

        @Override
        public boolean isTransient() {
            return true;
        }
    }

    /** Not allowed; the message names the permission. */
    public static final class Denied extends GuardFault {
        public Denied(String message, @Nullable Throwable cause) {
            super(message, cause);
        }

        @Override
        public boolean isTransient() {
            return false;
        }
    }

    /** It does not exist, or no longer. */
    public static final class NotFound extends GuardFault {
        public NotFound(String message, @Nullable Throwable cause) {
            super(message, cause);
        }

        @Override
        public boolean isTransient() {
            return false;
        }
    }

    /** The other side is away or failed by itself. */
    public static final class Unavailable extends GuardFault {
        public Unavailable(String message, @Nullable Throwable cause) {
            super(message, cause);
        }

        @Override
        public boolean isTransient() {
            return true;
        }
    }

    /** The other side said that this cannot be done in the present state, or the answer has an unknown shape. */
    public static final class Malformed extends GuardFault {
        public Malformed(String message, @Nullable Throwable cause) {
            super(message, cause);
        }

        @Override
        public boolean isTransient() {
            return false;
        }
    }
}
