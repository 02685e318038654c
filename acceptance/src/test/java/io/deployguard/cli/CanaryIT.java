package io.deployguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.deployguard.incident.Incident;
import io.deployguard.incident.Progress;
import io.deployguard.postgres.ConnectionSettings;
import io.deployguard.postgres.PostgresDatabase;
import io.deployguard.postgres.SchemaMigrator;
import io.deployguard.simulation.account.Behavior;
import io.deployguard.simulation.account.LoadBalancer;
import io.deployguard.simulation.account.SimulatedAccount;
import io.deployguard.simulation.account.SimulatedClock;
import io.deployguard.simulation.account.TargetGroup;
import io.deployguard.simulation.account.wire.AwsEndpoint;
import io.deployguard.simulation.demo.Timeline;
import io.deployguard.simulation.lab.Invocation;
import io.deployguard.simulation.lab.LambdaRuntime;
import io.deployguard.simulation.lab.LocalPostgres;
import io.deployguard.simulation.lab.SlackPage;
import io.deployguard.simulation.lab.SlackStandIn;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Secrets of many kinds, planted wherever a failing service can carry text, through whole incidents with the jars of this build; afterwards they are
 * in nothing that is stored, logged, sent or shown. Beside each stands a harmless marker, which must have come through: without it the test would
 * prove nothing.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Execution(ExecutionMode.SAME_THREAD)
class CanaryIT {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final double SPEED = 20;
    private static final String CHANNEL = "deployments";
    private static final String UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private static final String HEX = "0123456789abcdef";
    private static final String BASE62 = UPPER + "abcdefghijklmnopqrstuvwxyz0123456789";
    private static final Random RANDOM = new Random(99);

    /** By kind: the secret, and how a program writes it. */
    private static final Map<String, Planted> CANARIES = canaries();

    /** Known by its name in the environment alone: no shape tells that it is one. */
    private static final String ENVIRONMENT_PASSWORD = "correct horse " + random(BASE62, 6);

    private static final String ENVIRONMENT_RANDOM = random(BASE62, 40) + "+=";
    private static final String DATABASE_PASSWORD = random(BASE62, 20);
    private static final String SLACK_TOKEN = "xoxb-" + random("0123456789", 12) + "-" + random(BASE62, 24);

    record Planted(String secret, String line) {}

    /** Everything that left the guard, by where it went. */
    private final Map<String, String> outputs = new LinkedHashMap<>();

    private SimulatedAccount account;
    private AwsEndpoint endpoint;

    @BeforeAll
    void liveThroughTheIncidents(@TempDir Path folder) throws Exception {
        System.setProperty("deployguard.home", "..");
        var clock = SimulatedClock.startingAt(Instant.now(), SPEED);
        var log = new CopyOnWriteArrayList<String>();
        var story = new CopyOnWriteArrayList<String>();
        var requests = new CopyOnWriteArrayList<String>();
        account = SimulatedAccount.in("eu-central-1", "123456789012", clock);
        endpoint = AwsEndpoint.start(account);
        try (var postgres = LocalPostgres.start();
                var slack = SlackStandIn.start(0, SLACK_TOKEN, List.of(CHANNEL), clock);
                var wire = new Wire(slack.uri(), requests)) {
            var timeline = new Timeline(clock, entry -> story.add(entry.toString()));
            var database = "postgres://%s:%s@127.0.0.1:%d/postgres"
                    .formatted(postgres.user(), DATABASE_PASSWORD, postgres.port());
            new SchemaMigrator(ConnectionSettings.parse(database)).migrate();
            var environment = Map.of(
                    "AWS_ENDPOINT_URL",
                    endpoint.uri().toString(),
                    "AWS_REGION",
                    "eu-central-1",
                    "DEPLOY_GUARD_DATABASE_URL",
                    database,
                    "DEPLOY_GUARD_CLOCK",
                    clock.describe(),
                    "DEPLOY_GUARD_SLACK_CHANNEL",
                    slack.channelId(CHANNEL),
                    "DEPLOY_GUARD_SLACK_TOKEN",
                    SLACK_TOKEN,
                    "DEPLOY_GUARD_SLACK_API_URL",
                    wire.uri() + "/api/");
            var functions = new LinkedHashMap<String, LambdaRuntime>();
            try {
                for (var name : List.of("detect", "watch", "act", "notify")) {
                    functions.put(name, new LambdaRuntime(Home.function(name).with(environment), line -> {
                        log.add(line);
                        timeline.log(name, line);
                    }));
                }
                Queue<String> events = new ConcurrentLinkedQueue<>();
                account.onEvent(timeline::event);
                account.onEvent(event -> events.add(event.toString()));
                live(functions, events, database);
            } finally {
                functions.values().forEach(LambdaRuntime::close);
            }
            outputs.put("tables", dump(postgres.jdbcUrl()));
            outputs.put("functions' logs", String.join("\n", log));
            outputs.put("requests to Slack", String.join("\n", requests));
            outputs.put("page", SlackPage.render(CHANNEL, slack.messages()));
            outputs.put("timeline", String.join("\n", story));
        }
        diagnose();
        classify(folder);
    }

