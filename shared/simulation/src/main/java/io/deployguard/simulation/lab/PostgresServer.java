package io.deployguard.simulation.lab;

import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One database cluster in one folder, and the server process over it. */
record PostgresServer(Path bin, RunAs way, Path folder, int port, Process process) implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    /** Between choosing a free port and taking it, another program may take it. */
    private static final int PORT_ATTEMPTS = 3;

    /** The line of {@code postmaster.pid} in which the server says how far it is. */
    private static final int STATUS_LINE = 7;

    /** Makes the cluster, starts the server, and returns when it accepts connections. */
    static PostgresServer start(Path bin, RunAs way, Path folder) throws IOException {
        runToEnd(
                "initdb",
                Processes.start(prepare(
                        way,
                        folder,
                        bin.resolve("initdb").toString(),
                        "--pgdata=" + data(folder),
                        "--username=postgres",
                        "--auth=trust",
                        "--encoding=UTF8",
                        "--locale=C",
                        "--no-sync")));
        IOException last = null;
        for (var attempt = 0; attempt < PORT_ATTEMPTS; attempt++) {
            try {
                return startOn(freePort(), bin, way, folder);
            } catch (PortTaken e) {
                last = e;
            }
        }
        throw new IOException("no free port in %d attempts".formatted(PORT_ATTEMPTS), last);
    }

    /** A server over the same cluster and port, once this one has ended. */
    PostgresServer again() throws IOException {
        return startOn(port, bin, way, folder);
    }

    private static PostgresServer startOn(int port, Path bin, RunAs way, Path folder) throws IOException {
        var builder = new ProcessBuilder(way.command(
                bin.resolve("postgres").toString(),
                "-D" + data(folder),
                "-p" + port,
                "-clisten_addresses=127.0.0.1",
                "-cunix_socket_directories=",
                "-cfsync=off",
                "-cfull_page_writes=off",
                "-csynchronous_commit=off",
                "-ctimezone=UTC"));
        builder.directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log(folder).toFile());
        var process = Processes.start(builder, started -> askToStop(bin, way, folder, started));
        var server = new PostgresServer(bin, way, folder, port, process);
        try {
            server.awaitReady();
            return server;
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private void awaitReady() throws IOException {
        var deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (!status().startsWith("ready")) {
            if (!process.isAlive()) {
                var said = lastWords(Files.readString(log(folder)));
                throw said.contains("could not bind") || said.contains("could not create any TCP/IP sockets")
                        ? new PortTaken(said)
                        : new IOException("postgres ended with exit code %d: %s".formatted(process.exitValue(), said));
            }
            if (System.nanoTime() > deadline) {
                throw new IOException("postgres was not ready after %d s: %s"
                        .formatted(START_LIMIT.toSeconds(), lastWords(Files.readString(log(folder)))));
            }
            pause();
        }
    }

    private String status() throws IOException {
        var lines = pidFile();
        return lines.size() > STATUS_LINE ? lines.get(STATUS_LINE) : "";
    }

    private List<String> pidFile() throws IOException {
        try {
            return Files.readAllLines(data(folder).resolve("postmaster.pid"));
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    /** The server's own process, which is not {@link #process} when {@code su} stands in between. */
    long pid() {
        try {
            return Long.parseLong(pidFile().getFirst().strip());
        } catch (IOException e) {
            return process.pid();
        }
    }

    @Override
    public void close() {
        Processes.stop(process);
    }

    /** SIGTERM would wait for every client; "immediate" does not, and loses nothing since the folder is deleted anyway. */
    private static void askToStop(Path bin, RunAs way, Path folder, Process process) {
        try {
            // Not one of our children that are stopped: this is how they are.
            runToEnd(
                    "pg_ctl",
                    prepare(
                                    way,
                                    folder,
                                    bin.resolve("pg_ctl").toString(),
                                    "stop",
                                    "--pgdata=" + data(folder),
                                    "--mode=immediate",
                                    "--no-wait")
                            .start());
        } catch (IOException e) {
            process.destroy(); // no server in the folder yet, or no longer
        }
    }

    private static ProcessBuilder prepare(RunAs way, Path folder, String... command) {
        return new ProcessBuilder(way.command(command))
                .directory(folder.toFile())
                .redirectErrorStream(true);
    }

    /** Waits for the end of one of PostgreSQL's programs. */
    private static void runToEnd(String program, Process process) throws IOException {
        process.getOutputStream().close();
        String said;
        try (var output = new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)) {
            said = output.readAllAsString();
        }
        var exitCode = await(process);
        if (exitCode != 0) {
            throw new IOException("%s ended with exit code %d: %s".formatted(program, exitCode, lastWords(said)));
        }
    }

    private static int await(Process process) {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
            throw new IllegalStateException("interrupted while PostgreSQL started or stopped", e);
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(10);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while PostgreSQL started", e);
        }
    }

    private static String lastWords(String output) {
        var lines = output.lines().filter(line -> !line.isBlank()).toList();
        return String.join(" / ", lines.subList(Math.max(0, lines.size() - 3), lines.size()));
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static Path data(Path folder) {
        return folder.resolve("data");
    }

    private static Path log(Path folder) {
        return folder.resolve("server.log");
    }

    private static final class PortTaken extends IOException {
        PortTaken(String message) {
            super(message);
        }
    }
}
