package io.deployguard.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedactorTest {

    private static final String UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private static final String LOWER = "abcdefghijklmnopqrstuvwxyz";
    private static final String DIGITS = "0123456789";
    private static final String BASE62 = UPPER + LOWER + DIGITS;
    private static final String HEX = DIGITS + "abcdef";
    private static final int PER_KIND = 40;

    /** {@code §} marks the secret in a line; what stands between two marks must be gone. */
    private static final Map<String, Function<Secrets, String>> KINDS = kinds();

    /** Kinds of which none may slip through. */
    private static final List<String> NEVER = List.of(
            "AWS access key",
            "AWS secret key",
            "AWS session token",
            "Google API key",
            "Azure storage key",
            "JWT",
            "PEM",
            "PEM escaped",
            "PostgreSQL URL",
            "ADO connection string",
            "libpq connection string",
            "JDBC password parameter",
            "MongoDB URL");

    @Test
    void findsAlmostEverySecretOfManyKinds() {
        var secrets = new Secrets(new Random(20_261_121));
        var missed = new ArrayList<String>();
        int all = 0;
        for (Map.Entry<String, Function<Secrets, String>> kind : KINDS.entrySet()) {
            for (int round = 0; round < PER_KIND; round++) {
                String marked = kind.getValue().apply(secrets);
                String secret = marked.split("§", 3)[1];
                String redacted = Redactor.standard().redact(marked.replace("§", ""));
                all++;
                if (redacted.contains(secret)) {
                    missed.add(kind.getKey() + ": " + redacted);
                }
            }
        }

        assertThat(KINDS).hasSizeGreaterThanOrEqualTo(20);
        assertThat(missed).as("missed of %d", all).hasSizeLessThanOrEqualTo(all / 100);
        assertThat(missed).noneMatch(line -> NEVER.contains(line.substring(0, line.indexOf(':'))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Error: Cannot find module 'dotenv'",
                "password authentication failed for user \"orders\"",
                "Error: SESSION_SECRET is not defined",
                "   SESSION_SECRET: undefined",
                "config: required key LEDGER_DATABASE_URL missing value",
                "failed to fetch secret arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/orders/db-Ab12Cd from secrets manager",
                "[bootstrap] fetching prod/mailer/postgres",
                "SyntaxError: Unexpected token: }",
                "Caused by: java.net.UnknownHostException: ledger-db.c1x2.eu-west-1.rds.amazonaws.com",
                "Missing `secret_key_base` for 'production' environment, set this string with `bin/rails credentials:edit`",
                "\tssl.truststore.password = null",
                "amqp://proj:**@rabbitmq.svc.local:5672//",
                "INFO botocore.credentials Found credentials in environment variables.",
                "{\"level\":30,\"msg\":\"token refreshed\",\"userId\":42}",
                "User: arn:aws:sts::123456789012:assumed-role/orders-exec-role/7c1e is not authorized to perform: secretsmanager:GetSecretValue",
                "image web@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                "requestId: 'c34f9203-945c-f7b6-1305-43a0fbd348dd',",
                "GET https://directory.prod.svc.local:8443/v1/tenants?page=2&sort=name",
                "org.springframework.security.authentication.BadCredentialsException: Bad credentials",
                "fe_sendauth: no password supplied",
                "keystore password was incorrect",
                "Expected one of the tokens: ')', ','",
                "api_key: str = Field(...)",
                "    at getToken (/app/src/auth/token.service.js:12:15)",
                "Authorization header missing",
                "git clone ssh://git@github.com/acme/app.git",
            })
    void leavesWhatAPersonNeeds(String line) {
        assertThat(Redactor.standard().redact(line)).isSameAs(line);
    }

    @Test
    void keepsTheNamesAroundASecret() {
        assertThat(Redactor.standard()
                        .redact("postgres://ledger:hunter2x@ledger-db.internal:5432/ledger?sslmode=require"))
                .isEqualTo("postgres://ledger:[redacted]@ledger-db.internal:5432/ledger?sslmode=require");
        assertThat(Redactor.standard().redact("DB_PASSWORD=s3cr3t-value DB_HOST=db.internal"))
                .isEqualTo("DB_PASSWORD=[redacted] DB_HOST=db.internal");
    }

    @Test
    void followsAPemBlockOverLines() {
        List<String> redacted = Redactor.standard()
                .redactAll(List.of(
                        "-----BEGIN RSA PRIVATE KEY-----",
                        "MIIEowIBAAKCAQEAx1y2z3",
                        "Zm9vYmFyYmF6cXV4",
                        "-----END RSA PRIVATE KEY-----",
                        "listening on 8080"));

        assertThat(String.join("\n", redacted))
                .doesNotContain("MIIE")
                .doesNotContain("Zm9v")
                .endsWith("listening on 8080");
    }

    @Test
    void replacesKnownValuesWhereverTheyStand() {
        Redactor redactor = Redactor.standard().withKnown(List.of("Tr0ub4dor&3", "db"));

        assertThat(redactor.redact("login with Tr0ub4dor&3 to db failed"))
                .isEqualTo("login with [redacted] to db failed");
    }

    @Test
    void repeatedTriggersCostNoMoreThanTheirLength() {
        // Each would be quadratic if every trigger looked at the rest of the line: minutes instead of milliseconds.
        for (String unit : List.of(
                "token=", "://a:b ", "password: ", "eyJ", "arn: secret:", "-----BEGIN ", "bearer ", "cookie: ")) {
            String line = unit.repeat(1_000_000 / unit.length());
            assertThat(Redactor.standard().redact(line).length())
                    .isLessThanOrEqualTo(line.length() + Redactor.MARK.length() * 4_000);
        }
    }

    private static Map<String, Function<Secrets, String>> kinds() {
        var kinds = new LinkedHashMap<String, Function<Secrets, String>>();
        kinds.put("AWS access key", s -> "using key §AKIA" + s.of(UPPER + "234567", 16) + "§ for s3");
        kinds.put("AWS temporary key", s -> "AccessKeyId: §ASIA" + s.of(UPPER + "234567", 16) + "§");
        kinds.put("AWS secret key", s -> "aws_secret_access_key = §" + s.of(BASE62 + "/+", 40) + "§");
        kinds.put("AWS secret key in JSON", s -> "{\"SecretAccessKey\":\"§" + s.of(BASE62 + "/+", 40) + "§\"}");
        kinds.put("AWS session token", s -> "AWS_SESSION_TOKEN=§" + s.of(BASE62 + "/+", 300) + "§");
        kinds.put(
                "signed URL",
                s -> "GET https://b.s3.amazonaws.com/k?X-Amz-Expires=60&X-Amz-Signature=§" + s.of(HEX, 64) + "§&x=1");
        kinds.put("Google API key", s -> "maps key §AIza" + s.of(BASE62 + "_-", 35) + "§");
        kinds.put(
                "Azure storage key",
                s -> "DefaultEndpointsProtocol=https;AccountName=x;AccountKey=§" + s.of(BASE62 + "/+", 86)
                        + "§==;EndpointSuffix=core.windows.net");
        kinds.put("GitHub token", s -> "clone with §ghp_" + s.of(BASE62, 36) + "§");
        kinds.put("GitHub fine-grained token", s -> "§github_pat_" + s.of(BASE62, 22) + "_" + s.of(BASE62, 59) + "§");
        kinds.put("GitLab token", s -> "remote: §glpat-" + s.of(BASE62 + "-_", 20) + "§");
        kinds.put("Slack token", s -> "slack §xoxb-" + s.of(DIGITS, 12) + "-" + s.of(BASE62, 24) + "§ revoked");
        kinds.put(
                "Slack webhook",
                s -> "POST https://hooks.slack.com/services/§T" + s.of(UPPER, 8) + "/B" + s.of(UPPER, 8) + "/"
                        + s.of(BASE62, 24) + "§ 500");
        kinds.put("Stripe key", s -> "Invalid API Key: §sk_live_" + s.of(BASE62, 24) + "§");
        kinds.put("SendGrid key", s -> "key §SG." + s.of(BASE62, 22) + "." + s.of(BASE62, 43) + "§");
        kinds.put("npm token", s -> "//npm.example.com/:_authToken=§npm_" + s.of(BASE62, 36) + "§");
        kinds.put("PyPI token", s -> "§pypi-" + s.of(BASE62 + "-_", 80) + "§");
        kinds.put("OpenAI key", s -> "Incorrect API key provided: §sk-proj-" + s.of(BASE62, 48) + "§.");
        kinds.put("Vault token", s -> "vault §hvs." + s.of(BASE62, 24) + "§");
        kinds.put(
                "JWT",
                s -> "token §eyJ" + s.of(BASE62, 20) + ".eyJ" + s.of(BASE62 + "-_", 60) + "." + s.of(BASE62 + "-_", 43)
                        + "§ expired");
        kinds.put("bearer header", s -> "Authorization: Bearer §" + s.of(BASE62, 40) + "§");
        kinds.put("basic header", s -> "authorization: 'Basic §" + s.of(BASE62, 28) + "=§'");
        kinds.put("API key header", s -> "x-api-key: §" + s.of(BASE62, 32) + "§");
        kinds.put("cookie", s -> "Cookie: session=§" + s.of(BASE62, 32) + "§; theme=dark");
        kinds.put("set-cookie", s -> "Set-Cookie: connect.sid=§s%3A" + s.of(BASE62, 32) + "§; Path=/; HttpOnly");
        kinds.put("PEM", s -> "-----BEGIN PRIVATE KEY-----§" + s.of(BASE62 + "/+", 800) + "§-----END PRIVATE KEY-----");
        kinds.put(
                "PEM escaped",
                s -> "{\"private_key\":\"-----BEGIN PRIVATE KEY-----\\n§" + s.of(BASE62 + "/+", 64) + "\\n"
                        + s.of(BASE62, 64) + "§\\n-----END PRIVATE KEY-----\\n\"}");
        kinds.put(
                "PostgreSQL URL",
                s -> "connecting to postgresql://app:§" + s.of(BASE62 + "!$", 16) + "§@db.internal:5432/app");
        kinds.put(
                "MongoDB URL",
                s -> "mongodb+srv://root:§" + s.of(BASE62 + "#/", 18) + "§@cluster0.mongodb.net/?w=majority");
        kinds.put("Redis URL", s -> "redis://:§" + s.of(BASE62, 20) + "§@cache.internal:6379/0");
        kinds.put(
                "ADO connection string",
                s -> "Server=db;Database=app;User Id=app;Password=§" + s.of(BASE62 + "!@", 14) + "§;Encrypt=True");
        kinds.put(
                "libpq connection string",
                s -> "host=db port=5432 user=app password=§" + s.of(BASE62 + "!@", 14) + "§ dbname=app");
        kinds.put(
                "JDBC password parameter",
                s -> "jdbc:postgresql://db/app?user=app&password=§" + s.of(BASE62, 14) + "§&ssl=true");
        kinds.put("environment variable", s -> "export DB_PASSWORD='§" + s.of(BASE62 + " !", 14) + "§'");
        kinds.put("JSON password", s -> "{\"user\":\"app\",\"password\":\"§" + s.of(BASE62 + "!#", 12) + "§\"}");
        kinds.put("escaped JSON", s -> "body: {\\\"clientSecret\\\":\\\"§" + s.of(BASE62, 24) + "§\\\"}");
        kinds.put("YAML secret", s -> "jwt_secret: §" + s.of(BASE62, 24) + "§");
        kinds.put("Ruby hash", s -> ":api_key=>\"§" + s.of(HEX, 32) + "§\"");
        kinds.put("query token", s -> "GET /callback?code=1&access_token=§" + s.of(BASE62, 30) + "§&state=x");
        kinds.put("command line", s -> "mysqldump --password=§" + s.of(BASE62, 12) + "§ shop");
        return kinds;
    }

    /** Random texts, the same ones in every run. */
    private record Secrets(Random random) {
        String of(String alphabet, int length) {
            var text = new StringBuilder("a1B");
            while (text.length() < length) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            return alphabet.equals(BASE62) || alphabet.startsWith(BASE62)
                    ? text.toString()
                    : text.substring(3) + fill(alphabet, 3);
        }

        private String fill(String alphabet, int length) {
            var text = new StringBuilder();
            for (int index = 0; index < length; index++) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            return text.toString();
        }
    }
}
