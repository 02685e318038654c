package io.deployguard.aws.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deployguard.aws.AwsClients;
import io.deployguard.classification.RuleDocument;
import io.deployguard.classification.RuleLocation;
import io.deployguard.classification.RuleSource;
import io.deployguard.fault.GuardFault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What S3 and Systems Manager can answer, and what becomes of it; the services themselves are emulated in {@code MotoIT}. */
class OwnRulesTest {

    private static final String NOTHING = "";

    private final Map<String, String> before = new HashMap<>();

    @BeforeEach
    void signIn() {
        set("aws.accessKeyId", RulesStub.ACCESS_KEY);
        set("aws.secretAccessKey", RulesStub.SECRET_KEY);
    }

    @AfterEach
    void signOut() {
        before.forEach(System::setProperty);
    }

    private void set(String name, String value) {
        before.put(name, System.getProperty(name, ""));
        System.setProperty(name, value);
    }

    @Test
    void aFolderNeedsNoAws(@TempDir Path folder) throws java.io.IOException {
        Files.writeString(folder.resolve("ours.yaml"), "id: x");

        var source = OwnRules.at(new RuleLocation.Folder(folder), () -> {
            throw new AssertionError("asked for AWS");
        });

        assertThat(source.read().documents()).containsExactly(new RuleDocument("ours.yaml", "id: x"));
    }

    @Nested
    class S3 {

        @Test
        void readsEveryDocumentBelowThePrefixAndSignsAsS3Wants() {
            var keys = List.of("our rules/a.yaml", "our rules/b+c=&?ä.yaml", "our rules/notes.txt");
            try (var stub = new RulesStub(request -> request.target().contains("list-type")
                    ? new RulesStub.Answer(200, list(keys))
                    : new RulesStub.Answer(200, "id: " + request.target()))) {
                var reading = s3(stub, "our rules/").read();

                assertThat(reading.problems()).isEmpty();
                assertThat(reading.documents())
                        .extracting(RuleDocument::name)
                        .containsExactly("s3://acme/our rules/a.yaml", "s3://acme/our rules/b+c=&?ä.yaml");
                assertThat(reading.documents().get(1).text())
                        .isEqualTo("id: /acme/our%20rules/b%2Bc%3D%26%3F%C3%A4.yaml");
                assertThat(stub.requests()).hasSize(3).allMatch(RulesStub.Request::isGenuine);
                assertThat(stub.requests().getFirst().target()).contains("prefix=our%20rules%2F", "list-type=2");
            }
        }

        @Test
        void whatIsNoDocumentIsLeftOutAndTold() {
            var giant = list(List.of("r/a.yaml", "r/giant.yaml", "r/latin.yaml", "r/secret.yaml"))
                    .replaceFirst("(?s)(giant.yaml</Key><Size>)\\d+", "$1" + (RuleSource.MOST_BYTES + 1));
            try (var stub = new RulesStub(request -> {
                if (request.target().contains("list-type")) {
                    return new RulesStub.Answer(200, giant);
                }
                return request.target().endsWith("secret.yaml")
                        ? new RulesStub.Answer(403, error("AccessDenied", "kms:Decrypt"))
                        : new RulesStub.Answer(200, request.target().endsWith("latin.yaml") ? "\u00e4" : "id: a");
            })) {
                var reading = s3(stub, "r/").read();

                assertThat(reading.documents()).containsExactly(new RuleDocument("s3://acme/r/a.yaml", "id: a"));
                assertThat(reading.problems())
                        .containsExactly(
                                "s3://acme/r/giant.yaml: expected at most 65536 bytes, got 65537",
                                "s3://acme/r/latin.yaml: expected UTF-8",
                                "s3://acme/r/secret.yaml: s3:GetObject for s3://acme/r/secret.yaml: denied; allow s3:GetObject for this role");
            }
        }

