package io.deployguard.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.doctor.check.Checks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The table in docs/doctor.md says what the checks say. {@code -Dgolden=rewrite} writes it anew. */
class ChecksPageTest {

    private static final Path FILE = Path.of("../../docs/doctor.md");
    private static final String BEGIN = "<!-- checks: written by ChecksPageTest -->\n";
    private static final String END = "<!-- end of checks -->";

    @Test
    void listsEveryCheck() throws IOException {
        var page = Files.readString(FILE);
        var table = Checks.all().stream()
                .map(check -> "| [`%s`](%s) | %s | %s |\n"
                        .formatted(
                                check.id(),
                                check.source(),
                                check.about(),
                                switch (check) {
                                    case Check.OfDefinition _ -> "the definition";
                                    case Check.OfService _ -> "the service";
                                }))
                .collect(Collectors.joining("", "| check | what it finds | what it looks at |\n|---|---|---|\n", ""));
        if ("rewrite".equals(System.getProperty("golden"))) {
            Files.writeString(
                    FILE,
                    page.substring(0, page.indexOf(BEGIN) + BEGIN.length())
                            + table
                            + page.substring(page.indexOf(END)));
        }
        assertThat(FILE).as("-Dgolden=rewrite takes it over").content().contains(BEGIN + table + END);
    }
}
