package io.deployguard.runtime;

import io.deployguard.notification.Notifier;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A kind of channel: which settings switch it on, what the outbox calls it, how it is opened. Every function knows the names, to say who is to be
 * told; only {@code notify} opens channels, and only it has their classes.
 */
interface ChannelKind {

    /** All of them, in the order in which they are told. */
    List<ChannelKind> ALL = List.of(new SlackChannel(), new SlackWebhookChannel(), new GithubChannel());

    /** The name of its notifier, which needs no secret; absent while it is not configured. */
    Optional<String> name(RuntimeSettings settings);

    /**
     * The notifier. Called only when it is configured.
     *
     * @param secrets from the ARN of a secret to its text
     * @throws RuntimeSettings.SettingError when something is missing
     */
    Notifier open(RuntimeSettings settings, UnaryOperator<String> secrets);

    /** What one variable holds, or else the secret that another one names. */
    static Optional<String> text(
            RuntimeSettings settings, String plain, String secretArn, UnaryOperator<String> secrets) {
        return settings.find(plain)
                .or(() -> settings.find(secretArn).map(secrets).map(String::strip));
    }
}
