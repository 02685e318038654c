package io.deployguard.benchmarks;

import io.deployguard.postgres.ConnectionSettings;
import io.deployguard.postgres.SchemaMigrator;
import io.deployguard.simulation.account.SimulatedAccount;
import io.deployguard.simulation.account.SimulatedClock;
import io.deployguard.simulation.account.wire.AwsEndpoint;
import io.deployguard.simulation.lab.Invocation;
import io.deployguard.simulation.lab.LambdaFunction;
import io.deployguard.simulation.lab.LambdaRuntime;
import io.deployguard.simulation.lab.LocalPostgres;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Each function behind Lambda's runtime interface, from no process to the first answer, in processor time; the reference is a bare handler of the same
 * jar, with the same clients, that asks the database one question. The same once more with an archive of loaded classes (AppCDS).
 *
 * <p>Besides, the first event alone, of a process that has started: once as it is, and once of a process that has rehearsed before Lambda would take
 * its snapshot. A snapshot itself is not taken.
 */
final class ColdStartBench implements Bench {

    private static final double MOST = 1.3;

    /** Of the first event's time that may be left after a rehearsal. */
    private static final double MOST_REHEARSED = 0.6;

    private static final int WARM = 20;
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final String NOBODY = "{\"incident\":\"00000000-0000-0000-0000-000000000000\"}";

    /** One function, and what it is woken with: work that needs the database, and that comes to nothing. */
    private record Subject(String name, String handler, Class<?> bare, String input) {}

    private static final List<Subject> SUBJECTS = List.of(
            new Subject("detect", "detect.DetectHandler", BareGuard.class, ""),
            new Subject("watch", "watch.WatchHandler", BareGuard.class, "{}"),
            new Subject("act", "act.ActHandler", BareGuard.class, NOBODY),
            new Subject("notify", "notify.NotifyHandler", BareCourier.class, NOBODY));

    /**
     * Processor time until the first answer, the time on the clock of the first event alone, and of one more, the middle of {@link #WARM}.
     */
    private record Start(double coldSeconds, double firstMillis, double warmMillis) {}

    @Override
    public String name() {
        return "cold-start";
    }

    @Override
    public boolean run(Settings settings, PrintStream out) throws IOException, InterruptedException {
        var event = Files.readString(settings.home().resolve("events/deployment-in-progress.json"));
        boolean holds = true;
        try (var postgres = LocalPostgres.start();
                var account = SimulatedAccount.in(
                        LambdaFunction.DEFAULT_REGION,
                        LambdaFunction.DEFAULT_ACCOUNT,
                        SimulatedClock.startingAt(Instant.now(), 1));
                var endpoint = AwsEndpoint.start(account)) {
            new SchemaMigrator(ConnectionSettings.parse(postgres.jdbcUrl())).migrate();
            var environment = Map.of(
                    "AWS_ENDPOINT_URL", endpoint.uri().toString(),
                    "DEPLOY_GUARD_ACT_QUEUE_URL", endpoint.uri().resolve("/act").toString(),
                    "DEPLOY_GUARD_NOTIFY_QUEUE_URL",
                            endpoint.uri().resolve("/notify").toString(),
                    "DEPLOY_GUARD_DATABASE_URL", postgres.jdbcUrl());
            for (var subject : SUBJECTS) {
                holds &= compare(
                        subject.input().isEmpty() ? event : subject.input(), subject, environment, settings, out);
            }
        }
        return holds;
    }

