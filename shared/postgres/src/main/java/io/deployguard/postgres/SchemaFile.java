package io.deployguard.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/**
 * One numbered file of the schema. Each of its statements can be repeated harmlessly, so that a run that ended half-way is simply run again.
 *
 * @param name such as {@code V001__events_and_tasks.sql}
 * @param checksum SHA-256 of its text, in hex
 * @param statements in order, without comments
 */
record SchemaFile(int version, String name, String checksum, List<String> statements) {

    /** Names the files, one per line: a folder inside a jar cannot be listed reliably. */
    static final String INDEX = "/db/migrations.txt";

    private static final Pattern NAME = Pattern.compile("V(\\d{3})__[a-z0-9_]+\\.sql");

    SchemaFile {
        statements = List.copyOf(statements);
    }

    /** The files this program brings, in the order of their numbers. A number may be left out: people number in parallel. */
    static List<SchemaFile> all() {
        var files = resource(INDEX)
                .lines()
                .filter(line -> !line.isBlank())
                .map(name -> parse(name, resource("/db/" + name)))
                .toList();
        for (var i = 1; i < files.size(); i++) {
            if (files.get(i).version() <= files.get(i - 1).version()) {
                throw new IllegalStateException("%s: expected a number above that of %s, got %s"
                        .formatted(INDEX, files.get(i - 1).name(), files.get(i).name()));
            }
        }
        return files;
    }

    static SchemaFile parse(String name, String text) {
        var matcher = NAME.matcher(name);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("schema file: expected V001__what_it_does.sql, got " + name);
        }
        // A checkout with other line ends is the same file.
        var normalized = text.replace("\r\n", "\n");
        var statements = Arrays.stream(normalized.replaceAll("--[^\n]*", "").split(";", -1))
                .map(String::strip)
                .filter(statement -> !statement.isEmpty())
                .toList();
        return new SchemaFile(Integer.parseInt(matcher.group(1)), name, sha256(normalized), statements);
    }

    private static String resource(String path) {
        try (var stream = SchemaFile.class.getResourceAsStream(path)) {
            if (stream == null) {
                throw new IllegalStateException("resource " + path + ": expected on the class path, not found");
            }
            return new String(stream.readAllBytes(), UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("resource " + path, unreadable);
        }
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
