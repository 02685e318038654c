package io.deployguard.simulation.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** As whom a program runs that refuses to run as root. */
sealed interface RunAs {
    /** The command that runs {@code program} so. */
    List<String> command(String... program);

    /** Makes a fresh folder usable for that user. */
    void giveTo(Path folder) throws IOException;

    String description();

    /** As the user that we are; not for root. */
    record Ourselves() implements RunAs {
        @Override
        public List<String> command(String... program) {
            return List.of(program);
        }

        @Override
        public void giveTo(Path folder) {}

        @Override
        public String description() {
            return "as the current user";
        }
    }

    /** In a user namespace, where root is nobody in particular and still owns its files. */
    record Namespace() implements RunAs {
        @Override
        public List<String> command(String... program) {
            return Stream.concat(Stream.of("unshare", "--user"), Stream.of(program))
                    .toList();
        }

        @Override
        public void giveTo(Path folder) {}

        @Override
        public String description() {
            return "as root in a user namespace";
        }
    }

    /** As another user, by util-linux; the program replaces {@code setpriv} and keeps its process id. */
    record Setpriv(String user, String uid, String gid) implements RunAs {
        @Override
        public List<String> command(String... program) {
            var prefix = Stream.of("setpriv", "--reuid=" + uid, "--regid=" + gid, "--clear-groups", "--");
            return Stream.concat(prefix, Stream.of(program)).toList();
        }

        @Override
        public void giveTo(Path folder) throws IOException {
            own(folder, user);
        }

        @Override
        public String description() {
            return "as %s through setpriv".formatted(user);
        }
    }

    /** As another user, by the oldest way there is; {@code su} stays as the parent of the program. */
    record Su(String user) implements RunAs {
        @Override
        public List<String> command(String... program) {
            var line = Stream.of(program).map(Su::quote).collect(Collectors.joining(" ", "exec ", ""));
            return List.of("su", "-s", "/bin/sh", user, "-c", line);
        }

        private static String quote(String word) {
            return "'" + word.replace("'", "'\\''") + "'";
        }

        @Override
        public void giveTo(Path folder) throws IOException {
            own(folder, user);
        }

        @Override
        public String description() {
            return "as %s through su".formatted(user);
        }
    }

    /** The ways that this machine offers to this user, the best first. */
    static List<RunAs> ways() {
        if (!answer("id", "-u").equals(Optional.of("0"))) {
            return List.of(new Ourselves());
        }
        var ways = new ArrayList<RunAs>();
        if (isLinux() && answer("unshare", "--user", "true").isPresent()) {
            ways.add(new Namespace());
        }
        ways.addAll(otherUsers());
        return List.copyOf(ways);
    }

    /** Only the ways through another user: what is left where user namespaces are forbidden. */
    static List<RunAs> otherUsers() {
        var ways = new ArrayList<RunAs>();
        for (var user : List.of("postgres", "nobody")) {
            var uid = answer("id", "-u", user);
            var gid = answer("id", "-g", user);
            if (uid.isPresent() && gid.isPresent()) {
                var setpriv = new Setpriv(user, uid.get(), gid.get());
                Stream.of(setpriv, new Su(user))
                        .filter(way ->
                                answer(way.command("/bin/sh", "-c", "true")).isPresent())
                        .forEach(ways::add);
            }
        }
        return List.copyOf(ways);
    }

    private static void own(Path folder, String user) throws IOException {
        var owner = folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(user);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        Files.setOwner(folder, owner);
    }

    private static boolean isLinux() {
        return System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("linux");
    }

    private static Optional<String> answer(String... command) {
        return answer(List.of(command));
    }

    /** What a small command prints; empty when it is not there, fails, or hangs. */
    private static Optional<String> answer(List<String> command) {
        try {
            var process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return Optional.empty();
            }
            try (var output = process.inputReader()) {
                var said = output.readAllAsString().strip();
                return process.exitValue() == 0 ? Optional.of(said) : Optional.empty();
            }
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
