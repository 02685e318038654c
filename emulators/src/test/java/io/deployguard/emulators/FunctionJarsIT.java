package io.deployguard.emulators;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The jars that the template names, as Maven packed them. In CI they must be there. */
class FunctionJarsIT {

    private static final long MEBIBYTE = 1024 * 1024;
    private static final Map<String, Integer> LIMIT_IN_MEBIBYTES = Map.of("notify", 8);

    /** What has no business in a function. */
    private static final List<String> STRANGERS = List.of(
            "io/deployguard/simulation/",
            "io/deployguard/cli/",
            "io/deployguard/emulators/",
            "org/junit/",
            "org/assertj/",
            "io/zonky/",
            "picocli/",
            "software/amazon/event/ruler/",
            "com/amazonaws/services/lambda/runtime/api/client/",
            "META-INF/versions/9/module-info.class",
            "io/netty/",
            "org/apache/http/");

    record Packed(String function, String handler, Path jar) {
        @Override
        public String toString() {
            return function;
        }
    }

    static Stream<Packed> jars() {
        return Template.withDefaults().functions().values().stream().map(function -> {
            var jar = Project.root().resolve(function.path("CodeUri").asText());
            return new Packed(
                    String.valueOf(jar.getFileName()).replace(".jar", ""),
                    function.path("Handler").asText(),
                    jar);
        });
    }

    /** Else the modules that test it may be built before it. */
    @ParameterizedTest
    @MethodSource("jars")
    void areNamedWhereOtherModulesWaitForThem(Packed packed) throws IOException {
        assertThat(Files.readString(Project.root().resolve("functions/pom.xml")))
                .contains("<artifactId>function-" + packed.function() + "</artifactId>");
    }

    @ParameterizedTest
    @MethodSource("jars")
    void holdTheHandlerThatTheTemplateNames(Packed packed) throws IOException {
        assertThat(packed.handler()).endsWith("::handleRequest");
        assertThat(entries(packed))
                .contains(packed.handler().replace("::handleRequest", "").replace('.', '/') + ".class");
    }

    @ParameterizedTest
    @MethodSource("jars")
    void areSmall(Packed packed) throws IOException {
        Project.requireBuilt(packed.jar());
        assertThat(Files.size(packed.jar()))
                .isLessThanOrEqualTo(LIMIT_IN_MEBIBYTES.getOrDefault(packed.function(), 20) * MEBIBYTE);
    }

    @ParameterizedTest
    @MethodSource("jars")
    void holdNothingOfTestsOrSimulation(Packed packed) throws IOException {
        assertThat(entries(packed))
                .noneMatch(entry -> STRANGERS.stream().anyMatch(entry::startsWith))
                .noneMatch(entry -> entry.startsWith("io/deployguard/") && entry.matches(".*(Test|IT)\\.class"));
    }

    /** Without it a function reads the files, slowly. */
    @ParameterizedTest
    @MethodSource("jars")
    void holdTheCatalogueAsTheBuildWroteItDown(Packed packed) throws IOException {
        assertThat(entries(packed)).contains("catalog.bin");
    }

    /** What a function may not do is not on its class path. */
    @ParameterizedTest
    @MethodSource("jars")
    void holdTheCommandExecutorInActAlone(Packed packed) throws IOException {
        assertThat(entries(packed).stream().filter(entry -> entry.matches("io/deployguard/aws/.*CommandExecutor.*")))
                .containsExactlyInAnyOrderElementsOf(
                        packed.function().equals("act")
                                ? List.of(
                                        "io/deployguard/aws/ecs/EcsCommandExecutor.class",
                                        "io/deployguard/aws/place/PlacedCommandExecutor.class")
                                : List.of());
    }

    private static List<String> entries(Packed packed) throws IOException {
        Project.requireBuilt(packed.jar());
        try (var zip = new ZipFile(packed.jar().toFile())) {
            return zip.stream().map(ZipEntry::getName).toList();
        }
    }
}
