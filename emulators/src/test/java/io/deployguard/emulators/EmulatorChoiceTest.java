package io.deployguard.emulators;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Which emulator the suite takes, and that it says so. */
class EmulatorChoiceTest {

    private static final PythonTools.Found NO_PYTHON = new PythonTools.Found.Missing("Python 3.10 is missing");

    @Nested
    class OfLocalStack {

        private final AtomicInteger asked = new AtomicInteger();

        @Test
        void isTheAddressThatIsGivenBeforeAnythingElse() {
            var place = LocalStackPlace.choose(
                    " http://127.0.0.1:4566 ",
                    () -> {
                        throw new AssertionError("nothing is installed then");
                    },
                    this::docker);

            assertThat(place).isEqualTo(new LocalStackPlace.Given(URI.create("http://127.0.0.1:4566")));
            assertThat(place.describe()).contains("http://127.0.0.1:4566").contains("AWS_ENDPOINT_URL");
            assertThat(asked).hasValue(0);
        }

        @Test
        void isTheProgramWhereItCanBeInstalled() {
            var place = LocalStackPlace.choose(
                    "", () -> new PythonTools.Found.Ready(new PythonTools(Path.of("environment"))), this::docker);

            assertThat(place).isInstanceOf(LocalStackPlace.OnThisMachine.class);
            assertThat(place.describe()).contains("PyPI");
            assertThat(asked).as("an engine is asked last").hasValue(0);
        }

        @Test
        void isAContainerWhereTheProgramCannotBeHadAndAnEngineAnswers() {
            var place = LocalStackPlace.choose("", () -> NO_PYTHON, this::docker);

            assertThat(place).isEqualTo(new LocalStackPlace.InDocker());
            assertThat(place.describe()).contains("localstack/localstack:4.14.0");
        }

        @Test
        void isNoneWithAllReasonsOtherwise() {
            assertThat(LocalStackPlace.choose("", () -> NO_PYTHON, () -> false).describe())
                    .contains("Python 3.10 is missing", "no Docker engine answers", "AWS_ENDPOINT_URL");
        }

        /** In the container there is a Python that it runs on. */
        @Test
        void isTheLastReleaseWithoutAToken() throws IOException {
            var version = LocalStackContainer.IMAGE.replaceFirst(".*:", "");

            assertThat(Files.readString(Project.root().resolve("emulators/localstack.in")))
                    .contains(version + ", the last release without a token");
        }

        private boolean docker() {
            asked.incrementAndGet();
            return true;
        }
    }

    @Nested
    class OfLambdasRuntimeInterface {

        @Test
        void isTheProgramThatTheVariableNames(@TempDir Path folder) throws IOException {
            var program = executable(folder.resolve("rie"));

            assertThat(RuntimeEmulator.find(
                            Map.of("DEPLOY_GUARD_RIE", program.toString(), "PATH", "/bin"),
                            OfLambdasRuntimeInterface::notAsked))
                    .isEqualTo(new RuntimeEmulator.Found.Ready(program));
        }

        @Test
        void isTheOneOnThePath(@TempDir Path folder) throws IOException {
            var program = executable(folder.resolve("aws-lambda-rie"));

            assertThat(RuntimeEmulator.find(Map.of("PATH", "/nowhere:" + folder), OfLambdasRuntimeInterface::notAsked))
                    .isEqualTo(new RuntimeEmulator.Found.Ready(program));
        }

        @Test
        @EnabledOnOs(OS.LINUX)
        void isTheOneOfTheSamCliForThisProcessorOtherwise(@TempDir Path folder) throws IOException {
            var rapid = Files.createDirectories(folder.resolve("lib/python3.13/site-packages/samcli/local/rapid"));
            executable(rapid.resolve("aws-lambda-rie-x86_64"));
            executable(rapid.resolve("aws-lambda-rie-arm64"));
            var processor = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "x86_64";

            assertThat(RuntimeEmulator.find(Map.of(), () -> new PythonTools.Found.Ready(new PythonTools(folder))))
                    .isEqualTo(new RuntimeEmulator.Found.Ready(rapid.resolve("aws-lambda-rie-" + processor)));
        }

        @Test
        void isMissingWithTheReason(@TempDir Path folder) {
            assertThat(RuntimeEmulator.find(Map.of("PATH", folder.toString()), () -> NO_PYTHON))
                    .isInstanceOfSatisfying(
                            RuntimeEmulator.Found.Missing.class,
                            missing -> assertThat(missing.reason()).contains("aws-lambda-rie", "DEPLOY_GUARD_RIE"));
            assertThat(RuntimeEmulator.find(
                            Map.of("DEPLOY_GUARD_RIE", folder.resolve("none").toString()),
                            OfLambdasRuntimeInterface::notAsked))
                    .isInstanceOfSatisfying(
                            RuntimeEmulator.Found.Missing.class,
                            missing -> assertThat(missing.reason()).contains("cannot be run"));
        }

        private static PythonTools.Found notAsked() {
            throw new AssertionError("nothing is installed then");
        }

        private static Path executable(Path file) throws IOException {
            Files.writeString(file, "#!/bin/sh\n");
            assertThat(file.toFile().setExecutable(true)).isTrue();
            return file;
        }
    }
}
