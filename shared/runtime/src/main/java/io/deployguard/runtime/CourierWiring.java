package io.deployguard.runtime;

import io.deployguard.channels.http.HttpPost;
import io.deployguard.channels.slack.SlackNotifier;
import io.deployguard.channels.slack.SlackToken;
import io.deployguard.channels.slack.SlackWebhookNotifier;
import io.deployguard.notification.NoticeComposer;
import io.deployguard.notification.Notifier;
import io.deployguard.pipeline.Courier;
import io.deployguard.postgres.ConnectionSettings;
import io.deployguard.postgres.PostgresDatabase;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Puts the parts together that speak to people: for the function {@code notify}. */
public final class CourierWiring {

    private static final HttpPost HTTP = new HttpPost(Duration.ofSeconds(3), Duration.ofSeconds(8));

    private CourierWiring() {}

    /**
     * The courier with all channels that are configured.
     *
     * @param secrets from the ARN of a secret to its text
     * @throws RuntimeSettings.SettingError when a channel is named and its credentials are not
     */
    public static Courier courier(RuntimeSettings runtime, UnaryOperator<String> secrets) {
        return new Courier(
                new PostgresDatabase(ConnectionSettings.parse(runtime.databaseUrl())),
                notifiers(runtime, secrets),
                NoticeComposer::compose,
                runtime.clock());
    }

    private static List<Notifier> notifiers(RuntimeSettings runtime, UnaryOperator<String> secrets) {
        var notifiers = new ArrayList<Notifier>();
        runtime.slackChannel().ifPresent(channel -> {
            var token = new SlackToken(text(runtime.slackToken(), runtime.slackTokenSecret(), secrets)
                    .orElseThrow(() -> new RuntimeSettings.SettingError(
                            RuntimeSettings.SLACK_TOKEN_SECRET,
                            "the ARN of the secret with the bot token, since a Slack channel is set",
                            "")));
            notifiers.add(runtime.slackApiUrl()
                    .map(base -> new SlackNotifier(channel, token, URI.create(base), HTTP))
                    .orElseGet(() -> new SlackNotifier(channel, token)));
        });
        text(runtime.slackWebhook(), runtime.slackWebhookSecret(), secrets)
                .ifPresent(address ->
                        notifiers.add(new SlackWebhookNotifier(RuntimeSettings.WEBHOOK_CHANNEL, URI.create(address))));
        return notifiers;
    }

    private static Optional<String> text(
            Optional<String> plain, Optional<String> secretArn, UnaryOperator<String> secrets) {
        return plain.or(() -> secretArn.map(secrets).map(String::strip));
    }
}
