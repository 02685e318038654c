package io.deployguard.emulators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import io.deployguard.postgres.ConnectionSettings;
import io.deployguard.postgres.SchemaMigrator;
import io.deployguard.simulation.account.SimulatedAccount;
import io.deployguard.simulation.account.SimulatedClock;
import io.deployguard.simulation.account.wire.AwsEndpoint;
import io.deployguard.simulation.lab.Invocation;
import io.deployguard.simulation.lab.LambdaFunction;
import io.deployguard.simulation.lab.LambdaRuntime;
import io.deployguard.simulation.lab.LocalPostgres;
import io.deployguard.simulation.lab.RuntimeClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The shipped functions behind AWS's runtime client, begun as Lambda begins them for a snapshot: they rehearse, wait, are told that they were restored, and
 * handle an event. No snapshot is taken; what would be in it is read from the memory of the process while it waits.
 */
@EnabledOnOs(OS.LINUX) // AWS's client has a native library for Linux only
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SnapshotIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final String NOBODY = "{\"incident\":\"00000000-0000-0000-0000-000000000000\"}";

    /** Secrets that are found nowhere but where they were read. */
    private static final String TOKEN = "xoxb-canary-of-slack";

    private static final LambdaFunction.Credentials CREDENTIALS =
            new LambdaFunction.Credentials("AKIACANARY", "canary-of-the-secret-key", "canary-of-the-session");

    private static final Pattern HOLDER = Pattern.compile("act:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private final List<String> log = new CopyOnWriteArrayList<>();
    private LocalPostgres postgres;
    private SimulatedAccount account;
    private AwsEndpoint aws;
    private HttpServer secrets;

    @BeforeAll
    void start() throws Exception {
        assumeTrue(RuntimeClient.ofThisSystem() == RuntimeClient.AWS, "PlainRuntime knows no snapshots");
        postgres = LocalPostgres.start();
        new SchemaMigrator(ConnectionSettings.parse(postgres.jdbcUrl())).migrate();
        account = SimulatedAccount.in(
                LambdaFunction.DEFAULT_REGION,
                LambdaFunction.DEFAULT_ACCOUNT,
                SimulatedClock.startingAt(Instant.now(), 1));
        aws = AwsEndpoint.start(account);
        secrets = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        secrets.createContext("/", exchange -> {
            try (exchange) {
                var answer = "{\"SecretString\":\"%s\"}".formatted(TOKEN).getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, answer.length);
                exchange.getResponseBody().write(answer);
            }
        });
        secrets.start();
    }

    @AfterAll
    void stop() {
        if (secrets != null) {
            secrets.stop(0);
            aws.close();
            account.close();
            postgres.close();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "detect | deployment-failed.json | gave the deployment up",
                "watch | schedule-every-minute.json | watched",
                "act | | does not wait for an action",
                "notify | | delivered what was due"
            })
    void rehearseWaitAndHandleAnEventOnceTheyAreRestored(String name, String event, String outcome) throws IOException {
        var input = event == null
                ? NOBODY
                : Files.readString(Project.root().resolve("events").resolve(event));
        try (var function = begin(name)) {
            function.freeze();
            var answer = function.invoke(input, TIMEOUT);

            assertThat(answer)
                    .isInstanceOfSatisfying(
                            Invocation.Answered.class,
                            answered -> assertThat(answered.payload()).contains(outcome));
            assertThat(String.join("\n", log))
                    .containsSubsequence(
                            "\"function\":\"%s\",\"event\":\"rehearsed\"".formatted(name),
                            "\"function\":\"%s\",\"event\":\"restored\"".formatted(name),
                            "\"function\":\"%s\",\"event\":\"handled\"".formatted(name));
        }
    }

    /** A rehearsal that ends early would leave most classes to the first event, and nobody would notice. */
    @Test
    void rehearseTheWholeWayFromAnEventToADecision() {
        try (var detect = begin("detect")) {
            detect.freeze();
            detect.invoke("\"no event at all\"", TIMEOUT);

            assertThat(log)
                    .filteredOn(line -> line.contains("\"function\":\"detect\",\"event\":\"rehearsed\""))
                    .isNotEmpty()
                    .allSatisfy(line -> assertThat(line).contains("migration-conflict", "decision"));
        }
    }

    @Test
    void holdNoSecretInTheirSnapshot(@TempDir Path folder) throws Exception {
        try (var notify = begin("notify")) {
            var process = notify.freeze();
            var frozen = memoryOf(process, folder.resolve("frozen.hprof"));
            assertThat(notify.invoke(NOBODY, TIMEOUT)).isInstanceOf(Invocation.Answered.class);
            var atWork = memoryOf(process, folder.resolve("at-work.hprof"));

            assertThat(List.of(TOKEN, CREDENTIALS.secretAccessKey(), CREDENTIALS.sessionToken()))
                    .as("found where they are, and not before")
                    .allSatisfy(secret -> {
                        assertThat(atWork).contains(secret);
                        assertThat(frozen).doesNotContain(secret);
                    });
        }
    }

    /** A lease that two instances could hold under one name would be no lease. */
    @Test
    void chooseTheNameThatALeaseKnowsThemByAfterTheSnapshot(@TempDir Path folder) throws Exception {
        var names = new TreeSet<String>();
        for (var copy : List.of("one", "another")) {
            try (var act = begin("act")) {
                var process = act.freeze();
                assertThat(holdersIn(memoryOf(process, folder.resolve(copy + "-frozen.hprof"))))
                        .isEmpty();
                act.invoke(NOBODY, TIMEOUT);
                var holders = holdersIn(memoryOf(process, folder.resolve(copy + ".hprof")));
                assertThat(holders).hasSize(1);
                names.addAll(holders);
            }
        }
        assertThat(names).hasSize(2);
    }

    /** What cannot be put together publishes no version, and fails the deployment. */
    @Test
    void areNotPublishedWithASettingThatCannotBeRead() {
        try (var function = begin("detect", Map.of("DEPLOY_GUARD_MODE", "sometimes"))) {
            assertThatThrownBy(function::freeze)
                    .hasMessageContaining("start io.deployguard.functions.detect.DetectHandler")
                    .hasMessageContaining("DEPLOY_GUARD_MODE");
        }
    }

    private static Set<String> holdersIn(String memory) {
        var found = new TreeSet<String>();
        HOLDER.matcher(memory).results().map(MatchResult::group).forEach(found::add);
        return found;
    }

    private LambdaRuntime begin(String name) {
        return begin(name, Map.of());
    }

    private LambdaRuntime begin(String name, Map<String, String> more) {
        var type = Character.toUpperCase(name.charAt(0)) + name.substring(1) + "Handler";
        var jar = Project.requireBuilt(Project.root().resolve("functions/%1$s/target/%1$s.jar".formatted(name)));
        var environment = new HashMap<>(Map.of(
                "AWS_ENDPOINT_URL", aws.uri().toString(),
                "AWS_ENDPOINT_URL_SECRETS_MANAGER",
                        "http://127.0.0.1:" + secrets.getAddress().getPort(),
                "DEPLOY_GUARD_EVENT_QUEUE_URL", aws.uri().resolve("/events").toString(),
                "DEPLOY_GUARD_ACT_QUEUE_URL", aws.uri().resolve("/act").toString(),
                "DEPLOY_GUARD_NOTIFY_QUEUE_URL", aws.uri().resolve("/notify").toString(),
                "DEPLOY_GUARD_DATABASE_URL", postgres.jdbcUrl(),
                "DEPLOY_GUARD_SLACK_CHANNEL", "C0123ABCD",
                "DEPLOY_GUARD_SLACK_TOKEN_SECRET",
                        "arn:aws:secretsmanager:eu-central-1:123456789012:secret:slack-AbCdEf"));
        environment.putAll(more);
        return new LambdaRuntime(
                LambdaFunction.of(name, "io.deployguard.functions.%s.%s::handleRequest".formatted(name, type), jar)
                        .with(environment)
                        .begun(LambdaFunction.Initialization.SNAP_START)
                        .signingWith(CREDENTIALS),
                log::add);
    }

    /** All of it, what nobody refers to any more included; one byte is one character. */
    private static String memoryOf(ProcessHandle process, Path file) throws IOException, InterruptedException {
        var dump = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(process.pid()),
                        "GC.heap_dump",
                        "-all",
                        file.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(dump.waitFor(2, TimeUnit.MINUTES)).isTrue();
        var memory = Files.readString(file, StandardCharsets.ISO_8859_1);
        Files.delete(file);
        return memory;
    }
}
