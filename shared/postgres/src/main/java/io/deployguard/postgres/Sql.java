package io.deployguard.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Statements on the connection of one transaction. Values are bound, never joined into the text: {@code String}, {@code long}, {@code int},
 * {@code boolean}, {@code UUID}, {@code Instant}, and {@code Optional} of these for columns that may be null.
 *
 * <p>Two losses, both on purpose: an {@code Instant} is cut to microseconds, which is what a {@code timestamptz} holds; NUL and half surrogate
 * pairs, which no {@code text} column can hold, become the replacement character. Logs contain both.
 */
final class Sql {

    private final Connection connection;

    Sql(Connection connection) {
        this.connection = connection;
    }

    /** Reads one row. */
    interface Reader<T> {
        T read(Row row) throws SQLException;
    }

    /** Rows that were changed. */
    int update(String sql, Object... values) {
        try (var statement = prepare(sql, values)) {
            return statement.executeUpdate();
        } catch (SQLException fault) {
            throw new SqlFault(fault, SqlFault.Moment.WORKING);
        }
    }

    /** A statement of the schema; what it answers in its first column, as {@code create index async} does with the id of a job. */
    Optional<String> execute(String sql) {
        try (var statement = prepare(sql)) {
            if (!statement.execute()) {
                return Optional.empty();
            }
            try (var rows = statement.getResultSet()) {
                return rows.next() ? Optional.ofNullable(rows.getString(1)) : Optional.empty();
            }
        } catch (SQLException fault) {
            throw new SqlFault(fault, SqlFault.Moment.WORKING);
        }
    }

    /** Rows of a query, or of a change that returns some. */
    <T> List<T> list(String sql, Reader<T> reader, Object... values) {
        try (var statement = prepare(sql, values);
                var rows = statement.executeQuery()) {
            var found = new ArrayList<T>();
            var row = new Row(rows);
            while (rows.next()) {
                found.add(reader.read(row));
            }
            return List.copyOf(found);
        } catch (SQLException fault) {
            throw new SqlFault(fault, SqlFault.Moment.WORKING);
        }
    }

    /** The first row. */
    <T> Optional<T> find(String sql, Reader<T> reader, Object... values) {
        return list(sql, reader, values).stream().findFirst();
    }

    private PreparedStatement prepare(String sql, Object... values) throws SQLException {
        var statement = connection.prepareStatement(sql);
        try {
            for (var i = 0; i < values.length; i++) {
                bind(statement, i + 1, values[i]);
            }
            return statement;
        } catch (SQLException | RuntimeException fault) {
            statement.close();
            throw fault;
        }
    }

    private static void bind(PreparedStatement statement, int at, Object value) throws SQLException {
        switch (value) {
            case Optional<?> optional when optional.isPresent() -> bind(statement, at, optional.get());
            case Optional<?> _ -> statement.setObject(at, null);
            case Instant instant ->
                statement.setObject(at, instant.truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC));
            case String text -> statement.setString(at, storable(text));
            default -> statement.setObject(at, value);
        }
    }

    /** The text as a {@code text} column can hold it. */
    static String storable(String text) {
        var clean = true;
        for (var i = 0; i < text.length() && clean; i++) {
            clean = text.charAt(i) != '\0' && !Character.isSurrogate(text.charAt(i));
        }
        if (clean) {
            return text;
        }
        var mended = new StringBuilder(text.length());
        text.codePoints()
                .map(point -> point == 0 || (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE)
                        ? 0xFFFD
                        : point)
                .forEach(mended::appendCodePoint);
        return mended.toString();
    }
}
