package io.deployguard.channels.slack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deployguard.channels.HttpStub.Answer;
import io.deployguard.channels.NotifierContract;
import io.deployguard.channels.Scenario;
import io.deployguard.notification.Delivery.Delivered;
import io.deployguard.notification.NoticeComposer;
import io.deployguard.notification.Notifier;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SlackWebhookNotifierTest extends NotifierContract {

    @Override
    protected Notifier notifier(URI address) {
        return new SlackWebhookNotifier("alerts", address.resolve("services/" + SECRET), HTTP);
    }

    @Override
    protected Answer accepted() {
        return new Answer(200, "ok", Map.of(), Duration.ZERO);
    }

    @Override
    protected Map<String, Answer> refusals() {
        return Map.of(
                "action_prohibited", new Answer(403, "action_prohibited", Map.of(), Duration.ZERO),
                "no_service", new Answer(404, "no_service", Map.of(), Duration.ZERO),
                "channel_is_archived", new Answer(410, "channel_is_archived", Map.of(), Duration.ZERO));
    }

    @Test
    void saysOneMessageAtTheBeginningAndOneAtTheEnd() {
        stub.then(accepted()).then(accepted());
        var notifier = notifier();
        Optional<String> reference = Optional.empty();
        for (var stage : new Scenario[] {
            Scenario.MIGRATION_CONFLICT_INVESTIGATING,
            Scenario.MIGRATION_CONFLICT_PLANNED,
            Scenario.MIGRATION_CONFLICT_VERIFYING,
            Scenario.MIGRATION_CONFLICT_HEALED,
            Scenario.MIGRATION_CONFLICT_HEALED
        }) {
            reference = ((Delivered) notifier.deliver(NoticeComposer.compose(stage.incident()), reference)).reference();
        }

        assertThat(stub.requests()).hasSize(2);
        assertThat(stub.requests().getFirst().body()).contains("looking for the cause");
        assertThat(stub.requests().getLast().body()).contains("Healed");
        assertThat(reference).contains("webhook/closed");
    }

    @Test
    void saysOneMessageWhenTheFirstThingToldIsTheEnd() {
        stub.then(accepted());

        assertThat(notifier().deliver(closed(), Optional.empty()))
                .isEqualTo(new Delivered(Optional.of("webhook/closed")));
    }

    @Test
    void shortensOnce() {
        stub.then(400, "invalid_blocks").then(accepted());

        assertThat(notifier().deliver(opened(), Optional.empty())).isInstanceOf(Delivered.class);
        assertThat(stub.requests().get(1).body().length())
                .isLessThan(stub.requests().get(0).body().length());
    }

    @Test
    void sendsNoMetadataSinceNobodyCouldReadIt() {
        stub.then(accepted());
        notifier().deliver(opened(), Optional.empty());

        assertThat(stub.requests().getFirst().body())
                .doesNotContain("\"metadata\"")
                .contains("\"unfurl_links\":false");
    }

    @Test
    void refusesWhatIsNoWebAddressWithoutRepeatingIt() {
        assertThatThrownBy(() -> new SlackWebhookNotifier("alerts", URI.create("hooks.slack.com/services/" + SECRET)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining(SECRET);
    }
}
