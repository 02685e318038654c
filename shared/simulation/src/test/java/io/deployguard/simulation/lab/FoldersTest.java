package io.deployguard.simulation.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FoldersTest {
    @TempDir
    Path temp;

    /** An orphan of initdb that is killed a moment later. */
    @Test
    void deletesWhatIsWrittenMeanwhile() throws Exception {
        var folder = Files.createDirectories(temp.resolve("data/base"));
        var writing = new CountDownLatch(1);
        try (var threads = Executors.newSingleThreadExecutor()) {
            var writer = threads.submit(() -> {
                var written = 0;
                try {
                    for (; written < 20_000; written++) {
                        Files.writeString(folder.resolve("file" + written), "");
                        writing.countDown();
                    }
                } catch (IOException folderGone) {
                    // As it should be.
                }
                return written;
            });
            writing.await();

            Folders.delete(temp.resolve("data"));

            assertThat(writer.get()).isPositive();
        }
        assertThat(temp.resolve("data")).doesNotExist();
    }

    @Test
    void whatIsGoneAlreadyIsFine() {
        Folders.delete(temp.resolve("never-there"));
        assertThat(temp).isEmptyDirectory();
    }
}
