package io.deployguard.runtime;

import io.deployguard.channels.slack.SlackWebhookNotifier;
import io.deployguard.notification.Notifier;
import java.net.URI;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A channel of Slack, by an incoming webhook; only Slack knows which. */
final class SlackWebhookChannel implements ChannelKind {

    static final String ADDRESS = "DEPLOY_GUARD_SLACK_WEBHOOK";
    static final String ADDRESS_SECRET = "DEPLOY_GUARD_SLACK_WEBHOOK_SECRET";

    @Override
    public Optional<String> name(RuntimeSettings settings) {
        return Stream.of(ADDRESS, ADDRESS_SECRET)
                .flatMap(variable -> settings.find(variable).stream())
                .findFirst()
                .map(_ -> "slack-webhook");
    }

    @Override
    public Notifier open(RuntimeSettings settings, UnaryOperator<String> secrets) {
        var address = ChannelKind.text(settings, ADDRESS, ADDRESS_SECRET, secrets);
        return new SlackWebhookNotifier(name(settings).orElseThrow(), URI.create(address.orElseThrow()));
    }
}
