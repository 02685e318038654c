package io.deployguard.evidence;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lines as programs of many frameworks write them, full of ids that look random and words that speak of secrets, and without any secret. */
final class CleanLines {

    private static final Pattern BLANK = Pattern.compile("\\{(\\w+)}");

    /** What stands in braces is generated: uuid, sha (40 hex), digest (64), hex8, hex16, hex32, b64 (28 of base64), id17, num, ip, ts, word. */
    private static final List<String> FORMS = List.of(
            "{ts} INFO 1 --- [           main] c.a.shop.orders.OrdersApplication        : Starting OrdersApplication v1.{num}.0 using Java 21 with PID 1",
            "{ts} ERROR 1 --- [nio-8080-exec-3] o.a.c.c.C.[.[.[/].[dispatcherServlet]    : Servlet.service() threw exception [requestId={uuid}]",
            "\tat org.springframework.beans.factory.support.AbstractAutowireCapableBeanFactory.createBean(AbstractAutowireCapableBeanFactory.java:{num})",
            "\tat com.acme.shop.security.token.JwtTokenProvider.validateToken(JwtTokenProvider.java:{num})",
            "Caused by: org.springframework.security.authentication.BadCredentialsException: Bad credentials",
            "Caused by: java.lang.IllegalArgumentException: Could not resolve placeholder 'DB_PASSWORD' in value \"${DB_PASSWORD}\"",
            "org.springframework.security.web.authentication.UsernamePasswordAuthenticationToken@{hex8}: Principal: app",
            "HikariPool-1 - Added connection org.postgresql.jdbc.PgConnection@{hex8}",
            "Hibernate: select o1_0.id,o1_0.token_id from orders o1_0 where o1_0.id=?",
            "Flyway: Migrating schema \"public\" to version \"{num} - add password reset token\"",
            "FATAL: password authentication failed for user \"orders\"",
            "FATAL: no pg_hba.conf entry for host \"{ip}\", user \"app\", database \"app\", no encryption",
            "ERROR: relation \"password_reset_tokens\" does not exist at character {num}",
            "ERROR:  column \"api_key_hash\" of relation \"tenants\" already exists",
            "Key (token_hash)=({hex32}) already exists.",
            "{ts} UTC [{num}] LOG:  checkpoint complete: wrote {num} buffers (0.1%); lsn=0/{hex8}, redo lsn=0/{hex8}",
            "error: Unexpected token '<', \"<!DOCTYPE \"... is not valid JSON",
            "SyntaxError: Unexpected token } in JSON at position {num}",
            "    at Module._compile (node:internal/modules/cjs/loader:{num}:14)",
            "    at async TokenService.refresh (/app/dist/auth/token.service.js:{num}:15)",
            "> documents-backend@2.{num}.0 start",
            "npm warn deprecated inflight@1.0.6: This module is not supported, and leaks memory.",
            "integrity sha512-{b64}{b64}{b64}== mismatch for left-pad@1.3.0",
            "added {num} packages, and audited {num} packages in 12s",
            "{\"level\":30,\"time\":17{num}00000000,\"pid\":1,\"hostname\":\"ip-10-0-{num}-7\",\"reqId\":\"{uuid}\",\"msg\":\"request completed\"}",
            "{\"level\":\"info\",\"ts\":\"{ts}\",\"caller\":\"server/server.go:{num}\",\"msg\":\"listening\",\"trace_id\":\"{hex32}\",\"span_id\":\"{hex16}\"}",
            "{\"severity\":\"ERROR\",\"message\":\"token refreshed\",\"userId\":{num},\"traceId\":\"{hex32}\"}",
            "{\"@timestamp\":\"{ts}\",\"log.level\":\"WARN\",\"message\":\"Invalid CSRF token found for https://shop.example.com/login\",\"event.id\":\"{uuid}\"}",
            "[{ts}] production.ERROR: SQLSTATE[42S02]: Base table or view not found: 1146 Table 'shop.personal_access_tokens' doesn't exist",
            "[{ts}] production.ERROR: The MAC is invalid. {\"userId\":{num},\"exception\":\"[object] (Illuminate\\\\Contracts\\\\Encryption\\\\DecryptException(code: 0)\"}",
            "PHP Fatal error:  Uncaught Error: Class \"App\\Security\\TokenAuthenticator\" not found in /app/src/Kernel.php:{num}",
            "  File \"/usr/local/lib/python3.12/site-packages/django/contrib/auth/password_validation.py\", line {num}, in validate_password",
            "django.core.exceptions.ImproperlyConfigured: The SECRET_KEY setting must not be empty.",
            "pydantic_core._pydantic_core.ValidationError: 1 validation error for Settings\\njwt_secret\\n  Field required [type=missing, input_value={}, input_type=dict]",
            "KeyError: 'DATABASE_PASSWORD'",
            "celery.worker: Task shop.tasks.rotate_tokens[{uuid}] succeeded in 0.{num}s: None",
            "INFO:     {ip}:{num} - \"GET /api/v1/tokens/{uuid} HTTP/1.1\" 404 Not Found",
            "{ip} - - [21/Nov/2026:10:00:00 +0000] \"POST /login HTTP/1.1\" 302 {num} \"https://shop.example.com/\" \"Mozilla/5.0 (X11; Linux x86_64)\"",
            "ActionController::InvalidAuthenticityToken (ActionController::InvalidAuthenticityToken):",
            "ArgumentError: Missing `secret_key_base` for 'production' environment, set this string with `bin/rails credentials:edit`",
            "I, [{ts} #1]  INFO -- : [{uuid}] Started GET \"/password/new\" for {ip} at {ts}",
            "D, [{ts} #1] DEBUG -- :   Parameters: {\"user\"=>{\"email\"=>\"a@example.com\", \"password\"=>\"[FILTERED]\"}}",
            "[{ts} INF] Executed DbCommand ({num}ms) [Parameters=[@__token_0='?' (Size = 64)], CommandType='Text', CommandTimeout='30']",
            "System.InvalidOperationException: The ConnectionString property has not been initialized.",
            "   at Microsoft.IdentityModel.Tokens.JwtTokenUtilities.ValidateToken(String token, TokenValidationParameters p) in /src/Jwt.cs:line {num}",
            "thread 'main' panicked at src/config.rs:{num}:14: called `Result::unwrap()` on an `Err` value: NotPresent",
            "panic: runtime error: invalid memory address or nil pointer dereference [signal SIGSEGV: segmentation violation code=0x1 addr=0x{hex8} pc=0x{hex8}]",
            "goroutine {num} [running]: main.(*TokenStore).Get(0xc000{hex8}, {0xc000{hex8}, 0x20})",
            "level=info msg=\"secret rotated\" secret_arn=arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/orders/db-Ab12Cd",
            "ResourceInitializationError: unable to pull secrets or registry auth: unable to retrieve secret from asm: arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/db",
            "User: arn:aws:sts::123456789012:assumed-role/orders-task/{hex32} is not authorized to perform: secretsmanager:GetSecretValue",
            "CannotPullContainerError: pull image manifest: 123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop@sha256:{digest}: not found",
            "(service web) has started 1 tasks: (task {hex32}).",
            "(service web, taskSet ecs-svc/{num}{num}{num}{num}{num}) updated computedDesiredCount to 2.",
            "Task failed ELB health checks in (target-group arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web/{hex16})",
            "arn:aws:ecs:eu-west-1:123456789012:task/shop/{hex32}",
            "AWS Error Message: Throttling RequestId: {uuid} HostId: {b64}{b64}=",
            "x-amzn-trace-id: Root=1-{hex8}-{hex16}{hex8}",
            "x-amz-request-id: {id17}, x-amz-id-2: {b64}{b64}{b64}=",
            "S3Exception: The specified key does not exist. (Service: S3, Status Code: 404, Request ID: {id17})",
            "etag: \"{hex32}-{num}\"",
            "INFO botocore.credentials Found credentials in environment variables.",
            "Successfully built {sha}",
            "Deploying commit {sha} (main) to production",
            "git checkout {sha}",
            "Digest: sha256:{digest}",
            "Pulled image acme/shop:2026.11.{num} in {num}ms",
            "Created container 3f{hex8} with id {digest}",
            "pod/orders-{hex8}-x7k2p 0/1 CrashLoopBackOff {num} (10s ago) 5m",
            "kafka.common.errors.TopicAuthorizationException: Not authorized to access topics: [tokens]",
            "[Consumer clientId=consumer-orders-1, groupId=orders] Resetting offset for partition orders-{num} to position FetchPosition{offset={num}}",
            "[Consumer clientId=c, groupId=orders] Successfully joined group with generation Generation{generationId={num}, memberId='c-{uuid}', protocol='range'}",
            "ssl.keystore.password = null",
            "sasl.jaas.config = null",
            "io.netty.handler.ssl.NotSslRecordException: not an SSL/TLS record: 48545450",
            "certificate verify failed: self-signed certificate in certificate chain, serial {hex32}, fingerprint {hex32}{hex8}",
            "subject=/CN=db.internal, SHA256 Fingerprint=9F:86:D0:81:88:4C:7D:65:9A:2F:EA:A0:C5:5A:D0:15",
            "GET https://directory.prod.svc.local:8443/v1/tenants/{uuid}?page={num}&sort=name",
            "Connecting to postgres://db.internal:5432/app",
            "amqp://shop:**@rabbit.internal:5672//",
            "redis.exceptions.AuthenticationError: invalid username-password pair or user is disabled.",
            "NOAUTH Authentication required.",
            "MongoServerError: Authentication failed.",
            "Access denied for user 'app'@'{ip}' (using password: YES)",
            "ORA-01017: invalid username/password; logon denied",
            "Error: SESSION_SECRET is not defined",
            "STRIPE_SECRET_KEY: undefined",
            "config: required key LEDGER_DATABASE_URL missing value",
            "warning: API_KEY is not set, using anonymous access",
            "Using cached token from /home/app/.cache/token",
            "token expired at {ts}",
            "password must be at least 12 characters",
            "passwordEncoder: bcrypt, strength: {num}",
            "tokenizer loaded: vocab={num}, merges={num}",
            "max_tokens: {num}, prompt_tokens={num}, completion_tokens={num}",
            "usage: prompt_tokens=1{num}4 completion_tokens=2{num}7 total_tokens: 3{num}9",
            "token_type=Bearer expires_in=3600 scope=read",
            "mounting secretName: orders-db-{hex8} at /run/secrets",
            "POSTGRES_PASSWORD_FILE=/run/secrets/db",
            "docker run -u 1000:1000 acme/shop:1.{num}",
            "curl -sS -u $USER https://api.internal/v1/{uuid}",
            "published to exchange shop with routing_key: orders.created.v{num}",
            "{\"name\": \"DB_PASSWORD\", \"valueFrom\": \"arn:aws:ssm:eu-west-1:123456789012:parameter/prod/db\"}",
            "failed to access secret: projects/shop-prod1/secrets/DbPassword{num}/versions/latest",
            "<token> is not a known element, expected <tokens>",
            "https://medium.example.com:8443/#/@team/{num}",
            "jdbc:postgresql://db.internal:5432/app?user=app@server{num}",
            "Lexer: expected token IDENT, got token: EOF at line {num}",
            "cookie policy: strict",
            "Set-Cookie header is ignored in response from url: https://shop.example.com",
            "Authorization header missing",
            "authorization: none",
            "basic auth is disabled for the management endpoints",
            "0x00007f{hex8} in std::basic_string<char, std::char_traits<char>, std::allocator<char> >::compare()",
            "classloader: org.apache.catalina.loader.ParallelWebappClassLoader@{hex8} loaded io.jsonwebtoken.impl.DefaultJwtParserBuilder",
            "AbstractSingletonProxyFactoryBeanTransactionAwarePersistenceManagerFactoryProxyV{num}",
            "Correlation-ID: {uuid}; Session: {num}; Node: ip-10-0-{num}-12.eu-west-1.compute.internal",
            "span: {hex16} parent: {hex16} trace: {hex32}",
            "traceparent: 00-{hex32}-{hex16}-01",
            "baggage: sentry-trace_id={hex32},sentry-environment=production,sentry-release=shop%402.{num}.0",
            "dd.trace_id={num}{num}{num}{num}{num}{num} dd.span_id={num}{num}{num}{num}{num}{num}",
            "webpack 5.{num}.0 compiled with 1 warning, main.{hex16}.js 244 KiB",
            "sourceMappingURL=data:application/json;charset=utf-8",
            "<script nonce> src=/static/js/main.{hex8}.chunk.js",
            "checksum for V{num}__users.sql: expected {num}{num}, got -{num}{num}",
            "Model changes: table users, column password_digest varchar(255) NOT NULL",
            "AutoScaling: instance i-{hex16}0 in subnet-{hex16}0, eni-{hex16}0, sg-{hex16}0",
            "queue https://sqs.eu-west-1.amazonaws.com/123456789012/orders.fifo, MessageId {uuid}, MD5OfBody {hex32}",
            "ulid=01JD{upper}{upper} ksuid=2p{b64} nanoid={b64}");

