package io.deployguard.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.function.Supplier;

/** Logs in by IAM, each time with a token of its own. */
record IamLogin(ConnectionSettings settings, IamService service, Supplier<AwsKeys> keys, InstantSource clock)
        implements ConnectionSource {

    @Override
    public Connection open() throws SQLException {
        return signed().open();
    }

    /** The settings with a token of this moment. */
    ConnectionSettings signed() {
        return settings.withPassword(service.token(settings, keys.get(), clock.instant()));
    }

    @Override
    public String describe() {
        return settings.describe();
    }

    @Override
    public Dialect dialect() {
        return settings.dialect();
    }

    @Override
    public String toString() {
        return describe();
    }
}
