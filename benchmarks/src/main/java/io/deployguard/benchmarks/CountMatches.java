package io.deployguard.benchmarks;

import io.deployguard.classification.LogPatterns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** What {@code rg --count} does, with the catalogue: {@code CountMatches TEXT EXCLUDED}, where the second file lists patterns to leave out. */
public final class CountMatches {

    private CountMatches() {}

    public static void main(String[] arguments) throws IOException {
        Set<String> excluded = Set.copyOf(Files.readAllLines(Path.of(arguments[1])));
        LogPatterns patterns = LogPatterns.ofCatalog().without(excluded);
        var count = new long[1];
        LineBatches.read(Path.of(arguments[0]), LogPatterns.BATCH, lines -> count[0] += patterns.matching(lines));
        System.out.println(count[0]);
    }
}
