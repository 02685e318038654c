package io.deployguard.emulators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher in a project of its own, with JDKs and a Maven that only say how they were called. */
class LauncherIT {

    private static final String JAVA = """
            #!/bin/sh
            echo "java of $(dirname "$(dirname "$0")")"
            printf '<%s>\\n' "$@"
            case "$*" in *cat) cat ;; esac
            for argument in "$@"; do
              case $argument in -XX:ArchiveClassesAtExit=*) : >"${argument#*=}" ;; esac
            done
            """;

    /** Makes the jar, counts its runs, and takes long enough for a second launcher to meet it. */
    private static final String MAVEN = """
            #!/bin/sh
            echo run >>"$(dirname "$0")/builds"
            echo "[INFO] Building Deploy Guard: core 0.1.0-SNAPSHOT                  [2/13]"
            if [ -f "$(dirname "$0")/broken" ]; then
              echo "[ERROR] Core.java:[1,1] ';' expected"
              exit 1
            fi
            [ ! -f "$(dirname "$0")/slow" ] || sleep 60
            sleep 1
            mkdir -p cli/target
            echo "$JAVA_HOME $*" >cli/target/deploy-guard.jar
            """;

    @TempDir
    Path temp;

    private Path project;
    private Path usual;
    private Map<String, String> environment;

    @BeforeEach
    void makeProject() throws IOException {
        project = temp.resolve("a project's home");
        usual = temp.resolve("jvm");
        environment = new HashMap<>(Map.of(
                "PATH", tools().toString(), "HOME", folder(temp.resolve("user")).toString()));
        folder(usual);
        var launcher = Files.readString(Project.root().resolve("deploy-guard"));
        // The usual places of this machine are elsewhere for the test.
        executable(
                project.resolve("deploy-guard"),
                launcher.replace("/usr/lib/jvm/*", "'" + usual + "'/*")
                        .replaceAll("(?<=[ \\n])/(usr|opt|Library|home)/[^ \\n;]*", ""));
        executable(project.resolve("mvnw"), MAVEN);
        for (var source : List.of(
                "pom.xml",
                ".mvn/maven.config",
                "cli/pom.xml",
                "functions/detect/pom.xml",
                "shared/core/src/main/java/Core.java")) {
            write(project.resolve(source), "");
        }
    }

    @Nested
    class Jdk {

        @Test
        void isTheOneOfJavaHomeWhenThatIsNewEnough() throws IOException {
            jdk(usual.resolve("jdk-26"), "26.0.1");
            environment.put("JAVA_HOME", jdk(temp.resolve("mine"), "25.0.1").toString());

            assertThat(launch().out()).startsWith("java of " + temp.resolve("mine"));
        }

        @Test
        void isFoundOnThePathThroughItsLinks() throws IOException {
            var jdk = jdk(temp.resolve("on path"), "25");
            var bin = folder(temp.resolve("links"));
            Files.createSymbolicLink(bin.resolve("javac"), jdk.resolve("bin/javac"));
            environment.merge("PATH", bin.toString(), (path, more) -> more + ":" + path);

            assertThat(launch().out()).startsWith("java of " + jdk);
        }

        @Test
        void isFoundInTheUsualPlacesBesideOlderOnesAndRuntimes() throws IOException {
            jdk(usual.resolve("a-jdk-17"), "17.0.9");
            environment.put("JAVA_HOME", usual.resolve("a-jdk-17").toString());
            var runtime = jdk(usual.resolve("b-jre-25"), "25");
            Files.delete(runtime.resolve("bin/javac"));
            var jdk = jdk(usual.resolve("c-jdk-25"), "25.0.1");

            assertThat(launch().out()).startsWith("java of " + jdk);
        }

        @Test
        void isFoundWhereSdkmanPutsIt() throws IOException {
            var jdk = jdk(temp.resolve("user/.sdkman/candidates/java/25-tem"), "25");

            assertThat(launch().out()).startsWith("java of " + jdk);
        }

