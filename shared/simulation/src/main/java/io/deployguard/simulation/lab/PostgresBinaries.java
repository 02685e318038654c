package io.deployguard.simulation.lab;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** Where the programs of a PostgreSQL server come from. */
sealed interface PostgresBinaries {
    String origin();

    /** The folder with {@code initdb}, {@code postgres} and {@code pg_ctl}. */
    Path bin() throws IOException;

    /** The binaries that the program brings for this system, if it does. */
    static Optional<PostgresBinaries> bundled() {
        var os = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac") ? "darwin" : "linux";
        var arch = System.getProperty("os.arch").equals("aarch64") ? "arm_64" : "x86_64";
        var archive = "/postgres-%s-%s.txz".formatted(os, arch);
        return Optional.ofNullable(PostgresBinaries.class.getResource(archive)).map(found -> new Bundled(archive));
    }

    /** What is installed in the usual places, the newest first. */
    static List<PostgresBinaries> installed() {
        var debian = children(Path.of("/usr/lib/postgresql"));
        var others = Stream.of("/usr", "/usr/libexec", "/usr/local/opt", "/opt/homebrew/opt")
                .flatMap(parent -> children(Path.of(parent)))
                .filter(child -> child.getFileName().toString().matches("(pgsql|postgresql)[@-]?\\d.*"));
        var path = Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .filter(folder -> !folder.isEmpty())
                .map(Path::of);
        var versioned = Stream.concat(debian, others)
                .sorted(Comparator.comparingInt(PostgresBinaries::version).reversed())
                .map(home -> home.resolve("bin"));
        return Stream.concat(versioned, path)
                .filter(PostgresBinaries::isComplete)
                .distinct()
                .<PostgresBinaries>map(Installed::new)
                .toList();
    }

    /** An archive on the class path; it is unpacked once for each user of this machine. */
    record Bundled(String archive) implements PostgresBinaries {
        @Override
        public String origin() {
            return "bundled PostgreSQL";
        }

        @Override
        public Path bin() throws IOException {
            byte[] packed;
            try (var resource = Bundled.class.getResourceAsStream(archive)) {
                if (resource == null) {
                    throw new IOException("%s is not on the class path".formatted(archive));
                }
                packed = resource.readAllBytes();
            }
            var user = System.getProperty("user.name");
            var home = Path.of(System.getProperty("java.io.tmpdir"))
                    .resolve("deploy-guard-postgresql-%s-%s".formatted(user, fingerprint(packed)));
            if (!Files.isDirectory(home)) {
                unpackTo(home, packed);
            }
            requireOurs(home);
            return home.resolve("bin");
        }

        /** Beside its place first, then moved there in one step: another process sees all of it or nothing. */
        private static void unpackTo(Path home, byte[] packed) throws IOException {
            var turn = new ReentrantLock();
            var folder = Processes.own(
                    () -> Files.createTempDirectory(home.getParent(), "deploy-guard-unpack-"), unpacked -> {
                        turn.lock(); // and kept: nothing is written any more
                        Folders.delete(unpacked);
                    });
            var unpacked = folder.thing();
            try {
                try (var entries = new TarArchiveInputStream(new XZInputStream(new ByteArrayInputStream(packed)))) {
                    for (var entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
                        turn.lock();
                        try {
                            write(entry, entries, unpacked);
                        } finally {
                            turn.unlock();
                        }
                    }
                }
                // The server may run as another user.
                Files.setPosixFilePermissions(unpacked, PosixFilePermissions.fromString("rwxr-xr-x"));
                Files.move(unpacked, home, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                folder.undoing().run();
                if (!Files.isDirectory(home)) {
                    throw e; // else another process was faster
                }
            } finally {
                folder.undoing().forget();
            }
        }

        private static void write(TarArchiveEntry entry, TarArchiveInputStream content, Path folder)
                throws IOException {
            var target = entry.resolveIn(folder); // refuses names that lead out of the folder
            Files.createDirectories(target.getParent());
            if (entry.isSymbolicLink()) {
                Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
            } else if (entry.isLink()) {
                Files.createLink(target, folder.resolve(entry.getLinkName()));
            } else if (entry.isDirectory()) {
                Files.createDirectories(target);
            } else {
                Files.copy(content, target);
                var executable = (entry.getMode() & 0b001_000_000) != 0;
                Files.setPosixFilePermissions(
                        target, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
            }
        }

        /** The folder for temporary files is everybody's: programs that someone else put there are not run. */
        private static void requireOurs(Path home) throws IOException {
            var probe = Processes.own(() -> Files.createTempFile("deploy-guard-owner-", ""), Folders::delete);
            try {
                if (!Files.getOwner(home).equals(Files.getOwner(probe.thing()))) {
                    throw new IOException("%s belongs to %s; delete it".formatted(home, Files.getOwner(home)));
                }
            } finally {
                probe.undoing().run();
            }
        }

        private static String fingerprint(byte[] packed) {
            try {
                var digest = MessageDigest.getInstance("SHA-256").digest(packed);
                return HexFormat.of().formatHex(digest, 0, 8);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java platform has SHA-256", e);
            }
        }
    }

    /** What the package manager of this machine has put there. */
    record Installed(Path bin) implements PostgresBinaries {
        @Override
        public String origin() {
            return "PostgreSQL in " + bin;
        }
    }

    private static Stream<Path> children(Path folder) {
        if (!Files.isDirectory(folder)) {
            return Stream.of();
        }
        try (var children = Files.list(folder)) {
            return children.toList().stream();
        } catch (IOException e) {
            return Stream.of(); // not ours to read, so not ours to run
        }
    }

    private static int version(Path home) {
        var digits = home.getFileName().toString().replaceFirst("^\\D*(\\d{1,4}).*$", "$1");
        return digits.matches("\\d+") ? Integer.parseInt(digits) : 0;
    }

    private static boolean isComplete(Path bin) {
        return Stream.of("initdb", "postgres", "pg_ctl").allMatch(program -> Files.isExecutable(bin.resolve(program)));
    }
}
