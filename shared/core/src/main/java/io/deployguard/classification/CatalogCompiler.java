package io.deployguard.classification;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Run by the build after each change of the bundled files: writes their {@link CatalogArchive} into the folder of the classes. */
public final class CatalogCompiler {

    private CatalogCompiler() {}

    /**
     * Writes the archive.
     *
     * @param arguments the folder that holds {@code catalog/}
     */
    public static void main(String[] arguments) throws IOException {
        Files.write(
                Path.of(arguments[0]).resolve(CauseCatalog.ARCHIVE.substring(1)),
                CatalogArchive.write(CauseCatalog.filedBuiltIn()));
    }
}
