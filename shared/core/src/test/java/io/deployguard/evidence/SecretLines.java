package io.deployguard.evidence;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/**
 * Lines with generated secrets in them, the same ones in every run: each kind in the forms in which programs, libraries and people write it. Nothing
 * here was ever valid.
 */
final class SecretLines {

    private static final String UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private static final String LOWER = "abcdefghijklmnopqrstuvwxyz";
    private static final String DIGITS = "0123456789";
    private static final String HEX = DIGITS + "abcdef";
    private static final String BASE62 = UPPER + LOWER + DIGITS;
    private static final String BASE64 = BASE62 + "+/";
    private static final String URL64 = BASE62 + "-_";

    /** What people put into passwords, quotes, blanks and separators of all formats apart. */
    private static final String AWKWARD = BASE62 + "!#$%^*-_.~?";

    private SecretLines() {}

    /**
     * A kind of secret.
     *
     * @param never whether not one may slip through
     * @param carriers lines with {@code §} where the secret stands; several lines where there are line breaks
     */
    private record Kind(String name, boolean never, Function<Dice, String> secret, List<String> carriers) {}

    /** One secret in its lines. */
    record Sample(String kind, boolean never, String secret, List<String> lines) {}

    /** As many samples as asked for: every kind, every form of it, in turn. */
    static List<Sample> generate(int count, long seed) {
        var dice = new Dice(new Random(seed));
        var samples = new ArrayList<Sample>();
        for (int round = 0; samples.size() < count; round++) {
            for (Kind kind : KINDS) {
                if (samples.size() < count) {
                    String secret = kind.secret().apply(dice);
                    String carrier = kind.carriers().get(round % kind.carriers().size());
                    samples.add(new Sample(
                            kind.name(),
                            kind.never(),
                            secret,
                            carrier.replace("§", secret).lines().toList()));
                }
            }
        }
        return samples;
    }

    private static Kind never(String name, Function<Dice, String> secret, String... carriers) {
        return new Kind(name, true, secret, List.of(carriers));
    }

    private static Kind seldom(String name, Function<Dice, String> secret, String... carriers) {
        return new Kind(name, false, secret, List.of(carriers));
    }

