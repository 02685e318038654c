package io.deployguard.classification;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deployguard.classification.Probe.Expression;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class CatalogArchiveTest {

    private static final int SOME = 4;
    private static final byte[] OF_THE_FILES = CatalogArchive.write(CauseCatalog.filedBuiltIn());

    @Test
    void theBuildsArchiveIsThatOfTheFiles() throws IOException {
        try (var built = CauseCatalog.class.getResourceAsStream(CauseCatalog.ARCHIVE)) {
            assertThat(requireNonNull(built, "catalog.bin").readAllBytes()).isEqualTo(OF_THE_FILES);
        }
    }

    @Test
    void nothingIsLostOnTheWay() {
        var read = CatalogArchive.read(OF_THE_FILES);

        assertThat(CatalogArchive.write(read)).isEqualTo(OF_THE_FILES);
        // Field by field for some; the examples of all run against what was read.
        assertThat(read.subList(0, SOME))
                .usingRecursiveComparison()
                .withEqualsForType(CatalogArchiveTest::same, Expression.class)
                .isEqualTo(CauseCatalog.filedBuiltIn().subList(0, SOME));
    }

    private static boolean same(Expression one, Expression other) {
        return one.text().equals(other.text()) && one.requirement().equals(other.requirement());
    }

    @Test
    void aDamagedOneIsRefused() {
        assertThatThrownBy(() -> CatalogArchive.read(Arrays.copyOf(OF_THE_FILES, OF_THE_FILES.length / 2)))
                .hasMessageContaining("damaged");
    }
}