        @Test
        void isAskedForInOneSentenceWhenThereIsNone() throws IOException {
            jdk(usual.resolve("jdk-21"), "21.0.2");

            var result = launch();

            assertThat(result.exit()).isEqualTo(2);
            assertThat(result.out()).isEmpty();
            assertThat(result.err().lines()).singleElement().asString().contains("JDK 25 or newer");
        }
    }

    @Nested
    class Build {

        @BeforeEach
        void giveJdk() throws IOException {
            jdk(usual.resolve("jdk-25"), "25.0.1");
        }

        @Test
        void happensOnFirstUseOnly() throws IOException {
            var first = launch();
            var second = launch();

            assertThat(builds()).isEqualTo(1);
            assertThat(first.exit()).isZero();
            assertThat(first.err()).contains("building").contains("[2/13] core");
            assertThat(first.out()).doesNotContain("Building");
            assertThat(second.err()).isEmpty();
        }

        @Test
        void packsTheCommandLineAndEveryFunctionWithTheJdkThatWasFound() throws IOException {
            launch();

            assertThat(Files.readString(project.resolve("cli/target/deploy-guard.jar")))
                    .startsWith(usual.resolve("jdk-25").toString())
                    .contains("-DskipTests")
                    .contains("-pl cli,functions/detect -am package");
        }

        @Test
        void happensAgainWhenASourceIsNewer() throws IOException {
            launch();
            touch(project.resolve("shared/core/src/main/java/Core.java"));
            launch();

            assertThat(builds()).isEqualTo(2);
        }

        @Test
        void happensAgainWhenASourceIsGone() throws IOException {
            launch();
            Files.delete(project.resolve("shared/core/src/main/java/Core.java"));
            touch(project.resolve("shared/core/src/main/java"));
            launch();

            assertThat(builds()).isEqualTo(2);
        }

        @Test
        void isNotDisturbedByTestsAndBuiltFiles() throws IOException {
            launch();
            touch(write(project.resolve("shared/core/src/test/java/CoreTest.java"), ""));
            touch(write(project.resolve("shared/core/target/src/main/Core.class"), ""));
            launch();

            assertThat(builds()).isEqualTo(1);
        }

        @Test
        void failsWithTheErrorsAndThePlaceOfTheLog() throws IOException {
            write(project.resolve("broken"), "");

            var result = launch();

            assertThat(result.exit()).isEqualTo(3);
            assertThat(result.out()).isEmpty();
            assertThat(result.err())
                    .contains("';' expected")
                    .contains(project.resolve(".build/build.log").toString());
            assertThat(project.resolve(".build/lock")).doesNotExist();
        }

        @Test
        void isDoneOnceByTwoLaunchersAtOnce() throws Exception {
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var both = List.of(threads.submit(() -> launch()), threads.submit(() -> launch()));
                for (var one : both) {
                    assertThat(one.get().exit()).isZero();
                }
            }
            assertThat(builds()).isEqualTo(1);
        }

        @Test
        void isGivenUpOnCtrlC() throws Exception {
            assumeTrue(Files.isExecutable(Path.of("/usr/bin/setsid")), "setsid starts a process group of its own");
            write(project.resolve("slow"), "");
            var err = temp.resolve("err").toFile();
            var builder = new ProcessBuilder(
                            "/usr/bin/setsid", project.resolve("deploy-guard").toString(), "demo")
                    .redirectError(err);
            builder.environment().clear();
            builder.environment().putAll(environment);
            var launcher = builder.start();
            while (!Files.exists(project.resolve("builds"))) {
                Thread.sleep(20);
            }

            assertThat(Command.of("/bin/sh", "-c", "kill -INT -" + launcher.pid())
                            .run()
                            .exit())
                    .isZero();

            assertThat(launcher.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(launcher.exitValue()).isEqualTo(130);
            assertThat(Files.readString(err.toPath())).endsWith("deploy-guard: interrupted while building\n");
            assertThat(project.resolve(".build/lock")).doesNotExist();
            assertThat(project.resolve("cli/target/built")).doesNotExist();
        }

        @Test
        void doesNotWaitForALauncherThatDied() throws IOException {
            write(project.resolve(".build/lock/pid"), "999999999");

            assertThat(launch().exit()).isZero();
        }

        @Test
        void saysThatMavenHasNoPlaceForItsDownloads() throws IOException {
            environment.put("HOME", write(temp.resolve("file"), "").toString());

            var result = launch();

            assertThat(result.exit()).isEqualTo(3);
            assertThat(result.err().lines()).singleElement().asString().contains("is not writable");
        }
    }

