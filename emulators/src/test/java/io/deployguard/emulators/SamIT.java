package io.deployguard.emulators;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The SAM CLI itself, as an operator runs it. */
@NeedsPython(sam = true)
class SamIT {

    /** It imports thousands of files, the first time uncompiled. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"template.yaml", "templates/spoke.yaml"})
    void findsTheTemplateValid(String template) {
        var validated = sam("validate", "--lint", "--template", template);

        assertThat(validated.exit()).as(validated.out() + validated.err()).isZero();
        assertThat(validated.out()).contains("is a valid SAM Template");
    }

    /** Those who know SAM run it first. It would copy a function's folder, which then misses its parent POM. */
    @Test
    void buildLeavesTheJarsAsMavenMadeThem() throws Exception {
        var built = sam("build", "--build-dir", folder.resolve("build").toString());

        assertThat(built.exit()).as(built.out() + built.err()).isZero();
        assertThat(Files.readAllLines(folder.resolve("build/template.yaml")).stream()
                        .map(String::strip)
                        .filter(line -> line.startsWith("CodeUri: "))
                        .map(line -> folder.resolve("build")
                                .resolve(line.substring("CodeUri: ".length()))
                                .normalize()))
                .hasSize(Template.withDefaults()
                        .resources("AWS::Serverless::Function")
                        .size())
                .allSatisfy(jar -> assertThat(Project.requireBuilt(jar))
                        .isRegularFile()
                        .hasParent(Project.root()
                                .resolve("functions")
                                .resolve(String.valueOf(jar.getFileName()).replace(".jar", ""))
                                .resolve("target")));
    }

    /** Asks nobody: no credentials of this machine, no telemetry. */
    private Command.Result sam(String... words) {
        var command =
                new ArrayList<>(List.of(PythonTools.requireSam().program("sam").toString()));
        command.addAll(List.of(words));
        return Command.of(command)
                .with("AWS_DEFAULT_REGION", Template.REGION)
                .with("AWS_EC2_METADATA_DISABLED", "true")
                .with("SAM_CLI_TELEMETRY", "0")
                .with("HOME", folder.toString())
                .within(PATIENCE)
                .run();
    }
}
