package io.deployguard.simulation.lab;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One Lambda function as {@code template.yaml} describes it.
 *
 * @param handler a class, or {@code class::method}
 * @param classPath the function's jar; several entries, or folders of classes, work too
 * @param environment what the template gives the function; it overrides what {@link LambdaRuntime} sets
 * @param jvmFlags before {@code -cp}; the memory limit is added from {@code memoryMegabytes}
 * @param archive where the classes are kept that an earlier process has loaded
 */
public record LambdaFunction(
        String name,
        String handler,
        List<Path> classPath,
        Map<String, String> environment,
        List<String> jvmFlags,
        Optional<Path> archive,
        int memoryMegabytes,
        String region,
        String account) {
    /** Serial collector and first compiler only: what Lambda's own Java runtimes use, and quick to start. */
    public static final List<String> DEFAULT_FLAGS =
            List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto");

    public static final String DEFAULT_REGION = "eu-central-1";
    public static final String DEFAULT_ACCOUNT = "123456789012";

    private static final int DEFAULT_MEGABYTES = 512;

    public LambdaFunction {
        if (classPath.isEmpty()) {
            throw new IllegalArgumentException("function %s: the class path is empty".formatted(name));
        }
        if (memoryMegabytes < 128 || memoryMegabytes > 10_240) {
            throw new IllegalArgumentException(
                    "function %s: memory of %d MB, Lambda takes 128 to 10240".formatted(name, memoryMegabytes));
        }
        classPath = classPath.stream().map(Path::toAbsolutePath).toList();
        environment = Map.copyOf(environment);
        jvmFlags = List.copyOf(jvmFlags);
    }

    /** A function with 512 MB and an empty environment, in {@link #DEFAULT_REGION}. */
    public static LambdaFunction of(String name, String handler, Path jar) {
        return new LambdaFunction(
                name,
                handler,
                List.of(jar),
                Map.of(),
                DEFAULT_FLAGS,
                Optional.empty(),
                DEFAULT_MEGABYTES,
                DEFAULT_REGION,
                DEFAULT_ACCOUNT);
    }

    /** The same with these variables added. */
    public LambdaFunction with(Map<String, String> variables) {
        var all = new HashMap<>(environment);
        all.putAll(variables);
        return new LambdaFunction(name, handler, classPath, all, jvmFlags, archive, memoryMegabytes, region, account);
    }

    /** The same with these flags in place of {@link #DEFAULT_FLAGS}. */
    public LambdaFunction withJvmFlags(List<String> flags) {
        return new LambdaFunction(
                name, handler, classPath, environment, flags, archive, memoryMegabytes, region, account);
    }

    /**
     * The same, whose first process to end in good order writes down the classes it has loaded, so that later ones start with about half the processor
     * time. A file of another jar or JDK is passed over.
     */
    public LambdaFunction archivedIn(Path file) {
        return new LambdaFunction(
                name,
                handler,
                classPath,
                environment,
                jvmFlags,
                Optional.of(file.toAbsolutePath()),
                memoryMegabytes,
                region,
                account);
    }

    /** The same with another memory size. */
    public LambdaFunction withMemory(int megabytes) {
        return new LambdaFunction(name, handler, classPath, environment, jvmFlags, archive, megabytes, region, account);
    }

    /** The same in another region and account. */
    public LambdaFunction in(String otherRegion, String otherAccount) {
        return new LambdaFunction(
                name, handler, classPath, environment, jvmFlags, archive, memoryMegabytes, otherRegion, otherAccount);
    }

    /** The ARN of the function, without version or alias. */
    public String arn() {
        return "arn:aws:lambda:%s:%s:function:%s".formatted(region, account, name);
    }
}