    private static final List<Kind> KINDS = List.of(
            never(
                    "AWS access key id",
                    d -> "AKIA" + d.of(UPPER + "234567", 16),
                    "botocore.exceptions.ClientError: An error occurred (InvalidAccessKeyId): The AWS Access Key Id § you provided does not exist",
                    "AWS_ACCESS_KEY_ID=§",
                    "  access_key = \"§\"",
                    "{\"level\":\"debug\",\"msg\":\"credentials\",\"accessKeyId\":\"§\"}",
                    "https://b.s3.eu-west-1.amazonaws.com/k?X-Amz-Credential=§%2F20260101%2Feu-west-1%2Fs3%2Faws4_request&X-Amz-Date=20260101T000000Z",
                    "AwsBasicCredentials(accessKeyId=§)"),
            never(
                    "AWS temporary key id",
                    d -> "ASIA" + d.of(UPPER + "234567", 16),
                    "{AccessKeyID:§ Source:EnvConfigCredentials CanExpire:true}",
                    "Using temporary credentials § until 2026-11-21T12:00:00Z",
                    "'aws_access_key_id': '§',"),
            never(
                    "AWS secret access key",
                    d -> d.of(BASE64, 40),
                    "aws_secret_access_key = §",
                    "AWS_SECRET_ACCESS_KEY: §",
                    "export AWS_SECRET_ACCESS_KEY=\"§\"",
                    "  secretAccessKey: '§',",
                    "{\"AccessKeyId\":\"x\",\"SecretAccessKey\":\"§\",\"Token\":null}",
                    "StaticCredentials{accessKey=x, secretKey=§}",
                    "{'aws_secret_access_key': '§'}",
                    "{AccessKeyID:x SecretAccessKey:§ SessionToken: Source:EnvConfigCredentials}",
                    "  secret_key = \"§\""),
            never(
                    "AWS session token",
                    d -> "IQoJb3JpZ2luX2Vj" + d.of(BASE64, 300),
                    "AWS_SESSION_TOKEN=§",
                    "x-amz-security-token: §",
                    "{\"SessionToken\":\"§\"}",
                    "sessionToken: '§'"),
            never(
                    "signed S3 URL",
                    d -> d.of(HEX, 64),
                    "GET https://b.s3.amazonaws.com/k?X-Amz-Expires=60&X-Amz-Signature=§&x-id=GetObject 403",
                    "fetch failed: https://b.s3.amazonaws.com/k?X-Amz-SignedHeaders=host&X-Amz-Signature=§"),
            never(
                    "Google API key",
                    d -> "AIza" + d.of(URL64, 35),
                    "GET https://maps.googleapis.com/maps/api/geocode/json?address=x&key=§ 403",
                    "GOOGLE_API_KEY=§",
                    "firebase: { apiKey: '§', projectId: 'shop' }"),
            never(
                    "Google OAuth token",
                    d -> "ya29." + d.of(URL64, 60),
                    "authorization: Bearer §",
                    "access token § expired"),
            never(
                    "Azure storage key",
                    d -> d.of(BASE64, 86) + "==",
                    "DefaultEndpointsProtocol=https;AccountName=shop;AccountKey=§;EndpointSuffix=core.windows.net",
                    "AZURE_STORAGE_KEY=§",
                    "{\"accountKey\": \"§\"}",
                    "AccountEndpoint=https://shop.documents.azure.com:443/;AccountKey=§;"),
            never(
                    "Azure shared access key",
                    d -> d.of(BASE64, 43) + "=",
                    "Endpoint=sb://shop.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey=§",
                    "AZURE_SERVICEBUS_CONNECTION_STRING=Endpoint=sb://shop.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey=§;EntityPath=q"),
            never(
                    "Azure SAS",
                    d -> d.of(BASE62, 40) + "%3D",
                    "https://shop.blob.core.windows.net/c/b?sv=2026-01-01&se=2026-12-01&sr=b&sp=r&sig=§",
                    "BlobNotFound: https://shop.blob.core.windows.net/c?sp=r&sig=§&sv=2026-01-01"),
            never(
                    "Azure client secret",
                    d -> d.of(BASE62, 3) + "8Q~" + d.of(BASE62 + "_~.-", 34),
                    "AZURE_CLIENT_SECRET=§",
                    "AADSTS7000215: Invalid client secret provided: §"),
            never(
                    "PEM private key",
                    d -> "MIIE" + d.of(BASE64, 60) + "\n" + d.of(BASE64, 64) + "\n" + d.of(BASE64, 40) + "==",
                    "-----BEGIN RSA PRIVATE KEY-----\n§\n-----END RSA PRIVATE KEY-----",
                    "TLS_KEY=-----BEGIN PRIVATE KEY-----\n§\n-----END PRIVATE KEY-----",
                    "-----BEGIN OPENSSH PRIVATE KEY-----\n§\n-----END OPENSSH PRIVATE KEY-----\nlistening on 8080",
                    "-----BEGIN EC PRIVATE KEY-----\n§",
                    "2026-11-21T10:00:00Z web -----BEGIN PRIVATE KEY-----\n2026-11-21T10:00:00Z web §"),
            never(
                    "PEM private key in one line",
                    d -> "MIIE" + d.of(BASE64, 600) + "==",
                    "{\"type\":\"service_account\",\"private_key\":\"-----BEGIN PRIVATE KEY-----\\n§\\n-----END PRIVATE KEY-----\\n\"}",
                    "JWT_PRIVATE_KEY=-----BEGIN PRIVATE KEY-----\\n§\\n-----END PRIVATE KEY-----",
                    "{\\\"private_key\\\":\\\"-----BEGIN PRIVATE KEY-----\\\\n§\\\\n-----END PRIVATE KEY-----\\\"}",
                    "Error: error:1E08010C:DECODER routines::unsupported -----BEGIN PRIVATE KEY----- § -----END PRIVATE KEY-----"),
            never(
                    "JWT",
                    d -> "eyJ" + d.of(BASE62, 30) + ".eyJ" + d.of(URL64, 80) + "." + d.of(URL64, 43),
                    "Authorization: Bearer §",
                    "JsonWebTokenError: invalid signature §",
                    "GET /ws?token=§ 101",
                    "{\"id_token\":\"§\"}",
                    "Cookie: sid=x; jwt=§",
                    "Set-Cookie: access=§; Path=/; HttpOnly",
                    "SUPABASE_SERVICE_ROLE_KEY=§",
                    "io.jsonwebtoken.ExpiredJwtException: JWT expired: §"),
            never(
                    "PostgreSQL URL",
                    d -> d.of(AWKWARD, 16),
                    "connecting to postgresql://app:§@db.internal:5432/app",
                    "DATABASE_URL=postgres://app:§@db.internal/app?sslmode=require",
                    "sqlalchemy.exc.OperationalError: postgresql+asyncpg://app:§@db.internal/app",
                    "Error: P1001 Can't reach database server at `postgresql://app:§@db.internal:5432`",
                    "dsn=\"postgres://app:§@db.internal/app\""),
            never(
                    "MySQL URL",
                    d -> d.of(AWKWARD, 14),
                    "mysql://root:§@mysql.internal:3306/shop",
                    "mysql+pymysql://root:§@mysql.internal/shop?charset=utf8mb4",
                    "jdbc:mysql://root:§@mysql.internal:3306/shop"),
            never(
                    "Go MySQL DSN",
                    d -> d.of(BASE62 + "!#$%^*", 14),
                    "sql: Open(\"app:§@tcp(mysql.internal:3306)/shop?parseTime=true\")",
                    "dial error for app:§@tcp(mysql.internal:3306)/shop",
                    "dsn: app:§@unix(/tmp/mysql.sock)/shop"),
            never(
                    "MongoDB URL",
                    d -> d.of(AWKWARD, 18),
                    "mongodb+srv://root:§@cluster0.abcde.mongodb.net/?w=majority",
                    "MongoServerSelectionError: mongodb://app:§@m1.internal:27017,m2.internal:27017/shop?replicaSet=rs0"),
            never(
                    "Redis URL",
                    d -> d.of(BASE62, 20),
                    "redis://:§@cache.internal:6379/0",
                    "rediss://default:§@cache.internal:6380",
                    "celery: Cannot connect to redis://:§@cache.internal:6379/1: Error 111"),
            never(
                    "AMQP URL",
                    d -> d.of(BASE62, 18),
                    "consumer: Cannot connect to amqp://shop:§@rabbit.internal:5672//: [Errno 111]",
                    "RABBITMQ_URL=amqps://shop:§@rabbit.internal/shop"),
            never(
                    "URL with credentials",
                    d -> d.of(BASE62, 20),
                    "elasticsearch: POST https://elastic:§@es.internal:9200/_bulk 401",
                    "smtp://mailer:§@smtp.internal:587",
                    "fatal: unable to access 'https://oauth2:§@git.internal/acme/app.git/'",
                    "SENTRY_DSN=https://public:§@o1.ingest.sentry.io/1"),
            never(
                    "ADO connection string",
                    d -> d.of(AWKWARD, 14),
                    "Server=db;Database=app;User Id=app;Password=§;Encrypt=True",
                    "ConnectionStrings__Default=Host=db;Username=app;Password=§",
                    "Data Source=db;Initial Catalog=app;User ID=sa;Pwd=§;",
                    "DRIVER={ODBC Driver 18 for SQL Server};SERVER=db;UID=sa;PWD=§;TrustServerCertificate=yes",
                    "\"Default\": \"Server=db;Port=3306;Uid=app;Pwd=§;\""),
            never(
                    "libpq connection string",
                    d -> d.of(AWKWARD, 14),
                    "host=db port=5432 user=app password=§ dbname=app sslmode=require",
                    "failed to connect to `host=db user=app password=§ database=app`",
                    "psql: error: \"host=db password='§' user=app\""),
            never(
                    "JDBC parameter",
                    d -> d.of(BASE62, 14),
                    "jdbc:postgresql://db/app?user=app&password=§&ssl=true",
                    "jdbc:sqlserver://db:1433;databaseName=app;user=sa;password=§;encrypt=true",
                    "HikariPool-1 - jdbcUrl.....jdbc:mysql://db/app?user=root&password=§"),
            never(
                    "Oracle thin URL",
                    d -> d.of(BASE62, 14),
                    "jdbc:oracle:thin:scott/§@//db.internal:1521/ORCL",
                    "jdbc:oracle:thin:app/§@db.internal:1521:XE"),
            seldom(
                    "JAAS",
                    d -> d.of(BASE62, 16),
                    "sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username=\"app\" password=\"§\";",
                    "org.apache.kafka.common.security.scram.ScramLoginModule required username='app' password='§';"),
            seldom(
                    "GitHub token",
                    d -> "ghp_" + d.of(BASE62, 36),
                    "remote: Invalid username or token §",
                    "npm error 401 https://npm.pkg.github.com/:_authToken=§",
                    "GITHUB_TOKEN=§"),
            seldom(
                    "GitHub fine-grained token",
                    d -> "github_pat_" + d.of(BASE62, 22) + "_" + d.of(BASE62, 59),
                    "git clone https://§@github.com/acme/app.git",
                    "gh auth: §"),
            seldom(
                    "GitLab token",
                    d -> "glpat-" + d.of(URL64, 20),
                    "PRIVATE-TOKEN: §",
                    "remote: HTTP Basic: Access denied §"),
            seldom(
                    "Slack token",
                    d -> "xoxb-" + d.of(DIGITS, 12) + "-" + d.of(DIGITS, 13) + "-" + d.of(BASE62, 24),
                    "slack_sdk: token § revoked",
                    "SLACK_BOT_TOKEN=§",
                    "{\"ok\":false,\"token\":\"§\"}"),
            seldom(
                    "Slack webhook",
                    d -> "T" + d.of(UPPER + DIGITS, 10) + "/B" + d.of(UPPER + DIGITS, 10) + "/" + d.of(BASE62, 24),
                    "POST https://hooks.slack.com/services/§ 404 no_service",
                    "webhook: 'https://hooks.slack.com/services/§'"),
            seldom(
                    "Discord webhook",
                    d -> d.of(DIGITS, 18) + "/" + d.of(URL64, 68),
                    "POST https://discord.com/api/webhooks/§ 401"),
            seldom(
                    "Stripe key",
                    d -> "sk_live_" + d.of(BASE62, 24),
                    "StripeInvalidRequestError: Invalid API Key provided: §",
                    "stripe: { key: \"§\" }"),
            seldom(
                    "SendGrid key",
                    d -> "SG." + d.of(URL64, 22) + "." + d.of(URL64, 43),
                    "sendgrid: The provided authorization grant is invalid §",
                    "SENDGRID_API_KEY=§"),
            seldom("Twilio token", d -> d.of(HEX, 32), "TWILIO_AUTH_TOKEN=§", "twilio(accountSid, { authToken: '§' })"),
            seldom(
                    "npm token",
                    d -> "npm_" + d.of(BASE62, 36),
                    "//npm.example.com/:_authToken=§",
                    "npm notice § is not valid"),
            seldom(
                    "PyPI token",
                    d -> "pypi-AgEIcHlwaS5vcmc" + d.of(URL64, 80),
                    "twine upload -u __token__ -p §",
                    "password = §"),
            seldom(
                    "OpenAI key",
                    d -> "sk-proj-" + d.of(URL64, 60),
                    "openai.AuthenticationError: Incorrect API key provided: §.",
                    "OPENAI_API_KEY=§"),
            seldom("Anthropic key", d -> "sk-ant-api03-" + d.of(URL64, 90), "x-api-key: §", "invalid x-api-key §"),
            seldom("Hugging Face token", d -> "hf_" + d.of(BASE62, 34), "HF_TOKEN=§", "Invalid user token § passed"),
            seldom("Vault token", d -> "hvs." + d.of(BASE62, 24), "X-Vault-Token: §", "vault login §"),
            seldom("Datadog key", d -> d.of(HEX, 32), "DD_API_KEY=§", "DD-API-KEY: §", "api_key: \"§\""),
            seldom(
                    "PagerDuty routing key",
                    d -> d.of(HEX, 32),
                    "{\"routing_key\":\"§\",\"event_action\":\"trigger\"}",
                    "PAGERDUTY_ROUTING_KEY=§"),
            seldom(
                    "Grafana token",
                    d -> "glsa_" + d.of(BASE62, 32) + "_" + d.of(HEX, 8),
                    "Authorization: Bearer §",
                    "grafana: §"),
            seldom(
                    "Telegram bot token",
                    d -> d.of("123456789", 10) + ":AA" + d.of(URL64, 33),
                    "POST https://api.telegram.org/bot§/sendMessage",
                    "telegram bot § unauthorized"),
            seldom("Databricks token", d -> "dapi" + d.of(HEX, 32), "DATABRICKS_TOKEN=§", "databricks: 403 §"),
            seldom("Shopify token", d -> "shpat_" + d.of(HEX, 32), "X-Shopify-Access-Token: §", "shopify § invalid"),
            seldom(
                    "basic header",
                    d -> d.of(BASE62, 28) + "==",
                    "authorization: 'Basic §'",
                    "> Authorization: Basic §",
                    "Proxy-Authorization: Basic §",
                    "headers: { Authorization: 'Basic §' }"),
            seldom(
                    "bearer header",
                    d -> d.of(BASE62, 40),
                    "Authorization: Bearer §",
                    "curl -H 'Authorization: Bearer §' https://api.internal",
                    "{\"headers\":{\"authorization\":\"Bearer §\"}}",
                    "\"Authorization\" => [\"Bearer §\"]",
                    "Request(method=GET, headers=[Authorization: Bearer §])"),
            seldom(
                    "API key header",
                    d -> d.of(BASE62, 32),
                    "x-api-key: §",
                    "'X-API-Key': '§',",
                    "x-auth-token=§",
                    "X-Auth-Token: §"),
            seldom(
                    "cookie",
                    d -> d.of(BASE62, 32),
                    "Cookie: session=§; theme=dark",
                    "cookie: 'PHPSESSID=§'",
                    "Set-Cookie: connect.sid=s%3A§; Path=/; HttpOnly",
                    "JSESSIONID=§"),
            seldom(
                    "password in the environment",
                    d -> d.of(AWKWARD, 14),
                    "DB_PASSWORD=§",
                    "export DB_PASSWORD='§'",
                    "PGPASSWORD=§ psql -h db.internal",
                    "MYSQL_ROOT_PASSWORD: §",
                    "  DB_PASSWORD: '§',",
                    "env DB_PASSWORD=§ DB_HOST=db.internal",
                    "declare -x DB_PASS=\"§\"",
                    "REDIS_PASSWORD -> §"),
            seldom(
                    "password in settings",
                    d -> d.of(BASE62 + "!#$%^*", 14),
                    "spring.datasource.password=§",
                    "spring.datasource.password = §",
                    "    password: §",
                    "    'password' => '§',",
                    ":password=>\"§\"",
                    "password: \"§\", hostname: \"db\"",
                    "<password>§</password>",
                    "<add key=\"DbPassword\" value=\"§\" />",
                    "{\"name\": \"DB_PASSWORD\", \"value\": \"§\"}",
                    "[database]\npassword=§\nhost=db"),
            seldom(
                    "password in an object",
                    d -> d.of(BASE62 + "!#$%^*", 14),
                    "DataSourceProperties{username='app', password='§'}",
                    "Credentials(user=app, password=§)",
                    "{'user': 'app', 'password': '§'}",
                    "{\"user\":\"app\",\"password\":\"§\"}",
                    "Config { user: \"app\", password: \"§\" }",
                    "{Host:db User:app Password:§ Name:shop}",
                    "&{db 5432 app Password:§}",
                    "#<Config user=\"app\", password=\"§\">",
                    "Settings(db_password='§', debug=False)",
                    "%{username: \"app\", password: \"§\"}",
                    "  password: '§'\n}"),
            seldom(
                    "escaped JSON",
                    d -> d.of(BASE62, 24),
                    "body: {\\\"clientSecret\\\":\\\"§\\\"}",
                    "{\"message\":\"{\\\"client_secret\\\":\\\"§\\\",\\\"x\\\":1}\"}",
                    "{\"log\":\"{\\\"msg\\\":\\\"{\\\\\\\"password\\\\\\\":\\\\\\\"§\\\\\\\"}\\\"}\"}"),
            seldom(
                    "form and query",
                    d -> d.of(BASE62, 24),
                    "POST /login username=a&password=§&remember=1",
                    "GET /callback?code=1&access_token=§&state=x",
                    "GET /reset?token=§ 200",
                    "refresh_token=§&grant_type=refresh_token",
                    "client_id=x&client_secret=§",
                    "GET /v1/items?api_key=§&page=2"),
            seldom(
                    "command line",
                    d -> d.of(BASE62, 16),
                    "mysqldump --password=§ shop",
                    "docker login -u app --password § registry.internal",
                    "curl -u app:§ https://api.internal",
                    "helm upgrade --set db.password=§ shop ./chart",
                    "sshpass -p § ssh app@host",
                    "docker build --build-arg NPM_TOKEN=§ .",
                    "+ redis-cli -a § ping"),
            seldom(
                    "framework key",
                    d -> d.of(BASE64, 43) + "=",
                    "APP_KEY=base64:§",
                    "SECRET_KEY_BASE=§",
                    "SECRET_KEY = 'django-insecure-§'",
                    "NEXTAUTH_SECRET=§",
                    "jwt.secret: §",
                    "encryption_key: '§'",
                    "JWT_SIGNING_KEY=§",
                    "session secret = §"));

    /** Random texts, the same ones in every run. */
    private record Dice(Random random) {
        String of(String alphabet, int length) {
            var text = new StringBuilder();
            while (text.length() < length) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            return text.toString();
        }
    }
}
