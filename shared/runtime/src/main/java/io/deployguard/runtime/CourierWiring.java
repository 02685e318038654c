package io.deployguard.runtime;

import io.deployguard.channels.slack.SlackRenderer;
import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.ServiceRef;
import io.deployguard.fault.GuardFault;
import io.deployguard.incident.Incident;
import io.deployguard.incident.Progress;
import io.deployguard.notification.NoticeComposer;
import io.deployguard.pipeline.Courier;
import io.deployguard.pipeline.Database;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Puts the parts together that speak to people: for the function {@code notify}. The channels are opened with the first message, and once more when
 * they have been open for a while, so that a token that was changed is in use without anybody's doing. For one thread.
 */
public final class CourierWiring implements Supplier<Courier> {

    /** How long a changed token may take. */
    static final Duration REOPEN = Duration.ofMinutes(15);

    private final Stage stage;
    private final UnaryOperator<String> secrets;
    private final Database database;
    private Optional<Courier> courier = Optional.empty();
    private Instant reopenAt = Instant.MIN;

    /** @param secrets from the ARN of a secret to its text */
    public CourierWiring(Stage stage, UnaryOperator<String> secrets) {
        this.stage = stage;
        this.secrets = secrets;
        this.database = DatabaseWiring.open(stage);
    }

    /**
     * The courier with all channels that are configured.
     *
     * @throws RuntimeSettings.SettingError when a channel is named and its credentials are not
     * @throws GuardFault when a secret cannot be read, and never could
     */
    @Override
    public Courier get() {
        var now = stage.clock().instant();
        if (courier.isEmpty() || !now.isBefore(reopenAt)) {
            courier = Optional.of(reopened());
            reopenAt = now.plus(REOPEN);
        }
        return courier.get();
    }

    /** A message of an incident, as Slack gets it. */
    public static void rehearse(Stage stage) {
        var now = stage.clock().instant();
        var incident = Incident.open(
                new UUID(0, 0),
                ServiceRef.parse("arn:aws:ecs:eu-central-1:123456789012:service/shop/cart"),
                new DeploymentId("ecs-svc/4821907733112098876"),
                new Progress.Advised(),
                new Incident.Sign("restart-loop", now, "3 tasks stopped within 10 min", Optional.empty()));
        new SlackRenderer()
                .render(NoticeComposer.compose(incident, stage.settings().accounts()));
    }

    /** With the former secrets where the present ones cannot be read. */
    private Courier reopened() {
        try {
            return open();
        } catch (GuardFault fault) {
            var former = courier.orElseThrow(() -> fault);
            stage.log().warn("secrets not read again", Map.of("reason", String.valueOf(fault.getMessage())));
            return former;
        }
    }

    private Courier open() {
        var settings = stage.settings();
        var notifiers = ChannelKind.ALL.stream()
                .filter(kind -> kind.name(settings).isPresent())
                .map(kind -> kind.open(settings, secrets))
                .toList();
        return new Courier(database, notifiers, settings.accounts(), settings.clock());
    }
}
