package io.deployguard.simulation.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A PostgreSQL server of our own: on a free port of the loopback interface, in a fresh folder that is deleted at the end.
 *
 * <p>The program brings the server's binaries (Linux and macOS, x86-64 and arm64); where they do not run, an installed PostgreSQL serves.
 * The server refuses to run as root, so root starts it through a user namespace, or, where those are forbidden, as another user.
 *
 * <p>It is fast rather than durable: nothing is flushed to disk.
 */
public final class LocalPostgres implements AutoCloseable {
    private static final String USER = "postgres";

    private volatile PostgresServer server;
    private final Processes.CleanUp deletion;

    private LocalPostgres(PostgresServer server, Processes.CleanUp deletion) {
        this.server = server;
        this.deletion = deletion;
    }

    /**
     * Starts a server and returns when it accepts connections: about 1 s, and 2 s more when the binaries are unpacked for the first time.
     *
     * @throws IllegalStateException when no way of starting works on this machine; the message tells what was tried and what to do
     */
    public static LocalPostgres start() {
        return start(
                Stream.concat(PostgresBinaries.bundled().stream(), PostgresBinaries.installed().stream())
                        .toList(),
                RunAs.ways());
    }

    /** Tries the given binaries, the first first, each in all the given ways. */
    static LocalPostgres start(List<PostgresBinaries> choices, List<RunAs> ways) {
        var tried = new ArrayList<String>();
        for (var binaries : choices) {
            for (var way : ways) {
                try {
                    return start(binaries, way);
                } catch (IOException e) {
                    tried.add("%s, %s: %s".formatted(binaries.origin(), way.description(), e.getMessage()));
                }
            }
        }
        throw new IllegalStateException(
                "start PostgreSQL: %s. Install PostgreSQL 15 or newer, or run as a user other than root, or name a database in DEPLOY_GUARD_DATABASE_URL"
                        .formatted(tried.isEmpty() ? "no binaries for this system" : String.join("; ", tried)));
    }

    private static LocalPostgres start(PostgresBinaries binaries, RunAs way) throws IOException {
        var folder = Processes.own(() -> Files.createTempDirectory("deploy-guard-postgres-"), Folders::delete);
        try {
            way.giveTo(folder.thing());
            return new LocalPostgres(PostgresServer.start(binaries.bin(), way, folder.thing()), folder.undoing());
        } catch (IOException | RuntimeException e) {
            folder.undoing().run();
            throw e;
        }
    }

    public int port() {
        return server.port();
    }

    /** The user to log in as: a superuser, without a password. */
    public String user() {
        return USER;
    }

    /** The address of the database {@code postgres} with its user. */
    public String jdbcUrl() {
        return jdbcUrl("postgres");
    }

    /** The address of another database of this server with its user. */
    public String jdbcUrl(String database) {
        return "jdbc:postgresql://127.0.0.1:%d/%s?user=%s".formatted(port(), database, USER);
    }

    /** The server's own process id. */
    long pid() {
        return server.pid();
    }

    Path folder() {
        return server.folder();
    }

    /** Ends the server at once, as a crash would: connections are cut and new ones refused. What was written stays. */
    public void goAway() {
        server.close();
    }

    /**
     * Starts the server again after {@link #goAway}, on the same port.
     *
     * @throws UncheckedIOException when it cannot be started, since the port is taken by now for instance
     */
    public void comeBack() {
        try {
            server = server.again();
        } catch (IOException unable) {
            throw new UncheckedIOException("start PostgreSQL again", unable);
        }
    }

    /** Stops the server at once, cutting the connections that are open, and deletes its folder. */
    @Override
    public void close() {
        server.close();
        deletion.run();
    }
}
