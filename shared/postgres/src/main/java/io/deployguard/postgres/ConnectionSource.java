package io.deployguard.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.function.Supplier;
import javax.sql.DataSource;

/**
 * Opens connections to the guard's database: with a password, or by IAM with a fresh token for each ({@link #parse}). May be called by several
 * threads.
 */
public interface ConnectionSource {

    /**
     * A new connection, which the caller closes.
     *
     * @throws SQLException when the database cannot be reached or refuses the login, within seconds
     */
    Connection open() throws SQLException;

    /** {@code host:port/database} for messages; never a user's password or token. */
    String describe();

    default Dialect dialect() {
        return Dialect.POSTGRESQL;
    }

    /**
     * Connections to the database of a URL, as {@link ConnectionSettings} describes it.
     *
     * @param keys asked for at each login by IAM, and never without one
     * @throws IllegalArgumentException when the URL cannot be read
     */
    static ConnectionSource parse(String url, Supplier<AwsKeys> keys) {
        var settings = ConnectionSettings.parse(url);
        return settings.login()
                .<ConnectionSource>map(service -> new IamLogin(settings, service, keys, InstantSource.system()))
                .orElse(settings);
    }

    /** Connections of a data source. */
    static ConnectionSource of(DataSource dataSource, String description) {
        return new ConnectionSource() {
            @Override
            public Connection open() throws SQLException {
                return dataSource.getConnection();
            }

            @Override
            public String describe() {
                return description;
            }
        };
    }
}
