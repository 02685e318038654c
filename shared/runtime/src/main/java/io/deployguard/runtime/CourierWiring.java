package io.deployguard.runtime;

import io.deployguard.pipeline.Courier;
import io.deployguard.postgres.PostgresDatabase;
import java.util.function.UnaryOperator;

/** Puts the parts together that speak to people: for the function {@code notify}. */
public final class CourierWiring {

    private CourierWiring() {}

    /**
     * The courier with all channels that are configured.
     *
     * @param secrets from the ARN of a secret to its text
     * @throws RuntimeSettings.SettingError when a channel is named and its credentials are not
     */
    public static Courier courier(RuntimeSettings runtime, UnaryOperator<String> secrets) {
        var notifiers = ChannelKind.ALL.stream()
                .filter(kind -> kind.name(runtime).isPresent())
                .map(kind -> kind.open(runtime, secrets))
                .toList();
        return new Courier(
                new PostgresDatabase(DatabaseWiring.source(runtime)), notifiers, runtime.accounts(), runtime.clock());
    }
}
