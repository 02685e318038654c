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
 * @param initialization whether its process begins with the first event, or was begun when the version was published
 * @param credentials of its role
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
        String account,
        Initialization initialization,
        Credentials credentials) {

    /** How Lambda begins a function's process. */
    public enum Initialization {
        /** With the first event. */
        ON_DEMAND("on-demand"),
        /** When its version is published; it is frozen then, and restored with the first event. */
        SNAP_START("snap-start");

        private final String variable;

        Initialization(String variable) {
            this.variable = variable;
        }

        /** As {@code AWS_LAMBDA_INITIALIZATION_TYPE} has it. */
        String variable() {
            return variable;
        }
    }

    /** What a function signs its calls with. */
    public record Credentials(String accessKeyId, String secretAccessKey, String sessionToken) {

        /** Accepted by the simulated account, worthless anywhere else. */
        public static final Credentials LOCAL = new Credentials("local", "local", "local");

        /** As a provider of credentials for containers answers; of far in the future. */
        String json() {
            return "{\"AccessKeyId\":\"%s\",\"SecretAccessKey\":\"%s\",\"Token\":\"%s\",\"Expiration\":\"2100-01-01T00:00:00Z\"}"
                    .formatted(accessKeyId, secretAccessKey, sessionToken);
        }
    }

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
                DEFAULT_ACCOUNT,
                Initialization.ON_DEMAND,
                Credentials.LOCAL);
    }

    /** The same with these variables added. */
    public LambdaFunction with(Map<String, String> variables) {
        var all = new HashMap<>(environment);
        all.putAll(variables);
        return copy(classPath, all, jvmFlags, archive, memoryMegabytes, region, account, initialization, credentials);
    }

    /** The same with these flags in place of {@link #DEFAULT_FLAGS}. */
    public LambdaFunction withJvmFlags(List<String> flags) {
        return copy(
                classPath, environment, flags, archive, memoryMegabytes, region, account, initialization, credentials);
    }

    /**
     * The same, whose first process to end in good order writes down the classes it has loaded, so that later ones start with about half the processor
     * time. A file of another jar or JDK is passed over.
     */
    public LambdaFunction archivedIn(Path file) {
        return copy(
                classPath,
                environment,
                jvmFlags,
                Optional.of(file.toAbsolutePath()),
                memoryMegabytes,
                region,
                account,
                initialization,
                credentials);
    }

    /** The same with another memory size. */
    public LambdaFunction withMemory(int megabytes) {
        return copy(classPath, environment, jvmFlags, archive, megabytes, region, account, initialization, credentials);
    }

    /** The same in another region and account. */
    public LambdaFunction in(String otherRegion, String otherAccount) {
        return copy(
                classPath,
                environment,
                jvmFlags,
                archive,
                memoryMegabytes,
                otherRegion,
                otherAccount,
                initialization,
                credentials);
    }

    /** The same, begun in another way. */
    public LambdaFunction begun(Initialization other) {
        return copy(classPath, environment, jvmFlags, archive, memoryMegabytes, region, account, other, credentials);
    }

    /** The same with other credentials. */
    public LambdaFunction signingWith(Credentials others) {
        return copy(
                classPath, environment, jvmFlags, archive, memoryMegabytes, region, account, initialization, others);
    }

    private LambdaFunction copy(
            List<Path> otherClassPath,
            Map<String, String> otherEnvironment,
            List<String> otherFlags,
            Optional<Path> otherArchive,
            int otherMegabytes,
            String otherRegion,
            String otherAccount,
            Initialization otherInitialization,
            Credentials otherCredentials) {
        return new LambdaFunction(
                name,
                handler,
                otherClassPath,
                otherEnvironment,
                otherFlags,
                otherArchive,
                otherMegabytes,
                otherRegion,
                otherAccount,
                otherInitialization,
                otherCredentials);
    }

    /** The ARN of the function, without version or alias. */
    public String arn() {
        return "arn:aws:lambda:%s:%s:function:%s".formatted(region, account, name);
    }
}