        @ParameterizedTest(name = "{0} {1}")
        @CsvSource({
            "403, AccessDenied, Denied, allow s3:ListBucket for this role",
            "404, NoSuchBucket, NotFound, not found",
            "301, PermanentRedirect, Malformed, must be in the guard's region",
            "400, AuthorizationHeaderMalformed, Malformed, must be in the guard's region",
            "503, SlowDown, Throttled, throttled",
            "500, InternalError, Unavailable, failed with 500"
        })
        void aRefusalIsAFaultThatSaysWhatToDo(int status, String code, String kind, String told) {
            try (var stub = new RulesStub(_ -> new RulesStub.Answer(status, error(code, "said S3")))) {
                assertThatThrownBy(() -> s3(stub, "r/").read())
                        .isInstanceOf(GuardFault.class)
                        .hasMessageStartingWith("s3:ListBucket for bucket acme: ")
                        .hasMessageContaining(told)
                        .satisfies(fault ->
                                assertThat(fault.getClass().getSimpleName()).isEqualTo(kind));
                assertThat(stub.requests()).hasSize(status >= 500 ? 2 : 1);
            }
        }

        @Test
        void anErrorThatPassesIsAskedOnceMore() {
            var asked = new AtomicInteger();
            try (var stub = new RulesStub(request -> asked.getAndIncrement() % 2 == 0
                    ? new RulesStub.Answer(500, NOTHING)
                    : new RulesStub.Answer(
                            200, request.target().contains("list-type") ? list(List.of("r/a.yaml")) : "id: a"))) {
                assertThat(s3(stub, "r/").read().documents()).hasSize(1);
            }
        }

        @Test
        void aPlaceWithoutRulesOrWithTooManyIsAFault() {
            var many = new ArrayList<String>();
            for (var index = 0; index <= RuleSource.MOST_DOCUMENTS; index++) {
                many.add("r/%03d.yaml".formatted(index));
            }
            assertFault(list(List.of("r/readme.md")), GuardFault.NotFound.class, "no object there ends with .yaml");
            assertFault(list(many), GuardFault.Malformed.class, "at most 100 objects");
            assertFault(list(List.of("r/a.yaml")).replace("false", "true"), GuardFault.Malformed.class, "1000 in all");
            assertFault("<html><br></html>", GuardFault.Malformed.class, "something else than XML");
            assertFault(
                    "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/hostname\">]><Contents><Key>&e;</Key></Contents>",
                    GuardFault.class,
                    "");
        }

        private static void assertFault(String listing, Class<?> kind, String told) {
            try (var stub = new RulesStub(_ -> new RulesStub.Answer(200, listing))) {
                assertThatThrownBy(() -> s3(stub, "r/").read())
                        .isInstanceOf(kind)
                        .hasMessageContaining(told);
            }
        }

        private static RuleSource s3(RulesStub stub, String prefix) {
            return OwnRules.at(new RuleLocation.S3("acme", prefix), () -> AwsClients.at(stub.uri(), "eu-central-1"));
        }

        private static String list(List<String> keys) {
            var contents = new StringBuilder();
            keys.forEach(key -> contents.append("<Contents><Key>%s</Key><Size>5</Size></Contents>"
                    .formatted(key.replace("&", "&amp;").replace("ä", "&#228;"))));
            return "<?xml version=\"1.0\"?><ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
                    + "<IsTruncated>false</IsTruncated>" + contents + "</ListBucketResult>";
        }

        private static String error(String code, String message) {
            return "<Error><Code>%s</Code><Message>%s</Message></Error>".formatted(code, message);
        }
    }

    @Nested
    class SystemsManager {

        @Test
        void readsEveryPageBelowThePath() {
            var first = parameters("next", parameter("/g/rules/b", "String", "id: b"));
            var second = parameters(
                    "", parameter("/g/rules/a", "String", "id: a"), parameter("/g/rules/c", "SecureString", "AQICAHh"));
            try (var stub = new RulesStub(
                    request -> new RulesStub.Answer(200, request.body().contains("NextToken") ? second : first))) {
                var reading = ssm(stub).read();

                assertThat(reading.documents())
                        .containsExactly(
                                new RuleDocument("ssm:/g/rules/a", "id: a"),
                                new RuleDocument("ssm:/g/rules/b", "id: b"));
                assertThat(reading.problems())
                        .containsExactly("ssm:/g/rules/c: expected a parameter of type String, got SecureString");
                assertThat(stub.requests())
                        .hasSize(2)
                        .allMatch(RulesStub.Request::isGenuine)
                        .allMatch(request -> request.action().equals("AmazonSSM.GetParametersByPath"));
                assertThat(stub.requests().getFirst().body())
                        .isEqualTo("{\"Path\":\"/g/rules\",\"Recursive\":true,\"MaxResults\":10}");
            }
        }

