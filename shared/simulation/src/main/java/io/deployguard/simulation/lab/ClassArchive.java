package io.deployguard.simulation.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The classes that one process of a function has loaded, in a file from which the JVM takes them ready for use (AppCDS). The JVM passes over a file
 * that is not of its jar and its own version.
 */
record ClassArchive(Path file) {

    private static final long LIMIT_SECONDS = 30;

    /** Files that a thread of this program is writing. */
    private static final Set<Path> UNDER_WAY = ConcurrentHashMap.newKeySet();

    /** What a process needs before {@code -cp} to use the file, or to be able to write it. */
    List<String> jvmFlags() {
        var archive = Files.exists(file) ? "-XX:SharedArchiveFile=" + file : "-XX:+RecordDynamicDumpInfo";
        return List.of(archive, "-Xlog:cds*=off", "-Xlog:aot*=off");
    }

    /** Has the process write the file, unless it is there or another process does. Without it nothing is lost but time. */
    void writeFrom(Process process) {
        if (!process.isAlive() || !UNDER_WAY.add(file)) {
            return;
        }
        try {
            if (!Files.exists(file)) {
                dump(process);
            }
        } catch (IOException | IllegalStateException unable) {
            // Starting without it takes longer, that is all.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            UNDER_WAY.remove(file);
        }
    }

    private void dump(Process process) throws IOException, InterruptedException {
        // Beside its place first: a process that starts meanwhile sees all of it or nothing.
        var unfinished = file.resolveSibling(file.getFileName() + "." + process.pid());
        var dump = Processes.start(new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(process.pid()),
                        "VM.cds",
                        "dynamic_dump",
                        unfinished.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD));
        if (dump.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) && Files.exists(unfinished)) {
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        } else {
            dump.destroyForcibly();
            Files.deleteIfExists(unfinished);
        }
    }
}