    @AfterAll
    void stop() {
        endpoint.close();
        account.close();
    }

    @Test
    void noCanaryIsAnywhere() {
        var secrets = new LinkedHashMap<String, String>();
        CANARIES.forEach((kind, planted) -> secrets.put(kind, planted.secret()));
        secrets.put("password of the environment", ENVIRONMENT_PASSWORD);
        secrets.put("generated value of the environment", ENVIRONMENT_RANDOM);
        secrets.put("the guard's own database password", DATABASE_PASSWORD);
        secrets.put("the guard's own Slack token", SLACK_TOKEN);

        assertThat(secrets)
                .hasSizeGreaterThan(20)
                .allSatisfy((kind, secret) -> assertThat(outputs)
                        .allSatisfy((place, text) -> assertThat(found(secret, text))
                                .as("%s in %s", kind, place)
                                .isEmpty()));
    }

    /** The lines that carried them came through, wherever such a line is shown. */
    @Test
    void whatStoodBesideThemIs() {
        Map<String, List<String>> markers = Map.of(
                "tables", List.of("marker-exception", "marker-container", "marker-stopped", "clinics_marker"),
                "functions' logs", List.of("clinics_marker"),
                "requests to Slack", List.of("marker-exception", "marker-stopped", "clinics_marker"),
                "page", List.of("marker-exception", "marker-stopped"),
                "timeline", List.of("marker-stopped", "clinics_marker"),
                "diagnose",
                        List.of(
                                "marker-exception",
                                "marker-container",
                                "marker-stopped",
                                "marker-check",
                                "MARKER_PASSWORD"),
                "diagnose --json", List.of("marker-exception", "marker-stopped", "marker-check", "MARKER_PASSWORD"));
        assertThat(markers)
                .allSatisfy((place, expected) ->
                        assertThat(outputs.get(place)).as(place).contains(expected));
        for (var kind : CANARIES.keySet()) {
            assertThat(outputs.get("classify")).contains(marker(kind));
            assertThat(outputs.get("classify --json")).contains(marker(kind));
        }
    }

    /** What the search would say of a line that nobody had redacted. */
    @Test
    void theSearchFindsEveryOneOfThem() {
        assertThat(CANARIES).allSatisfy((_, planted) -> {
            assertThat(found(planted.secret(), planted.line())).isNotEmpty();
            assertThat(found(
                            planted.secret(),
                            JSON.getNodeFactory().textNode(planted.line()).toString()))
                    .isNotEmpty();
        });
        assertThat(outputs).hasSize(9).allSatisfy((_, text) -> assertThat(text).hasSizeGreaterThan(200));
    }

