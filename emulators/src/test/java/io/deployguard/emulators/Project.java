package io.deployguard.emulators;

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
}
