package io.deployguard.decision;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** docs/how-it-decides.md says what the tables say. {@code -Dgolden=rewrite} writes it anew. */
class DecisionPageTest {

    private static final Path FILE = Path.of("../../docs/how-it-decides.md");

    @Test
    void saysWhatTheTablesSay() throws IOException {
        var page = DecisionPage.page();
        if ("rewrite".equals(System.getProperty("golden"))) {
            Files.writeString(FILE, page);
        }
        assertThat(FILE).as("-Dgolden=rewrite takes it over").hasContent(page);
    }
}