    /** Any ten characters of it in a row. */
    private static List<String> found(String secret, String text) {
        var pieces = new ArrayList<String>();
        for (var line : secret.lines().toList()) {
            for (var from = 0; from + 10 <= line.length(); from++) {
                var piece = line.substring(from, from + 10);
                if (text.contains(piece)) {
                    pieces.add(piece);
                }
            }
        }
        return pieces;
    }

    private void live(Map<String, LambdaRuntime> functions, Queue<String> events, String database) throws Exception {
        var targets = prepare();
        await(() -> targets.stream().allMatch(service -> rollout(service).equals("COMPLETED")));
        events.clear();
        release();
        try (var stores = new PostgresDatabase(ConnectionSettings.parse(database))) {
            await(() -> {
                for (var event = events.poll(); event != null; event = events.poll()) {
                    invoke(functions, "detect", event);
                }
                invoke(functions, "watch", "{}");
                for (var incident : incidents(stores)) {
                    if (incident.progress() instanceof Progress.Planned) {
                        invoke(functions, "act", "{\"incident\":\"%s\"}".formatted(incident.id()));
                    }
                }
                invoke(functions, "notify", "{\"incident\":\"00000000-0000-0000-0000-000000000000\"}");
                return incidents(stores).stream().filter(Incident::isTold).count() >= 3
                        && incidents(stores).stream()
                                .filter(Incident::isTold)
                                .allMatch(incident -> incident.diagnosis().isPresent());
            });
            invoke(functions, "notify", "{\"incident\":\"00000000-0000-0000-0000-000000000000\"}");
        }
        // What makes the functions themselves complain carries text from outside as well.
        function(functions, "detect").invoke("{\"detail-type\":\"" + planted("GitHub token") + "\"}", TIMEOUT);
        function(functions, "act").invoke(JSON.writeValueAsString(planted("JWT")), TIMEOUT);
    }

    private static LambdaRuntime function(Map<String, LambdaRuntime> functions, String name) {
        return java.util.Objects.requireNonNull(functions.get(name), name);
    }

    private static List<Incident> incidents(PostgresDatabase stores) {
        return stores.transact("read incidents", each -> each.incidents().newest(20));
    }

    private static void invoke(Map<String, LambdaRuntime> functions, String name, String payload) {
        var invocation = function(functions, name).invoke(payload, TIMEOUT);
        assertThat(invocation).as(invocation.describe()).isInstanceOf(Invocation.Answered.class);
    }

