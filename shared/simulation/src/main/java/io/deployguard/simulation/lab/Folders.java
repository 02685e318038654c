package io.deployguard.simulation.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Folders that come and go with what lives in them. */
final class Folders {
    private Folders() {}

    /** How long somebody who is being stopped may still write into a folder that is deleted. */
    private static final Duration LAST_WRITES = Duration.ofSeconds(5);

    /** Deletes a folder with all that is in it; what has gone already is fine, also when it goes meanwhile, and what comes meanwhile goes too. */
    static void delete(Path folder) {
        var deadline = System.nanoTime() + LAST_WRITES.toNanos();
        try {
            while (!deleteOnce(folder) && System.nanoTime() < deadline) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
            Files.deleteIfExists(folder);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException("delete %s: %s".formatted(folder, e), e);
        }
    }

    private static boolean deleteOnce(Path folder) throws IOException {
        try {
            Files.walkFileTree(folder, new Deletion());
            return true;
        } catch (NoSuchFileException gone) {
            return Files.notExists(folder);
        } catch (DirectoryNotEmptyException stillWritten) {
            return false;
        }
    }

    private static final class Deletion extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException fault) throws IOException {
            if (fault instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE;
            }
            throw fault;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException fault) throws IOException {
            if (fault != null) {
                throw fault;
            }
            Files.deleteIfExists(folder);
            return FileVisitResult.CONTINUE;
        }
    }
}
