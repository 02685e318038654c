package io.deployguard.postgres;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The present row of a result, by column name. */
final class Row {

    private final ResultSet rows;

    Row(ResultSet rows) {
        this.rows = rows;
    }

    String text(String column) throws SQLException {
        return there(rows.getString(column), column);
    }

    Optional<String> optionalText(String column) throws SQLException {
        return Optional.ofNullable(rows.getString(column));
    }

    Instant instant(String column) throws SQLException {
        return optionalInstant(column).orElseThrow(() -> isNull(column));
    }

    Optional<Instant> optionalInstant(String column) throws SQLException {
        return Optional.ofNullable(rows.getObject(column, OffsetDateTime.class)).map(OffsetDateTime::toInstant);
    }

    UUID uuid(String column) throws SQLException {
        return there(rows.getObject(column, UUID.class), column);
    }

    long number(String column) throws SQLException {
        return rows.getLong(column);
    }

    boolean flag(String column) throws SQLException {
        return rows.getBoolean(column);
    }

    private static <T> T there(@Nullable T value, String column) {
        if (value == null) {
            throw isNull(column);
        }
        return value;
    }

    private static IllegalStateException isNull(String column) {
        return new IllegalStateException("column " + column + ": expected a value, got null");
    }
}