    private CleanLines() {}

    /** As many lines as asked for: every form in turn, filled anew each time. */
    static List<String> generate(int count, long seed) {
        var random = new Random(seed);
        var lines = new ArrayList<String>();
        for (int index = 0; index < count; index++) {
            String form = FORMS.get(index % FORMS.size());
            lines.add(BLANK.matcher(form)
                    .replaceAll(match -> Matcher.quoteReplacement(fill(match.group(1), match.group(), random))));
        }
        return lines;
    }

    static int forms() {
        return FORMS.size();
    }

    private static String fill(String name, String otherwise, Random random) {
        return switch (name) {
            case "uuid" ->
                "%s-%s-4%s-a%s-%s"
                        .formatted(hex(random, 8), hex(random, 4), hex(random, 3), hex(random, 3), hex(random, 12));
            case "sha" -> hex(random, 40);
            case "digest" -> hex(random, 64);
            case "hex8" -> hex(random, 8);
            case "hex16" -> hex(random, 16);
            case "hex32" -> hex(random, 32);
            case "b64" -> text(random, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", 28);
            case "upper" -> text(random, "0123456789ABCDEFGHJKMNPQRSTVWXYZ", 11);
            case "id17" -> text(random, "0123456789ABCDEFGHJKMNPQRSTVWXYZ", 16);
            case "num" -> String.valueOf(10 + random.nextInt(990));
            case "ip" -> "10.0.%d.%d".formatted(random.nextInt(256), random.nextInt(256));
            case "ts" ->
                "2026-11-21T%02d:%02d:%02d.%03dZ"
                        .formatted(random.nextInt(24), random.nextInt(60), random.nextInt(60), random.nextInt(1000));
            default -> otherwise;
        };
    }

    private static String hex(Random random, int length) {
        return text(random, "0123456789abcdef", length);
    }

    private static String text(Random random, String alphabet, int length) {
        var text = new StringBuilder();
        while (text.length() < length) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }
}
