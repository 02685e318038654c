package io.deployguard.classification;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The pages of docs/causes say what the catalogue says. {@code -Dgolden=rewrite} writes them anew. */
class CausePagesTest {

    private static final Path FOLDER = Path.of("../../docs/causes");
    private static final List<Cause> CAUSES = CauseCatalog.checkedBuiltIn();

    @ParameterizedTest
    @MethodSource("causes")
    void aPageSaysWhatTheCatalogueSays(Cause cause) throws IOException {
        hold(FOLDER.resolve(cause.id() + ".md"), CausePages.page(cause));
    }

    @Test
    void theIndexListsEveryCause() throws IOException {
        hold(FOLDER.resolve("README.md"), CausePages.index(CAUSES));
    }

    @Test
    void noPageIsLeftOver() throws IOException {
        var expected = Stream.concat(Stream.of("README.md"), CAUSES.stream().map(cause -> cause.id() + ".md"))
                .collect(toSet());

        assertThat(namesIn(FOLDER)).isEqualTo(expected);
    }

    static Stream<Cause> causes() {
        return CAUSES.stream();
    }

    private static Set<String> namesIn(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName())).collect(toSet());
        }
    }

    private static void hold(Path file, String text) throws IOException {
        if ("rewrite".equals(System.getProperty("golden"))) {
            Files.createDirectories(FOLDER);
            Files.writeString(file, text);
        }
        assertThat(file).as(file + "; -Dgolden=rewrite takes it over").hasContent(text);
    }
}
