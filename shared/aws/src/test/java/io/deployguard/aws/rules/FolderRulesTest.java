package io.deployguard.aws.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deployguard.classification.RuleDocument;
import io.deployguard.classification.RuleSource;
import io.deployguard.fault.GuardFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderRulesTest {

    @Test
    void aFolderIsReadInTheOrderOfItsNames(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("b.yaml"), "b");
        Files.writeString(folder.resolve("a.yaml"), "a");
        Files.writeString(folder.resolve("notes.txt"), "not rules");
        Files.write(folder.resolve("latin.yaml"), new byte[] {(byte) 0xe4});
        Files.writeString(folder.resolve("giant.yaml"), "x".repeat(RuleSource.MOST_BYTES + 1));

        var reading = new FolderRules(folder).read();

        assertThat(reading.documents())
                .containsExactly(new RuleDocument("a.yaml", "a"), new RuleDocument("b.yaml", "b"));
        assertThat(reading.problems())
                .containsExactly("giant.yaml: expected at most 65536 bytes, got 65537", "latin.yaml: expected UTF-8");
    }

    @Test
    void aFolderWithoutRulesIsAFault(@TempDir Path folder) {
        assertThatThrownBy(() -> new FolderRules(folder).read())
                .isInstanceOf(GuardFault.NotFound.class)
                .hasMessageContaining("no file there ends with .yaml");
        assertThatThrownBy(() -> new FolderRules(folder.resolve("none")).read())
                .isInstanceOf(GuardFault.NotFound.class)
                .hasMessageContaining("cannot be read");
    }
}