    private static void await(java.util.function.BooleanSupplier condition) throws InterruptedException {
        var end = System.nanoTime() + Duration.ofMinutes(4).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited too long").isLessThan(end);
            Thread.sleep(200);
        }
    }

    private List<String> prepare() {
        var services = List.of("clinic-api", "puller", "checks");
        account.cluster("shop");
        for (var service : services) {
            account.logs().group("/ecs/" + service);
            account.behavior(service + ":1", Behavior.healthyAfter(Duration.ofSeconds(3), "listening on 8080"));
            account.registerTaskDefinition(definition(service, "1", ""));
            var group = account.loadBalancing()
                    .targetGroup(
                            service, 8080, TargetGroup.HealthCheck.of("/health").every(Duration.ofSeconds(10)));
            account.loadBalancing().loadBalancer(service).listener(443, LoadBalancer.forwardTo(group));
            account.service("shop", service)
                    .desired(1)
                    .behind(group, "web", 8080)
                    .gracePeriod(Duration.ofSeconds(20))
                    .tag("deploy-guard:mode", service.equals("clinic-api") ? "auto" : planted("Stripe key"))
                    .tag("owner", planted("Slack token"))
                    .create(service + ":1");
        }
        return services;
    }

    private void release() {
        var environment = """
                {"name":"MARKER_PASSWORD","value":"%s"},{"name":"MARKER_SEED","value":"%s"},
                {"name":"DATABASE_URL","value":"%s"},{"name":"AWS_SECRET_ACCESS_KEY","value":"%s"}
                """.formatted(
                        ENVIRONMENT_PASSWORD,
                        ENVIRONMENT_RANDOM,
                        "postgres://app:" + secret("PostgreSQL URL") + "@db.internal/app",
                        secret("AWS secret key"));
        var lines = new ArrayList<String>();
        lines.add("starting");
        CANARIES.values().forEach(planted -> planted.line().lines().forEach(lines::add));
        lines.add(
                "Unhandled exception. Npgsql.PostgresException (0x80004005): 42P07: relation \"clinics_marker\" already exists"
                        + " marker-exception (login with " + ENVIRONMENT_PASSWORD + ", seed " + ENVIRONMENT_RANDOM
                        + ", "
                        + planted("PostgreSQL URL") + ", " + planted("JWT") + ", " + planted("AWS access key") + ")");
        behave(
                "clinic-api",
                environment,
                Behavior.crashing(Duration.ofSeconds(4), 134, lines.toArray(String[]::new))
                        .because("marker-container " + planted("Redis URL")));
        behave(
                "puller",
                environment,
                Behavior.failingToStart(
                        "CannotPullContainerError: pull image manifest: marker-stopped failed to resolve reference "
                                + planted("URL credentials") + ": unexpected status 401 " + planted("basic header")));
        behave(
                "checks",
                environment,
                Behavior.failingTargetChecks(
                        new Behavior.TargetAnswer(
                                "Target.ResponseCodeMismatch",
                                "marker-check Health checks failed with these codes: [404] " + planted("cookie") + " "
                                        + planted("Google key")),
                        "listening on 8080"));
    }

    private void behave(String service, String environment, Behavior behavior) {
        account.registerTaskDefinition(definition(service, "2", environment));
        account.behavior(service + ":2", behavior);
        var request = JSON.createObjectNode();
        request.put("cluster", "shop").put("service", service).put("taskDefinition", service + ":2");
        account.ecs().updateService(request);
    }

    private static String definition(String service, String tag, String environment) {
        return """
                {"family":"%s","networkMode":"awsvpc","requiresCompatibilities":["FARGATE"],"cpu":"256","memory":"512",
                 "containerDefinitions":[{"name":"web","image":"%s:%s","essential":true,
                   "portMappings":[{"containerPort":8080,"protocol":"tcp"}],"environment":[%s],
                   "logConfiguration":{"logDriver":"awslogs","options":{"awslogs-group":"/ecs/%s",
                     "awslogs-region":"eu-central-1","awslogs-stream-prefix":"web"}}}]}
                """.formatted(service, service, tag, environment, service);
    }

    private String rollout(String service) {
        var request = JSON.createObjectNode();
        request.put("cluster", "shop").putArray("services").add(service);
        return account.inventory()
                .describeServices(request)
                .path("services")
                .path(0)
                .path("deployments")
                .path(0)
                .path("rolloutState")
                .asText();
    }

    /** Once the rollback has completed: while it is under way there is nothing to be said against the service. */
    private void diagnose() throws InterruptedException {
        await(() -> rollout("clinic-api").equals("COMPLETED"));
        var settings = Map.of(
                "aws.endpointUrl", endpoint.uri().toString(),
                "aws.accessKeyId", "test",
                "aws.secretAccessKey", "test",
                "aws.region", "eu-central-1");
        settings.forEach(System::setProperty);
        try {
            for (var form : List.of("", " --json")) {
                var text = new StringBuilder();
                for (var service : List.of("clinic-api", "puller", "checks")) {
                    var arguments = new ArrayList<>(List.of("diagnose", "--cluster", "shop", "--service", service));
                    if (!form.isEmpty()) {
                        arguments.add(form.strip());
                    }
                    var run = Run.of(arguments.toArray(String[]::new));
                    text.append(run.out()).append(run.err());
                }
                outputs.put("diagnose" + form, text.toString());
            }
        } finally {
            settings.keySet().forEach(System::clearProperty);
        }
    }

    /** Every canary in a line that decides. */
    private void classify(Path folder) throws IOException {
        var cases = new StringBuilder();
        CANARIES.forEach((kind, planted) -> {
            var evidence = JSON.createObjectNode().put("id", kind);
            var logs = evidence.putObject("evidence").putArray("logs");
            planted.line().lines().forEach(logs::add);
            logs.add("ERROR: relation \"" + marker(kind) + "\" already exists; "
                    + planted.line().lines().findFirst().orElseThrow());
            ((com.fasterxml.jackson.databind.node.ObjectNode) evidence.path("evidence"))
                    .put("stoppedReason", planted.line())
                    .set(
                            "taskDefinition",
                            JSON.createObjectNode()
                                    .set(
                                            "containerDefinitions",
                                            JSON.createArrayNode()
                                                    .add(JSON.createObjectNode()
                                                            .put("name", "web")
                                                            .set(
                                                                    "environment",
                                                                    JSON.createArrayNode()
                                                                            .add(JSON.createObjectNode()
                                                                                    .put("name", "SECRET")
                                                                                    .put(
                                                                                            "value",
                                                                                            planted.secret()))))));
            cases.append(evidence).append('\n');
        });
        var file = Files.writeString(folder.resolve("cases.jsonl"), cases);
        for (var form : List.of("", " --json")) {
            var run = form.isEmpty()
                    ? Run.of("classify", file.toString())
                    : Run.of("classify", form.strip(), file.toString());
            assertThat(run.exit()).as(run.err()).isZero();
            outputs.put("classify" + form, run.out() + run.err());
        }
    }

    private static String marker(String kind) {
        return "marker_" + kind.toLowerCase(java.util.Locale.ROOT).replace(' ', '_');
    }

    /** Every row of every table, as PostgreSQL writes it. */
    private static String dump(String jdbcUrl) throws SQLException {
        var text = new StringBuilder();
        try (var connection = DriverManager.getConnection(jdbcUrl);
                var tables = connection
                        .createStatement()
                        .executeQuery(
                                "select table_name from information_schema.tables where table_schema not in ('pg_catalog', 'information_schema')")) {
            while (tables.next()) {
                var table = tables.getString(1);
                text.append("== ").append(table).append('\n');
                try (var rows = connection.createStatement().executeQuery("select t::text from \"" + table + "\" t")) {
                    while (rows.next()) {
                        text.append(rows.getString(1)).append('\n');
                    }
                }
            }
        }
        return text.toString();
    }

    private static String planted(String kind) {
        return planted(CANARIES, kind).line();
    }

    private static String secret(String kind) {
        return planted(CANARIES, kind).secret();
    }

    private static Planted planted(Map<String, Planted> all, String kind) {
        return java.util.Objects.requireNonNull(all.get(kind), kind);
    }

    private static Map<String, Planted> canaries() {
        var all = new LinkedHashMap<String, Planted>();
        plant(all, "AWS access key", "AKIA" + random(UPPER + "234567", 16), "key id §");
        plant(all, "AWS secret key", random(BASE62 + "+/", 40), "aws_secret_access_key=§");
        plant(all, "AWS session token", random(BASE62 + "+/", 200), "AWS_SESSION_TOKEN=§");
        plant(all, "Google key", "AIza" + random(BASE62 + "_-", 35), "maps key §");
        plant(
                all,
                "Azure key",
                random(BASE62 + "+/", 86),
                "AccountName=x;AccountKey=§==;EndpointSuffix=core.windows.net");
        plant(
                all,
                "JWT",
                "eyJ" + random(BASE62, 30) + ".eyJ" + random(BASE62, 60) + "." + random(BASE62, 43),
                "token §");
        plant(
                all,
                "PEM",
                random(BASE62 + "+/", 64) + "\n" + random(BASE62 + "+/", 64) + "\n" + random(BASE62 + "+/", 30),
                "-----BEGIN RSA PRIVATE KEY-----\n§\n-----END RSA PRIVATE KEY-----");
        plant(all, "GitHub token", "ghp_" + random(BASE62, 36), "clone with §");
        plant(all, "Slack token", "xoxp-" + random("0123456789", 12) + "-" + random(BASE62, 24), "slack §");
        plant(
                all,
                "Slack webhook",
                random(UPPER, 9) + "/" + random(UPPER, 9) + "/" + random(BASE62, 24),
                "https://hooks.slack.com/services/§");
        plant(all, "Stripe key", "sk_live_" + random(BASE62, 24), "stripe §");
        plant(all, "npm token", "npm_" + random(BASE62, 36), "_authToken=§");
        plant(all, "OpenAI key", "sk-proj-" + random(BASE62, 48), "openai §.");
        plant(all, "PostgreSQL URL", random(BASE62, 16) + "!#$", "postgres://app:§@db.internal:5432/app");
        plant(all, "MongoDB URL", random(BASE62, 18), "mongodb+srv://root:§@c0.mongodb.net/?w=majority");
        plant(all, "Redis URL", random(BASE62, 20), "redis://:§@cache.internal:6379/0");
        plant(all, "URL credentials", random(BASE62, 20), "https://robot:§@registry.internal/v2/");
        plant(all, "Go DSN", random(BASE62, 16), "app:§@tcp(mysql.internal:3306)/shop");
        plant(all, "ADO string", random(BASE62, 14), "Server=db;User Id=app;Password=§;Encrypt=True");
        plant(all, "basic header", random(BASE62, 28) + "=", "Authorization: Basic §");
        plant(all, "cookie", random(BASE62, 32), "Cookie: session=§");
        plant(all, "JSON password", random(BASE62, 14), "{\"user\":\"app\",\"password\":\"§\"}");
        plant(all, "query token", random(BASE62, 30), "GET /callback?access_token=§&state=x");
        plant(all, "signed URL", random(HEX, 64), "https://b.s3.amazonaws.com/k?X-Amz-Signature=§&x=1");
        return all;
    }

    private static void plant(Map<String, Planted> all, String kind, String secret, String line) {
        all.put(kind, new Planted(secret, line.replace("§", secret)));
    }

    private static String random(String alphabet, int length) {
        var text = new StringBuilder();
        while (text.length() < length) {
            text.append(alphabet.charAt(RANDOM.nextInt(alphabet.length())));
        }
        return text.toString();
    }

    /** Between the function and Slack: keeps what was sent, byte for byte. */
    private static final class Wire implements AutoCloseable {
        private final HttpServer server;
        private final URI slack;
        private final List<String> bodies;

        Wire(URI slack, List<String> bodies) throws IOException {
            this.slack = slack;
            this.bodies = bodies;
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", this::forward);
            server.start();
        }

        URI uri() {
            return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        }

        private void forward(HttpExchange exchange) throws IOException {
            try (exchange) {
                var body = exchange.getRequestBody().readAllBytes();
                bodies.add(exchange.getRequestURI() + "\n" + new String(body, java.nio.charset.StandardCharsets.UTF_8));
                var connection = (HttpURLConnection)
                        slack.resolve(exchange.getRequestURI()).toURL().openConnection();
                connection.setRequestMethod(exchange.getRequestMethod());
                for (var name : List.of("Authorization", "Content-Type")) {
                    connection.setRequestProperty(
                            name, exchange.getRequestHeaders().getFirst(name));
                }
                connection.setDoOutput(true);
                connection.getOutputStream().write(body);
                var answer = connection.getInputStream().readAllBytes();
                exchange.getResponseHeaders().add("Content-Type", "application/json; charset=utf-8");
                exchange.sendResponseHeaders(connection.getResponseCode(), answer.length);
                exchange.getResponseBody().write(answer);
            }
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }
}