    private static boolean compare(
            String input, Subject subject, Map<String, String> environment, Settings settings, PrintStream out)
            throws IOException, InterruptedException {
        var jar = settings.home().resolve("functions/%1$s/target/%1$s.jar".formatted(subject.name()));
        if (!Files.isRegularFile(jar)) {
            throw new Unable(jar + " is missing; build it with ./mvnw package -DskipTests");
        }
        var function = LambdaFunction.of(
                        subject.name(), "io.deployguard.functions." + subject.handler() + "::handleRequest", jar)
                .with(environment);
        var bare = new LambdaFunction(
                "bare-" + subject.name(),
                subject.bare().getName() + "::handleRequest",
                List.of(jar, classesOf(subject.bare())),
                function.environment(),
                function.jvmFlags(),
                function.archive(),
                function.memoryMegabytes(),
                function.region(),
                function.account(),
                function.initialization(),
                function.credentials());
        var plain = best(function, input, settings.rounds());
        var least = best(bare, input, settings.rounds());
        var archived = best(archived(function, input, settings), input, settings.rounds());
        var rehearsed = best(function.begun(LambdaFunction.Initialization.SNAP_START), input, settings.rounds());
        var ratio = plain.coldSeconds() / least.coldSeconds();
        out.printf(
                Locale.ROOT,
                "cold-start %s: %.2f s of processor time, bare handler %.2f s; ratio %.2f, which %s; with an archive %.2f s, warm %.1f ms%n",
                subject.name(),
                plain.coldSeconds(),
                least.coldSeconds(),
                ratio,
                ratio <= MOST ? "holds" : "is BROKEN",
                archived.coldSeconds(),
                plain.warmMillis());
        var left = rehearsed.firstMillis() / plain.firstMillis();
        out.printf(
                Locale.ROOT,
                "snapshot %s: first event %.0f ms after a rehearsal, %.0f ms without; ratio %.2f, which %s%n",
                subject.name(),
                rehearsed.firstMillis(),
                plain.firstMillis(),
                left,
                left <= MOST_REHEARSED ? "holds" : "is BROKEN");
        return ratio <= MOST && left <= MOST_REHEARSED;
    }

    /** The folder or jar of the benches. */
    private static Path classesOf(Class<?> type) {
        return Path.of(URI.create(
                type.getProtectionDomain().getCodeSource().getLocation().toString()));
    }

    /** The best of several lives: all else is what other programs on the machine cost. */
    private static Start best(LambdaFunction function, String input, int rounds) {
        var cold = Double.MAX_VALUE;
        var first = Double.MAX_VALUE;
        var warm = Double.MAX_VALUE;
        for (var round = 0; round < rounds; round++) {
            try (var runtime = new LambdaRuntime(function, _ -> {})) {
                if (function.initialization() == LambdaFunction.Initialization.SNAP_START) {
                    runtime.freeze();
                }
                first = Math.min(first, invoke(runtime, input).toNanos() / 1e6);
                cold = Math.min(cold, processorSeconds(process(function)));
                var nanos = new long[WARM];
                for (var index = 0; index < WARM; index++) {
                    var begin = System.nanoTime();
                    invoke(runtime, input);
                    nanos[index] = System.nanoTime() - begin;
                }
                Arrays.sort(nanos);
                warm = Math.min(warm, nanos[WARM / 2] / 1e6);
            }
        }
        return new Start(cold, first, warm);
    }

    /** From the moment at which the function has the event until its answer. */
    private static Duration invoke(LambdaRuntime runtime, String input) {
        var invocation = runtime.invoke(input, TIMEOUT);
        if (!(invocation instanceof Invocation.Answered(var _, var duration))) {
            throw new Unable("%s %s".formatted(runtime.function().name(), invocation.describe()));
        }
        return duration;
    }

    /** The function with the classes that one life of it has loaded, written down. */
    private static LambdaFunction archived(LambdaFunction function, String input, Settings settings)
            throws IOException {
        var archive = settings.scratch().resolve(function.name() + ".jsa");
        Files.deleteIfExists(archive);
        var archived = function.archivedIn(archive);
        try (var runtime = new LambdaRuntime(archived, _ -> {})) {
            invoke(runtime, input);
        }
        if (!Files.exists(archive)) {
            throw new Unable("no archive of " + function.name() + " could be written");
        }
        return archived;
    }

    private static ProcessHandle process(LambdaFunction function) {
        return ProcessHandle.current()
                .descendants()
                .filter(child -> child.info()
                        .arguments()
                        .map(Arrays::asList)
                        .orElse(List.of())
                        .contains(function.handler()))
                .findFirst()
                .orElseThrow(() -> new Unable("this system does not show the process of " + function.name()));
    }

    private static double processorSeconds(ProcessHandle process) {
        return process.info()
                        .totalCpuDuration()
                        .orElseThrow(() -> new Unable("this system does not show what a process has used"))
                        .toMillis()
                / 1e3;
    }
}
