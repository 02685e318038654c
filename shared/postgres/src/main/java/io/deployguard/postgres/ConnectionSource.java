package io.deployguard.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/**
 * Opens connections to the guard's database. {@link ConnectionSettings} is the usual one; a source that asks for a fresh IAM token at each
 * opening serves Aurora DSQL. May be called by several threads.
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
