package io.deployguard.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** Reads a file of any size as UTF-8 lines, some at a time. */
final class LineBatches {

    private static final int CHUNK = 1 << 16;

    private LineBatches() {}

    static void read(Path file, int most, Consumer<List<String>> sink) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            var bytes = new byte[CHUNK];
            var batch = new ArrayList<String>(most);
            int filled = 0;
            for (int read = in.read(bytes); read >= 0; read = in.read(bytes, filled, bytes.length - filled)) {
                int begin = 0;
                // One character for each byte: a string finds its line feeds faster than a loop does.
                String each = new String(bytes, 0, filled + read, StandardCharsets.ISO_8859_1);
                for (int end = each.indexOf('\n', filled); end >= 0; end = each.indexOf('\n', begin)) {
                    batch.add(new String(bytes, begin, end - begin, StandardCharsets.UTF_8));
                    begin = end + 1;
                    if (batch.size() == most) {
                        sink.accept(batch);
                        batch.clear();
                    }
                }
                filled += read - begin;
                System.arraycopy(bytes, begin, bytes, 0, filled);
                if (filled == bytes.length) {
                    bytes = Arrays.copyOf(bytes, 2 * bytes.length);
                }
            }
            if (filled > 0) {
                batch.add(new String(bytes, 0, filled, StandardCharsets.UTF_8));
            }
            sink.accept(batch);
        }
    }
}
