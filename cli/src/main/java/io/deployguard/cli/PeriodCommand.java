package io.deployguard.cli;

import io.deployguard.pipeline.Database.Stores;
import io.deployguard.postgres.PostgresDatabase;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A command about all incidents of a period that ends now. */
abstract class PeriodCommand<T> extends MemoryCommand<T> {

    /** More are not read. */
    static final int MOST = 100_000;

    private final Duration usual;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            converter = Durations.class,
            description = "how far back, such as 12h or 90d")
    @Nullable
    Duration since;

    /** @param usual how far back without {@code --since} */
    PeriodCommand(Duration usual) {
        this.usual = usual;
    }

    abstract T read(Stores stores, Instant from, Instant until);

    @Override
    T read(PostgresDatabase database) {
        var until = Clock.systemUTC().instant();
        var from = until.minus(Optional.ofNullable(since).orElse(usual));
        return database.transact("read incidents", stores -> read(stores, from, until));
    }
}
