package io.deployguard.emulators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** The project's folders, and where its tests run. */
final class Project {

    private Project() {}

    /** The folder of {@code template.yaml}. */
    static Path root() {
        for (var folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.isRegularFile(folder.resolve("template.yaml"))) {
                return folder;
            }
        }
        throw new IllegalStateException(
                "no template.yaml here or above " + Path.of("").toAbsolutePath());
    }

    /** Whether a test that lacks something must fail, where a developer's machine would skip it. */
    static boolean isCi() {
        return "true".equals(System.getenv("CI"));
    }

    /** A file that other modules make: in CI it must be there, while a part of the build on a developer's machine goes without it. */
    static Path requireBuilt(Path file) {
        if (!isCi()) {
            assumeTrue(Files.exists(file), () -> file + " is not built; ./mvnw verify builds it");
        }
        assertThat(file).exists();
        return file;
    }
}
