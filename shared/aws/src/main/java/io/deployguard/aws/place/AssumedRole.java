package io.deployguard.aws.place;

import io.deployguard.aws.place.SecurityTokens.Session;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/** Credentials of a role, asked for anew shortly before they end. Thread-safe. */
final class AssumedRole implements AwsCredentialsProvider {

    /** A call that begins now must be over before the credentials are. */
    private static final Duration BEFORE_THE_END = Duration.ofMinutes(5);

    private final Supplier<Session> assume;
    private final InstantSource clock;
    private @Nullable Session session;

    AssumedRole(Supplier<Session> assume, InstantSource clock) {
        this.assume = assume;
        this.clock = clock;
    }

    @Override
    public synchronized AwsCredentials resolveCredentials() {
        var known = session;
        if (known == null || !clock.instant().isBefore(known.expiresAt().minus(BEFORE_THE_END))) {
            known = assume.get();
            session = known;
        }
        return known.credentials();
    }
}
