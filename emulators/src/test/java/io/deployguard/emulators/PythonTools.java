package io.deployguard.emulators;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Emulators and checkers written in Python, installed by the build into a virtual environment of its own under {@code .build/}, every file by the
 * hash in a file of requirements. Set up once for each state of that file; several builds at once wait for the first.
 */
final class PythonTools {

    private static final Duration INSTALLATION = Duration.ofMinutes(10);
    private static final List<String> INTERPRETERS =
            List.of("python3", "python3.14", "python3.13", "python3.12", "python3.11", "python3.10");
    private static final String USABLE =
            "import sys, venv, ensurepip; sys.exit(0 if sys.version_info >= (3, 10) else 'Python %d.%d' % sys.version_info[:2])";

    private final Path environment;

    PythonTools(Path environment) {
        this.environment = environment;
    }

    /** Whether the tools can be used here. */
    sealed interface Found {
        record Ready(PythonTools tools) implements Found {}

        record Missing(String reason) implements Found {}
    }

    private static final class Once {
        private static final Found FOUND = look("requirements.txt", "moto, cfn-lint and SAM's translator");
    }

    private static final class LocalStackOnce {
        private static final Found FOUND = look("localstack.txt", "LocalStack");
    }

    private static final class SamOnce {
        private static final Found FOUND = look("sam.txt", "the SAM CLI");
    }

    /** The tools, installed if they were not. */
    static Found find() {
        return Once.FOUND;
    }

    /** LocalStack, in an environment of its own, since it brings another moto. */
    static Found findLocalStack() {
        return LocalStackOnce.FOUND;
    }

    /** The SAM CLI, in an environment of its own, since it brings another cfn-lint. */
    static Found findSam() {
        return SamOnce.FOUND;
    }

    /**
     * The tools.
     *
     * @throws IllegalStateException with the reason when they cannot be used here
     */
    static PythonTools require() {
        return require(find());
    }

    /**
     * LocalStack, and what comes with it.
     *
     * @throws IllegalStateException with the reason when it cannot be installed here
     */
    static PythonTools requireLocalStack() {
        return require(findLocalStack());
    }

    /**
     * The SAM CLI, and what comes with it.
     *
     * @throws IllegalStateException with the reason when it cannot be installed here
     */
    static PythonTools requireSam() {
        return require(findSam());
    }

    private static PythonTools require(Found found) {
        return switch (found) {
            case Found.Ready(var tools) -> tools;
            case Found.Missing(var reason) -> throw new IllegalStateException(reason);
        };
    }

    /** A command of the virtual environment, such as {@code python} or {@code moto_server}. */
    Path program(String name) {
        return environment.resolve("bin").resolve(name);
    }

    /**
     * A file of a package.
     *
     * @param path below {@code site-packages}
     */
    Optional<Path> findFile(String path) {
        try (var versions = Files.newDirectoryStream(environment.resolve("lib"), "python3*")) {
            for (var version : versions) {
                var file = version.resolve("site-packages").resolve(path);
                if (Files.isRegularFile(file)) {
                    return Optional.of(file);
                }
            }
            return Optional.empty();
        } catch (IOException unreadable) {
            throw new UncheckedIOException("look for " + path + " in " + environment, unreadable);
        }
    }

    private static Found look(String file, String tools) {
        var python = interpreter();
        if (python.isEmpty()) {
            return new Found.Missing(
                    "Python 3.10 or newer with its module venv is missing (on Debian: apt-get install python3-venv);"
                            + " the tests that need " + tools + " are left out");
        }
        try {
            return install(python.get(), Project.root().resolve("emulators").resolve(file), tools);
        } catch (IOException unable) {
            throw new UncheckedIOException("install emulators", unable);
        }
    }

    private static Optional<String> interpreter() {
        return INTERPRETERS.stream()
                .filter(name ->
                        isOnPath(name) && Command.of(name, "-c", USABLE).run().exit() == 0)
                .findFirst();
    }

    private static boolean isOnPath(String name) {
        return List.of(System.getenv().getOrDefault("PATH", "").split(":")).stream()
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
    }

    private static Found install(String python, Path requirements, String tools) throws IOException {
        var builds = Files.createDirectories(Project.root().resolve(".build"));
        var environment = builds.resolve("python-" + hash(requirements, python));
        // Each environment has its own: they are installed beside each other.
        try (var lock = FileChannel.open(
                        builds.resolve(environment.getFileName() + ".lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
                var held = lock.lock()) {
            // A virtual environment cannot be moved once it is made, so a file in it says that it is whole.
            var whole = environment.resolve("whole");
            if (held.isValid() && !Files.exists(whole)) {
                delete(environment);
                System.err.println("emulators: installing " + tools + " from PyPI, once, into " + environment);
                var made = Command.of(python, "-m", "venv", environment.toString())
                        .within(INSTALLATION)
                        .run();
                if (made.exit() != 0) {
                    return new Found.Missing(
                            "a virtual environment cannot be made with " + python + ": " + lastLine(made));
                }
                var installed = Command.of(
                                environment.resolve("bin/python").toString(),
                                "-m",
                                "pip",
                                "install",
                                "--quiet",
                                "--disable-pip-version-check",
                                // Of thousands of files a few hundred are ever imported.
                                "--no-compile",
                                "--require-hashes",
                                // All that is needed stands in the file; looking for it, pip takes a package with
                                // extras for another one.
                                "--no-deps",
                                "--only-binary=:all:",
                                "--requirement",
                                requirements.toString())
                        .within(INSTALLATION)
                        .run();
                if (installed.exit() != 0) {
                    return new Found.Missing(tools + " cannot be installed from PyPI: " + lastLine(installed));
                }
                Files.createFile(whole);
            }
        }
        return new Found.Ready(new PythonTools(environment));
    }

    private static String lastLine(Command.Result result) {
        return result.err().lines().filter(line -> !line.isBlank()).reduce("exit " + result.exit(), (_, line) -> line);
    }

    /** Of what is installed, and for which Python. */
    private static String hash(Path requirements, String python) throws IOException {
        var version = Command.of(
                        python, "-c", "import sys, platform; print(sys.version, platform.machine(), sys.base_prefix)")
                .run();
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update(Files.readAllBytes(requirements));
            digest.update(version.out().getBytes(java.nio.charset.StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest.digest(), 0, 6);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (var all = Files.walk(folder)) {
                for (var path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }
}
