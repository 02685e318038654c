package io.deployguard.simulation.lab;

import java.net.URISyntaxException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The program that loads a handler and talks to the Runtime API from inside the function's process. */
public enum RuntimeClient {
    /** AWS's own, the one that runs in the cloud; its native library exists for Linux on x86-64 and arm64 (glibc and musl). */
    AWS,
    /** {@link PlainRuntime}: the same protocol in plain Java, for the other systems. */
    PLAIN;

    /** {@link #AWS} where it has a native library, else {@link #PLAIN}. */
    public static RuntimeClient ofThisSystem() {
        return NativeLibrary.exists() ? AWS : PLAIN;
    }

    String mainClass() {
        return switch (this) {
            case AWS -> "com.amazonaws.services.lambda.runtime.api.client.AWSLambda";
            case PLAIN -> "io.deployguard.simulation.lab.PlainRuntime";
        };
    }

    /** What the client needs before {@code -cp}. */
    List<String> jvmFlags() {
        return switch (this) {
            case AWS ->
                List.of(
                        "-D%s=%s".formatted(NativeLibrary.PROPERTY, NativeLibrary.file()),
                        // As Lambda's own start script has it: what is behind the hooks around a snapshot.
                        "-Dorg.crac.Core.Compat=com.amazonaws.services.lambda.crac");
            case PLAIN -> List.of();
        };
    }

    /**
     * What the client needs beside the function's own jar, from where the running program itself has it: a jar each, one jar for all,
     * or folders of classes.
     */
    List<Path> classPath() {
        return aClassOfEachJar().map(RuntimeClient::place).distinct().toList();
    }

    private Stream<String> aClassOfEachJar() {
        var needed = Stream.of(mainClass(), "com.amazonaws.services.lambda.runtime.RequestStreamHandler");
        return switch (this) {
            case AWS ->
                Stream.concat(
                        needed,
                        Stream.of(
                                "com.amazonaws.services.lambda.runtime.serialization.PojoSerializer",
                                "software.amazon.awssdk.utilslite.SdkInternalThreadLocal"));
            case PLAIN -> needed;
        };
    }

    private static Path place(String className) {
        try {
            var type = Class.forName(className, false, RuntimeClient.class.getClassLoader());
            var source = type.getProtectionDomain().getCodeSource();
            if (source == null || source.getLocation() == null) {
                throw new IllegalStateException(
                        "find the jar of %s: the class has no code source".formatted(className));
            }
            return Path.of(source.getLocation().toURI());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("find the jar of %s: it is not on the class path".formatted(className), e);
        } catch (URISyntaxException | IllegalArgumentException | FileSystemNotFoundException e) {
            throw new IllegalStateException(
                    "find the jar of %s: %s; start the program with java -cp".formatted(className, e.getMessage()), e);
        }
    }
}
