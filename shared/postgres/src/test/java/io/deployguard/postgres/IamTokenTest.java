package io.deployguard.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** The tokens are those that AWS's own programs make of the same keys at the same moment. */
class IamTokenTest {

    private static final AwsKeys KEYS = new AwsKeys("access_key", "secret_key", Optional.empty());
    private static final Instant OF_DSQL = Instant.parse("2024-11-07T17:39:33Z");

    /**
     * As {@code aws dsql generate-db-connect-auth-token} has it.
     *
     * @see <a href="https://github.com/aws/aws-sdk-java-v2/tree/master/services/dsql/src/test">tests of the SDK</a>
     */
    @Test
    void ofAUserOfDsql() {
        var settings = ConnectionSettings.parse("postgres://guard@test.dsql.us-east-1.on.aws/postgres");

        assertThat(IamService.DSQL.token(settings, KEYS, OF_DSQL))
                .isEqualTo("test.dsql.us-east-1.on.aws/?Action=DbConnect&X-Amz-Algorithm=AWS4-HMAC-SHA256"
                        + "&X-Amz-Credential=access_key%2F20241107%2Fus-east-1%2Fdsql%2Faws4_request&X-Amz-Date=20241107T173933Z"
                        + "&X-Amz-Expires=900&X-Amz-SignedHeaders=host"
                        + "&X-Amz-Signature=e319d85380261f643d78a558f76257f05aacea758a6ccd42a2510e2ae0854a47");
    }

    @Test
    void ofTheAdministratorOfDsql() {
        var settings = ConnectionSettings.parse("postgres://admin@test.dsql.us-east-1.on.aws/postgres");

        assertThat(IamService.DSQL.token(settings, KEYS, OF_DSQL))
                .contains("/?Action=DbConnectAdmin&")
                .endsWith("&X-Amz-Signature=a08adc4c84a490014ce374b90c98ba9ed015b77b451c0d9f9fb3f8ca8c6f9c36");
    }

    /**
     * As {@code aws rds generate-db-auth-token} has it.
     *
     * @see <a href="https://github.com/boto/botocore/blob/develop/tests/unit/test_signers.py">tests of botocore</a>
     */
    @Test
    void ofAUserOfRds() {
        var settings = ConnectionSettings.parse(
                "postgres://someusername@prod-instance.us-east-1.rds.amazonaws.com:3306/shop?auth=iam");

        assertThat(IamService.RDS.token(
                        settings, new AwsKeys("akid", "skid", Optional.empty()), Instant.parse("2016-11-07T17:39:33Z")))
                .isEqualTo("prod-instance.us-east-1.rds.amazonaws.com:3306/?Action=connect&DBUser=someusername"
                        + "&X-Amz-Algorithm=AWS4-HMAC-SHA256"
                        + "&X-Amz-Credential=akid%2F20161107%2Fus-east-1%2Frds-db%2Faws4_request"
                        + "&X-Amz-Date=20161107T173933Z&X-Amz-Expires=900&X-Amz-SignedHeaders=host"
                        + "&X-Amz-Signature=d1138cdbc0ca63eec012ec0fc6c2267e03642168f5884a7795320d4c18374c61");
    }

    /** A role's keys, which is what a function has: the session is part of what is signed. */
    @Test
    void ofKeysThatEnd() {
        var session = IamToken.sign(
                "dsql",
                "h",
                "us-east-1",
                Map.of("Action", "DbConnect"),
                new AwsKeys("a", "s", Optional.of("to/ken+=~*")),
                OF_DSQL);
        var other = IamToken.sign(
                "dsql",
                "h",
                "us-east-1",
                Map.of("Action", "DbConnect"),
                new AwsKeys("a", "s", Optional.of("another")),
                OF_DSQL);

        assertThat(session).contains("&X-Amz-Security-Token=to%2Fken%2B%3D~%2A&X-Amz-SignedHeaders=host&");
        assertThat(signature(session)).isNotEqualTo(signature(other));
    }

    @Test
    void isMadeAnewForEachConnection() {
        var now = new AtomicReference<>(OF_DSQL);
        var asked = new ArrayList<AwsKeys>();
        var settings = ConnectionSettings.parse("postgres://guard@test.dsql.us-east-1.on.aws/postgres");
        var login = new IamLogin(
                settings,
                IamService.DSQL,
                () -> {
                    asked.add(KEYS);
                    return KEYS;
                },
                now::get);

        assertThat(login.signed().password().orElseThrow()).contains("X-Amz-Date=20241107T173933Z");
        now.set(OF_DSQL.plusSeconds(3_000));
        assertThat(login.signed().password().orElseThrow()).contains("X-Amz-Date=20241107T182933Z");
        assertThat(asked).hasSize(2);
        assertThat(login.describe() + login + login.signed() + KEYS)
                .contains("test.dsql.us-east-1.on.aws:5432/postgres")
                .doesNotContain("Signature", "secret_key");
    }

    /** A server that knows no TLS, as one in between would pretend to: nothing of the login reaches it. */
    @Test
    void isNotSentUnencrypted() throws Exception {
        try (var plain = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var received = CompletableFuture.supplyAsync(() -> answerThatThereIsNoTls(plain));
            var settings = new ConnectionSettings(
                    "127.0.0.1",
                    plain.getLocalPort(),
                    "postgres",
                    Optional.of("guard"),
                    Optional.of("a-token-that-logs-in"),
                    Map.of("sslmode", "verify-full"),
                    Optional.of(IamService.DSQL));

            assertThat(catchThrowable(settings::open))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("SSL");
            assertThat(received.get()).doesNotContain("guard", "token");
        }
    }

    private static String answerThatThereIsNoTls(ServerSocket server) {
        try (var socket = server.accept()) {
            var first = socket.getInputStream().readNBytes(8);
            socket.getOutputStream().write('N');
            socket.getOutputStream().flush();
            return new String(first, StandardCharsets.ISO_8859_1)
                    + new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException ended) {
            return "";
        }
    }

    private static String signature(String token) {
        return token.substring(token.indexOf("X-Amz-Signature="));
    }
}
