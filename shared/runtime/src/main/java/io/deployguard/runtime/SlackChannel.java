package io.deployguard.runtime;

import io.deployguard.channels.http.BearerToken;
import io.deployguard.channels.http.HttpPost;
import io.deployguard.channels.slack.SlackNotifier;
import io.deployguard.notification.Notifier;
import java.net.URI;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A channel of Slack, by a bot. */
final class SlackChannel implements ChannelKind {

    static final String CHANNEL = "DEPLOY_GUARD_SLACK_CHANNEL";
    static final String TOKEN = "DEPLOY_GUARD_SLACK_TOKEN";
    static final String TOKEN_SECRET = "DEPLOY_GUARD_SLACK_TOKEN_SECRET";

    /** Another address than Slack's own, for a stand-in. */
    static final String API_URL = "DEPLOY_GUARD_SLACK_API_URL";

    @Override
    public Optional<String> name(RuntimeSettings settings) {
        return settings.find(CHANNEL).map(channel -> "slack:" + channel);
    }

    @Override
    public Notifier open(RuntimeSettings settings, UnaryOperator<String> secrets) {
        var token = ChannelKind.text(settings, TOKEN, TOKEN_SECRET, secrets)
                .orElseThrow(() -> new RuntimeSettings.SettingError(
                        TOKEN_SECRET, "the ARN of the secret with the bot token, since a Slack channel is set", ""));
        return new SlackNotifier(
                settings.find(CHANNEL).orElseThrow(),
                new BearerToken("Slack bot token (xoxb-…)", token),
                settings.find(API_URL).map(URI::create).orElse(SlackNotifier.SLACK),
                HttpPost.DEFAULT);
    }
}
