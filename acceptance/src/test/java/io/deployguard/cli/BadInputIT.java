package io.deployguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deployguard.incident.Incident;
import io.deployguard.postgres.ConnectionSettings;
import io.deployguard.postgres.PostgresDatabase;
import io.deployguard.postgres.SchemaMigrator;
import io.deployguard.simulation.account.Behavior;
import io.deployguard.simulation.account.SimulatedAccount;
import io.deployguard.simulation.account.SimulatedClock;
import io.deployguard.simulation.account.wire.AwsEndpoint;
import io.deployguard.simulation.lab.Invocation;
import io.deployguard.simulation.lab.LambdaRuntime;
import io.deployguard.simulation.lab.LocalPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What may come to the functions' door and should not, through Lambda's runtime interface: each is refused in words or given back to its queue, what
 * came with it is still handled, and nothing is changed in AWS.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputIT {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final List<String> log = new CopyOnWriteArrayList<>();
    private LocalPostgres postgres;
    private SimulatedAccount account;
    private AwsEndpoint endpoint;

    @BeforeAll
    void start() {
        System.setProperty("deployguard.home", "..");
        postgres = LocalPostgres.start();
        new SchemaMigrator(ConnectionSettings.parse(postgres.jdbcUrl())).migrate();
        account = SimulatedAccount.in("eu-central-1", "123456789012", SimulatedClock.startingAt(Instant.now(), 1));
        endpoint = AwsEndpoint.start(account);
        account.cluster("shop");
        account.behavior("clinic-api:1", Behavior.healthyAfter(Duration.ofSeconds(1), "listening on 8080"));
        account.registerTaskDefinition("""
                {"family":"clinic-api","networkMode":"awsvpc","requiresCompatibilities":["FARGATE"],"cpu":"256","memory":"512",
                 "containerDefinitions":[{"name":"web","image":"clinic-api:1","essential":true}]}""");
        account.service("shop", "clinic-api").create("clinic-api:1");
    }

    @AfterEach
    void nothingWasDone() {
        assertThat(endpoint.changes()).isEmpty();
        try (var database = new PostgresDatabase(ConnectionSettings.parse(postgres.jdbcUrl()))) {
            List<Incident> incidents = database.transact(
                    "read incidents", stores -> stores.incidents().newest(5));
            assertThat(incidents).noneMatch(Incident::isTold);
        }
        log.clear();
    }

    @AfterAll
    void stop() {
        endpoint.close();
        account.close();
        postgres.close();
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class Detect {

        private LambdaRuntime detect;

        @BeforeAll
        void start() {
            detect = function("detect", postgres.jdbcUrl());
        }

        @AfterAll
        void stop() {
            detect.close();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{not json",
                    "\"a text\"",
                    "[]",
                    "null",
                    "{}",
                    "{\"detail-type\":\"ECS Task State Change\",\"source\":\"aws.ecs\"}"
                })
        void saysWhatIsWrongWithAnEvent(String event) {
            var failed = (Invocation.Failed) detect.invoke(event, TIMEOUT);

            assertThat(failed.errorType()).endsWith("IllegalArgumentException");
            assertThat(failed.message()).startsWith("event: ").contains("expected");
        }

        @Test
        void ignoresWhatOthersCallAnEventOfEcs() throws IOException {
            var event = event("task-crash-migration-conflict");
            event.put("source", "shop.tools");

            var answer = answer(detect.invoke(event.toString(), TIMEOUT));

            assertThat(answer.path("outcome").asText()).isEqualTo("ignored");
            assertThat(answer.path("because").asText()).contains("shop.tools");
        }

        @Test
        void ignoresKindsItDoesNotKnow() throws IOException {
            var event = event("task-crash-migration-conflict");
            event.put("detail-type", "ECS Something New");

            assertThat(answer(detect.invoke(event.toString(), TIMEOUT))
                            .path("outcome")
                            .asText())
                    .isEqualTo("ignored");
        }

        /** The most that a queue takes is 1 MiB. */
        @ParameterizedTest
        @ValueSource(strings = {"/detail/stoppedReason", "/detail/containers/0/reason", "/detail/somethingNew"})
        void takesAnEventOf900Kilobytes(String field) throws IOException {
            var event = event("task-crash-migration-conflict");
            var slash = field.lastIndexOf('/');
            ((ObjectNode) event.at(field.substring(0, slash)))
                    .put(field.substring(slash + 1), "Error: relation \"x\" ".repeat(45_000));

            var invocation = detect.invoke(event.toString(), TIMEOUT);

            assertThat(answer(invocation).path("outcome").asText()).isNotEqualTo("ignored");
            assertThat(((Invocation.Answered) invocation).duration()).isLessThan(Duration.ofSeconds(20));
        }

        @Test
        void givesBackTheBadMessageOfABatchAndHandlesTheOthers() throws IOException {
            var stranger = event("task-scale-in");
            stranger.put("source", "shop.tools");

            var answer = answer(detect.invoke(
                    batch(Map.of(
                            "bad", "{not json",
                            "good", event("deployment-in-progress").toString(),
                            "stranger", stranger.toString())),
                    TIMEOUT));

            assertThat(failures(answer)).containsExactly("bad");
            assertThat(log)
                    .anySatisfy(line -> assertThat(line)
                            .contains("\"level\":\"ERROR\"")
                            .contains("\"message_id\":\"bad\"")
                            .contains("event: expected a JSON object"));
        }
    }

    /** The only function that could do harm. */
    @Nested
    class Act {

        @Test
        void givesBackWhatNamesNoIncidentAndLeavesUnknownOnesAlone() {
            try (var act = function("act", postgres.jdbcUrl())) {
                var answer = answer(act.invoke(
                        batch(Map.of(
                                "text", "roll back everything",
                                "list", "[]",
                                "other", "{\"incident\":\"1; drop table incident\"}",
                                "unknown", "{\"incident\":\"00000000-0000-4000-8000-000000000000\"}")),
                        TIMEOUT));

                assertThat(failures(answer)).containsExactlyInAnyOrder("text", "list", "other");
            }
        }

        @Test
        void takesAnEventForNoOrder() throws IOException {
            try (var act = function("act", postgres.jdbcUrl())) {
                var failed = (Invocation.Failed)
                        act.invoke(event("task-crash-migration-conflict").toString(), TIMEOUT);

                assertThat(failed.message()).startsWith("message: expected {\"incident\":");
            }
        }
    }

    @Nested
    class WithoutDatabase {

        @Test
        void givesEveryMessageBackWhileItRefuses() throws IOException {
            try (var detect = function("detect", "postgres://guard:secret@127.0.0.1:1/guard")) {
                var answer = answer(detect.invoke(
                        batch(Map.of(
                                "first", event("task-crash-migration-conflict").toString(),
                                "second", event("deployment-failed").toString())),
                        TIMEOUT));

                assertThat(failures(answer)).containsExactlyInAnyOrder("first", "second");
                assertThat(log)
                        .anySatisfy(line -> assertThat(line)
                                .contains("database 127.0.0.1:1/guard")
                                .contains("check that the database runs"))
                        .noneMatch(line -> line.contains("secret"));
            }
        }

        @Test
        void saysSoToADirectCaller() throws IOException {
            try (var detect = function("detect", "postgres://guard:secret@127.0.0.1:1/guard")) {
                var failed = (Invocation.Failed)
                        detect.invoke(event("task-crash-migration-conflict").toString(), TIMEOUT);

                assertThat(failed.errorType()).endsWith("GuardFault$Unavailable");
                assertThat(failed.message())
                        .contains("database 127.0.0.1:1/guard")
                        .doesNotContain("secret");
            }
        }

        /** A server that takes the connection and never says a word: each message waits, until there is no time for another. */
        @Test
        void givesEveryMessageBackInTimeWhileItHangs() throws IOException {
            try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                    var detect = function(
                            "detect", "postgres://guard:secret@127.0.0.1:%d/guard".formatted(silent.getLocalPort()))) {
                var bodies = new HashMap<String, String>();
                for (var message = 0; message < 10; message++) {
                    var event = event("task-crash-migration-conflict");
                    event.put("id", UUID.randomUUID().toString());
                    bodies.put("message-" + message, event.toString());
                }

                var answer = answer(detect.invoke(batch(bodies), Duration.ofSeconds(45)));

                assertThat(failures(answer)).containsExactlyInAnyOrderElementsOf(bodies.keySet());
                assertThat(log).anySatisfy(line -> assertThat(line).contains("no time left for this message"));
            }
        }
    }

    private LambdaRuntime function(String name, String database) {
        return new LambdaRuntime(
                Home.function(name)
                        .with(Map.of(
                                "AWS_ENDPOINT_URL",
                                endpoint.uri().toString(),
                                "DEPLOY_GUARD_DATABASE_URL",
                                database,
                                "DEPLOY_GUARD_MODE",
                                "auto")),
                log::add);
    }

    private static ObjectNode event(String name) throws IOException {
        return (ObjectNode)
                JSON.readTree(Files.readString(Home.folder().resolve("events").resolve(name + ".json")));
    }

    /** Message id → body, as Lambda hands over a queue's batch. */
    private static String batch(Map<String, String> bodies) {
        var batch = JSON.createObjectNode();
        var records = batch.putArray("Records");
        bodies.forEach((id, body) -> records.addObject()
                .put("messageId", id)
                .put("eventSource", "aws:sqs")
                .put("body", body));
        return batch.toString();
    }

    private static JsonNode answer(Invocation invocation) {
        assertThat(invocation).as(invocation.describe()).isInstanceOf(Invocation.Answered.class);
        try {
            return JSON.readTree(((Invocation.Answered) invocation).payload());
        } catch (IOException notJson) {
            throw new AssertionError(notJson);
        }
    }

    private static List<String> failures(JsonNode answer) {
        var ids = new ArrayList<String>();
        answer.path("batchItemFailures")
                .forEach(failure -> ids.add(failure.path("itemIdentifier").asText()));
        return ids;
    }
}
