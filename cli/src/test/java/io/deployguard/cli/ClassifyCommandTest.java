package io.deployguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClassifyCommandTest {

    private static final String RULE = """
            id: acme-license
            title: The license has run out
            summary: Ours.
            rollback: helps
            rules:
              - {id: acme-17, confidence: 0.95, pattern: 'ACME-17', source: our wiki}
            """;

    @TempDir
    Path folder;

    private Path cases;

    @BeforeEach
    void write() throws IOException {
        cases = Files.writeString(
                folder.resolve("cases.jsonl"), "{\"id\":\"a\",\"evidence\":{\"logs\":[\"ERROR ACME-17\"]}}\n");
    }

    @Nested
    class OwnRules {

        @Test
        void areFoundInAFolder() throws IOException {
            Files.writeString(folder.resolve("ours.yaml"), RULE);

            var run = Run.of("classify", "--json", "--rules", folder.toString(), cases.toString());

            assertThat(run.exit()).as(run.err()).isZero();
            assertThat(run.json())
                    .singleElement()
                    .satisfies(
                            answer -> assertThat(answer.path("cause").asText()).isEqualTo("acme-license"));
        }

        @Test
        void withAFaultAreRefusedAsAWholeWithEveryFault() throws IOException {
            Files.writeString(folder.resolve("a.yaml"), RULE.replace("0.95", "95"));
            Files.writeString(folder.resolve("b.yaml"), "id: [");
            Files.writeString(folder.resolve("c.yaml"), RULE.replace("acme-17", "enospc"));

            var run = Run.of("classify", "--rules", folder.toString(), cases.toString());

            assertThat(run.exit()).isEqualTo(2);
            assertThat(run.out()).isEmpty();
            assertThat(run.err())
                    .contains("a.yaml:6: confidence: expected a number from 0.05 to 1.0, got 95")
                    .contains("b.yaml: is no YAML")
                    .contains("c.yaml:6: id: rule enospc is already in disk-full; choose another id");
        }

        @ParameterizedTest
        @CsvSource({
            "no/such/folder, the folder cannot be read",
            "ftp://acme/rules, 'expected s3://bucket/folder/, ssm:/path/of/parameters or a folder'",
            "s3://ACME/, expected s3://bucket/folder/"
        })
        void elsewhereAreUnusable(String place, String told) {
            var run = Run.of("classify", "--rules", place, cases.toString());

            assertThat(run.exit()).isEqualTo(2);
            assertThat(run.err()).contains(told);
        }
    }
}