    @Nested
    class Program {

        @BeforeEach
        void giveJdk() throws IOException {
            jdk(usual.resolve("jdk-25"), "25.0.1");
        }

        @Test
        void getsItsArgumentsAsTheyWere() throws IOException {
            assertThat(launch("classify", "a file", "", "*", "--json").out())
                    .contains("<-jar>\n<" + project.resolve("cli/target/deploy-guard.jar")
                            + ">\n<classify>\n<a file>\n<>\n<*>\n<--json>\n");
        }

        @Test
        void startsWithTheClassesThatItsFirstRunLoaded() throws IOException {
            var archive = project.resolve("cli/target/deploy-guard.jsa");

            assertThat(launch("help").out()).contains("<-XX:SharedArchiveFile=" + archive + ">");
            Files.delete(archive);
            assertThat(launch("help").out()).contains("<help>").doesNotContain("SharedArchiveFile");
        }

        @Test
        void readsTheStandardInputEvenWhenItIsBuiltFirst() throws IOException {
            var result = command("cat").reading("{\"id\":\"case-1\"}\n").run();

            assertThat(result.out()).endsWith("{\"id\":\"case-1\"}\n");
        }

        @Test
        void runsFromAnotherFolderThroughALink() throws IOException {
            var elsewhere = folder(temp.resolve("else where"));
            Files.createSymbolicLink(elsewhere.resolve("guard"), Path.of("..", "a project's home", "deploy-guard"));

            var result = Command.of("./guard", "demo")
                    .withOnly(environment)
                    .in(elsewhere)
                    .run();

            assertThat(result.err()).contains("building");
            assertThat(result.out()).contains("<-Ddeployguard.home=" + project + ">");
        }
    }

    private Command command(String... arguments) {
        var words = new java.util.ArrayList<>(
                List.of(project.resolve("deploy-guard").toString()));
        words.addAll(List.of(arguments));
        return Command.of(words).withOnly(environment).in(temp);
    }

    private Command.Result launch(String... arguments) {
        return command(arguments).run();
    }

    private long builds() throws IOException {
        return Files.readAllLines(project.resolve("builds")).size();
    }

    /** A path with the tools that the launcher may count on, and no Java. */
    private Path tools() throws IOException {
        var bin = folder(temp.resolve("bin"));
        for (var tool : List.of(
                "sh",
                "basename",
                "cat",
                "dirname",
                "find",
                "grep",
                "head",
                "mkdir",
                "mv",
                "ps",
                "readlink",
                "rm",
                "sed",
                "sleep",
                "tail",
                "tee")) {
            for (var place : List.of("/usr/bin", "/bin")) {
                var file = Path.of(place, tool);
                if (Files.exists(file) && !Files.exists(bin.resolve(tool))) {
                    executable(bin.resolve(tool), "#!/bin/sh\nexec %s \"$@\"\n".formatted(file));
                }
            }
        }
        return bin;
    }

    private static Path jdk(Path home, String version) throws IOException {
        executable(home.resolve("bin/javac"), "#!/bin/sh\n");
        executable(home.resolve("bin/java"), JAVA);
        write(home.resolve("release"), "IMPLEMENTOR=\"Someone\"\nJAVA_VERSION=\"%s\"\n".formatted(version));
        return home;
    }

    /** Later than everything before, on file systems that count seconds too. */
    private static void touch(Path file) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(5)));
    }

    private static Path executable(Path file, String text) throws IOException {
        write(file, text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static Path write(Path file, String text) throws IOException {
        folder(file.resolveSibling("."));
        return Files.writeString(file, text);
    }

    private static Path folder(Path folder) throws IOException {
        return Files.createDirectories(folder.normalize());
    }
}
