package io.deployguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.deployguard.simulation.account.Behavior;
import io.deployguard.simulation.account.SimulatedAccount;
import io.deployguard.simulation.account.SimulatedClock;
import io.deployguard.simulation.account.wire.AwsEndpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What a service can write to take hold of a terminal, to hide or to turn round what stands there: nothing of it reaches whoever asks. */
@Execution(ExecutionMode.SAME_THREAD)
class HostileTextTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int CASES = 300;

    private static final List<String> PIECES = List.of(
            "\u001b[2J\u001b[H",
            "\u001b]0;owned\u0007",
            "\u001b]8;;https://evil.example\u001b\\click\u001b]8;;\u001b\\",
            "\u001b]52;c;cm0gLXJm\u0007",
            "\u001bP+q544e\u001b\\",
            "\u001b[?1049h",
            "\u001bc",
            "\u001b",
            "\u001b[",
            "\u001b]",
            "\u009b31m",
            "\u009d0;t\u009c",
            "\u0090q\u009c",
            "\u0085",
            "\u0000",
            "\u0007",
            "\b\b\b\b",
            "\r",
            "\u007f",
            "\u000b",
            "\f",
            "\u202eresu\u202c",
            "\u2066\u2067\u2068\u2069",
            "\u200e\u200f",
            "\u061c",
            "\u200b\u200c\u200d\u2060\ufeff",
            "\u00ad",
            "\u034f",
            "\u115f\u3164\uffa0",
            "\ufe0f",
            "\udb40\udc41\udb40\udc7f",
            "\u2028",
            "\u2029",
            "\ud800",
            "\udc00",
            "\ufff9a\ufffab\ufffb",
            "\ud83d\ude80",
            "größe",
            "日本語",
            "e\u0301",
            "\t",
            " ",
            "<script>alert(1)</script>",
            "\"",
            "\\",
            "%s%n",
            "word",
            "=[redacted]");

    @Test
    void classifyShowsNothingThatATerminalObeys(@TempDir Path folder) throws IOException {
        var random = new Random(4_711);
        var cases = new StringBuilder();
        for (var number = 0; number < CASES; number++) {
            var one = JSON.createObjectNode().put("id", "case-" + number + text(random));
            var evidence = one.putObject("evidence");
            evidence.putArray("logs")
                    .add(text(random))
                    .add("ERROR: relation \"orders" + number + "\" already exists " + text(random))
                    .add("    at " + text(random));
            evidence.put("stoppedReason", "Essential container in task exited " + text(random));
            evidence.putArray("serviceEvents").add("(service web) failed " + text(random));
            evidence.putArray("containers")
                    .addObject()
                    .put("name", "web" + text(random))
                    .put("reason", "CannotStartContainerError: " + text(random))
                    .put("exitCode", 1);
            cases.append(one).append('\n');
        }
        var file = Files.writeString(
                folder.resolve("cases.jsonl"),
                cases.toString().replace("\ud800", "\\ud800").replace("\udc00", "\\udc00"));

        var plain = Run.of("classify", file.toString());
        var json = Run.of("classify", "--json", file.toString());

        assertThat(plain.exit()).as(plain.err()).isZero();
        assertHarmless(plain.out());
        assertThat(plain.out().lines().filter(line -> line.startsWith("case-"))).hasSize(CASES);
        assertHarmless(json.out());
        assertThat(json.json()).hasSize(CASES).allSatisfy(HostileTextTest::assertTextsAreHarmless);
        assertThat(json.json())
                .filteredOn(answer -> answer.path("cause").asText().equals("migration-conflict"))
                .hasSizeGreaterThan(CASES / 2);
    }

    @Test
    void diagnoseShowsNothingThatATerminalObeys() {
        var random = new Random(815);
        var account = SimulatedAccount.in(
                "eu-central-1",
                "123456789012",
                SimulatedClock.manual(Instant.now().minus(Duration.ofMinutes(30))));
        try (account;
                var endpoint = AwsEndpoint.start(account)) {
            account.cluster("shop");
            account.logs().group("/ecs/web");
            account.behavior(
                    "web:1",
                    Behavior.crashing(
                                    Duration.ofSeconds(4),
                                    1,
                                    text(random),
                                    "ERROR: relation \"orders\" already exists " + text(random),
                                    text(random))
                            .because("CannotStartContainerError " + text(random)));
            account.registerTaskDefinition("""
                    {"family":"web","networkMode":"awsvpc","requiresCompatibilities":["FARGATE"],"cpu":"256","memory":"512",
                     "containerDefinitions":[{"name":"web","image":"web:1","essential":true,
                       "environment":[{"name":"A\\u202eB","value":"x"}],
                       "logConfiguration":{"logDriver":"awslogs","options":{"awslogs-group":"/ecs/web",
                         "awslogs-region":"eu-central-1","awslogs-stream-prefix":"web"}}}]}
                    """);
            account.service("shop", "web")
                    .tag("deploy-guard:mode", text(random))
                    .create("web:1");
            account.advance(Duration.ofMinutes(5));

            var plain = diagnose(endpoint, "diagnose", "--cluster", "shop", "--service", "web");
            var json = diagnose(endpoint, "diagnose", "--cluster", "shop", "--service", "web", "--json");

            assertThat(plain.out()).contains("migration-conflict", "Stopped tasks");
            assertHarmless(plain.out());
            assertThat(plain.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(200));
            assertHarmless(json.out());
            assertTextsAreHarmless(json.json().getFirst());
        }
    }

    @Test
    void giantLinesAreShownInPart(@TempDir Path folder) throws IOException {
        var giant = "x".repeat(3 << 20);
        var one = JSON.createObjectNode().put("id", "giant");
        one.putObject("evidence")
                .putArray("logs")
                .add(giant + " ERROR: relation \"orders\" already exists " + giant)
                .add("ERROR: relation \"orders\" already exists " + giant)
                .add(giant);
        var file = Files.writeString(folder.resolve("giant.json"), one.toString());

        var plain = Run.of("classify", file.toString());
        var json = Run.of("classify", "--json", file.toString());

        assertThat(plain.out()).contains("migration-conflict").hasSizeLessThan(20_000);
        assertThat(json.out()).hasSizeLessThan(20_000);
        assertThat(json.json().getFirst().path("key").asText()).isEqualTo("orders");
    }

    @Test
    void bytesThatAreNoUtf8AreRefusedInOneSentence(@TempDir Path folder) throws IOException {
        var bytes = "{\"id\":\"a\",\"evidence\":{\"logs\":[\"caf? \"]}}".getBytes(StandardCharsets.ISO_8859_1);
        for (var at = 0; at < bytes.length; at++) {
            bytes[at] = bytes[at] == '?' ? (byte) 0xe9 : bytes[at];
        }
        var run = Run.of(
                "classify", Files.write(folder.resolve("latin1.json"), bytes).toString());

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.err()).contains("case 1: expected a JSON object", "UTF-8");
        assertHarmless(run.err());
    }

    private static Run diagnose(AwsEndpoint endpoint, String... arguments) {
        var settings = Map.of(
                "aws.endpointUrl", endpoint.uri().toString(),
                "aws.accessKeyId", "test",
                "aws.secretAccessKey", "test",
                "aws.region", "eu-central-1");
        settings.forEach(System::setProperty);
        try {
            return Run.of(arguments);
        } finally {
            settings.keySet().forEach(System::clearProperty);
        }
    }

    private static void assertHarmless(String output) {
        assertThat(harm(output.replace(System.lineSeparator(), ""))).isEmpty();
    }

    /** Jackson escapes the control characters of ASCII; what stands behind the escapes counts too. */
    private static void assertTextsAreHarmless(JsonNode node) {
        if (node.isTextual()) {
            assertHarmless(node.asText());
        }
        node.forEach(HostileTextTest::assertTextsAreHarmless);
    }

    /** Everything that moves a cursor, changes direction, takes no room or is half a character. */
    private static String harm(String text) {
        return text.codePoints()
                .filter(point -> point != '\t')
                .filter(point -> switch (Character.getType(point)) {
                    case Character.CONTROL,
                            Character.FORMAT,
                            Character.SURROGATE,
                            Character.LINE_SEPARATOR,
                            Character.PARAGRAPH_SEPARATOR -> true;
                    default ->
                        point == 0x034f || point == 0x115f || point == 0x3164 || point == 0xffa0 || point == 0xfe0f;
                })
                .mapToObj("U+%04X"::formatted)
                .distinct()
                .collect(Collectors.joining(" "));
    }

    private static String text(Random random) {
        var pieces = new ArrayList<String>();
        for (var times = random.nextInt(6); times >= 0; times--) {
            pieces.add(PIECES.get(random.nextInt(PIECES.size())));
        }
        return String.join(random.nextBoolean() ? "" : "x", pieces);
    }
}