        @Test
        void readsTheOneParameterOfThatName() {
            try (var stub = new RulesStub(request -> new RulesStub.Answer(
                    200,
                    request.action().endsWith("GetParameter")
                            ? "{\"Parameter\":" + parameter("/g/rules", "String", "id: a") + "}"
                            : parameters("")))) {
                assertThat(ssm(stub).read().documents()).containsExactly(new RuleDocument("ssm:/g/rules", "id: a"));
            }
        }

        @ParameterizedTest(name = "{0} {1}")
        @CsvSource({
            "400, AccessDeniedException, Denied, allow ssm:GetParametersByPath for this role",
            "400, com.amazonaws.ssm#ParameterNotFound, NotFound, not found",
            "400, ThrottlingException, Throttled, throttled",
            "500, InternalServerError, Unavailable, failed with 500"
        })
        void aRefusalIsAFaultThatSaysWhatToDo(int status, String code, String kind, String told) {
            try (var stub = new RulesStub(_ -> new RulesStub.Answer(status, "{\"__type\":\"" + code + "\"}"))) {
                assertThatThrownBy(() -> ssm(stub).read())
                        .isInstanceOf(GuardFault.class)
                        .hasMessageStartingWith("ssm:GetParametersByPath for parameter /g/rules: ")
                        .hasMessageContaining(told)
                        .satisfies(fault ->
                                assertThat(fault.getClass().getSimpleName()).isEqualTo(kind));
            }
        }

        @Test
        void moreThanCanBeMeantAndWhatIsNoJsonAreFaults() {
            var page = new ArrayList<String>();
            for (var index = 0; index < 10; index++) {
                page.add(parameter("/g/rules/" + index, "String", "id: x"));
            }
            assertFault(
                    _ -> new RulesStub.Answer(200, parameters("again", page.toArray(String[]::new))),
                    "at most 100 parameters");
            assertFault(_ -> new RulesStub.Answer(200, "<html>"), "without JSON");
            assertFault(_ -> new RulesStub.Answer(502, "<html>"), "failed with 502");
        }

        private static void assertFault(Function<RulesStub.Request, RulesStub.Answer> answers, String told) {
            try (var stub = new RulesStub(answers)) {
                assertThatThrownBy(() -> ssm(stub).read())
                        .isInstanceOf(GuardFault.class)
                        .hasMessageContaining(told);
            }
        }

        private static RuleSource ssm(RulesStub stub) {
            return OwnRules.at(new RuleLocation.Ssm("/g/rules"), () -> AwsClients.at(stub.uri(), "eu-central-1"));
        }

        private static String parameter(String name, String type, String value) {
            return "{\"Name\":\"%s\",\"Type\":\"%s\",\"Value\":\"%s\"}".formatted(name, type, value);
        }

        private static String parameters(String next, String... parameters) {
            return "{\"Parameters\":[%s]%s}"
                    .formatted(String.join(",", parameters), next.isEmpty() ? "" : ",\"NextToken\":\"" + next + "\"");
        }
    }

    @Test
    void aServiceThatIsAwayIsAFault() {
        int port;
        try (var stub = new RulesStub(_ -> new RulesStub.Answer(200, NOTHING))) {
            port = stub.uri().getPort();
        }
        var gone = java.net.URI.create("http://127.0.0.1:" + port);
        assertThatThrownBy(
                        () -> OwnRules.at(new RuleLocation.S3("acme", "r/"), () -> AwsClients.at(gone, "eu-central-1"))
                                .read())
                .isInstanceOf(GuardFault.Unavailable.class)
                .hasMessageContaining("s3:ListBucket for bucket acme: could not be asked");
    }
}
