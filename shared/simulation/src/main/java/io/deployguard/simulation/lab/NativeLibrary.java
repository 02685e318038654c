package io.deployguard.simulation.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The native library of AWS's runtime client, unpacked once for this program.
 *
 * <p>Left to itself the client unpacks it to one fixed path in {@code /tmp}: a file that belongs to whoever ran it first, and that a
 * second function overwrites while the first has it loaded.
 */
final class NativeLibrary {
    /** The client loads the file that this system property names instead of unpacking one. */
    static final String PROPERTY = "com.amazonaws.services.lambda.runtime.api.client.runtimeapi.NativeClient.JNI";

    private static final Object LOCK = new Object();
    private static @Nullable Path file;

    private NativeLibrary() {}

    /** Whether the client has a library for this system: Linux on x86-64 and arm64, with glibc or musl. */
    static boolean exists() {
        return resource().isPresent();
    }

    /** The library's file; it goes with this program. */
    static Path file() {
        synchronized (LOCK) {
            var known = file;
            if (known == null) {
                known = unpack();
                file = known;
            }
            return known;
        }
    }

    private static Optional<String> resource() {
        var name = "/jni/libaws-lambda-jni.%s-%s.so".formatted(isMusl() ? "linux_musl" : "linux", architecture());
        return isLinux() && NativeLibrary.class.getResource(name) != null ? Optional.of(name) : Optional.empty();
    }

    private static boolean isLinux() {
        return System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("linux");
    }

    private static boolean isMusl() {
        return Files.exists(Path.of("/lib/ld-musl-%s.so.1".formatted(isArm() ? "aarch64" : "x86_64")));
    }

    private static boolean isArm() {
        return System.getProperty("os.arch").equals("aarch64");
    }

    private static String architecture() {
        return isArm() ? "aarch_64" : "x86_64";
    }

    private static Path unpack() {
        var resource = resource().orElseThrow(() -> new IllegalStateException("no runtime client for this system"));
        try (var library = NativeLibrary.class.getResourceAsStream(resource)) {
            if (library == null) {
                throw new IllegalStateException("%s is not on the class path".formatted(resource));
            }
            var folder = Processes.own(() -> Files.createTempDirectory("deploy-guard-runtime-"), Folders::delete);
            var unpacked = folder.thing().resolve("runtime.so");
            Files.copy(library, unpacked);
            return unpacked;
        } catch (IOException e) {
            throw new UncheckedIOException("unpack %s: %s".formatted(resource, e.getMessage()), e);
        }
    }
}
