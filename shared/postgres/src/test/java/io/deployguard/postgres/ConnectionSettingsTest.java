package io.deployguard.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionSettingsTest {

    @Test
    void readsAUrlOfThePostgresKind() {
        var settings =
                ConnectionSettings.parse("postgres://guard:p%40ss+word@db.example:6432/state?sslmode=verify-full");

        assertThat(settings.host()).isEqualTo("db.example");
        assertThat(settings.port()).isEqualTo(6432);
        assertThat(settings.database()).isEqualTo("state");
        assertThat(settings.user()).contains("guard");
        assertThat(settings.password()).contains("p@ss+word");
        assertThat(settings.options()).containsEntry("sslmode", "verify-full");
    }

    @Test
    void readsAUrlOfTheJdbcKind() {
        var settings = ConnectionSettings.parse(
                "jdbc:postgresql://db.example/state?user=guard&password=secret&connect_timeout=2");

        assertThat(settings.describe()).isEqualTo("db.example:5432/state");
        assertThat(settings.user()).contains("guard");
        assertThat(settings.password()).contains("secret");
        assertThat(settings.options()).containsEntry("connectTimeout", "2").doesNotContainKeys("user", "password");
    }

    @ParameterizedTest
    @CsvSource({
        "postgres://db.example/state, require",
        "postgres://localhost/state, prefer",
        "postgres://127.0.0.1:5433/state, prefer",
        "postgres://[::1]/state, prefer",
        "postgres://localhost/state?sslmode=disable, disable",
    })
    void encryptsUnlessTheDatabaseIsOnThisMachineOrTheUrlSaysOtherwise(String url, String mode) {
        assertThat(ConnectionSettings.parse(url).options()).containsEntry("sslmode", mode);
    }

    @Test
    void neverWaitsForEver() {
        assertThat(ConnectionSettings.parse("postgresql://db.example/state").options())
                .containsEntry("connectTimeout", "5")
                .containsEntry("loginTimeout", "10")
                .containsEntry("socketTimeout", "20");
    }

    @Test
    void takesAPasswordThatNobodyEncoded() {
        assertThat(ConnectionSettings.parse("postgres://guard:a@b/c:d@db.example/state")
                        .password())
                .contains("a@b/c:d");
    }

    @Test
    void worksWithoutALogin() {
        var settings = ConnectionSettings.parse(" postgres://localhost:5433/state ");

        assertThat(settings.user()).isEqualTo(Optional.empty());
        assertThat(settings.password()).isEqualTo(Optional.empty());
    }

    @ParameterizedTest
    @CsvSource({
        "mysql://guard:hunter2@db/state, scheme",
        "guard:hunter2@db/state, scheme",
        "'', scheme",
        "postgres://guard:hunter2@db.example, database",
        "postgres://guard:hunter2@db.example/, database",
        "postgres://guard:hunter2@/state, host",
        "'postgres://guard:hunter2@db1,db2/state', host",
        "postgres://guard:hunter2@db.example:port/state, port",
        "postgres://guard:hunter2@db.example:70000/state, port",
        "postgres://guard:hunter2%zz@db.example/state, password",
        "postgres://guard:hunter2@db.example/state?sslmode=maybe, sslmode",
        "postgres://guard:hunter2@db.example/state?colour=red, colour",
        "postgres://guard:hunter2@db.example/state?sslmode, parameters",
    })
    void saysWhatIsWrongWithoutTellingThePassword(String url, String part) {
        assertThatThrownBy(() -> ConnectionSettings.parse(url))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("database URL: ")
                .hasMessageContaining(part)
                .hasMessageContaining("expected")
                .satisfies(fault -> assertThat(fault.getMessage()).doesNotContain("hunter2"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgres://guard:hunter2@db.example/state",
                "jdbc:postgresql://db.example/state?password=hunter2"
            })
    void keepsThePasswordOutOfTexts(String url) {
        var settings = ConnectionSettings.parse(url);

        assertThat(settings).hasToString("db.example:5432/state");
        assertThat(settings.describe()).doesNotContain("hunter2");
    }

    @ParameterizedTest
    @CsvSource({
        "postgres://guard@abcdefghij.dsql.eu-central-1.on.aws/postgres, DSQL",
        "postgres://guard@abcdefghij.dsql-fnh4.us-gov-west-1.on.aws/postgres, DSQL",
        "postgres://guard@abcdefghij.dsql.eu-central-1.on.aws/postgres?auth=iam, DSQL",
        "postgres://guard@db.cluster-abc.eu-central-1.rds.amazonaws.com/guard?auth=iam, RDS",
        "postgres://guard@p.proxy-abc.eu-central-1.rds.amazonaws.com/guard?auth=iam&sslmode=verify-full, RDS",
    })
    void logsInByIamWhereTheHostOrTheUrlSaysSo(String url, IamService service) {
        var settings = ConnectionSettings.parse(url);

        assertThat(settings.login()).contains(service);
        assertThat(settings.options())
                .containsEntry("sslmode", "verify-full")
                .containsEntry("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory")
                .doesNotContainKey("auth");
        assertThat(ConnectionSource.parse(url, () -> new AwsKeys("id", "key", Optional.empty())))
                .isInstanceOf(IamLogin.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgres://guard:pw@db.cluster-abc.eu-central-1.rds.amazonaws.com/guard",
                "postgres://guard:pasted-token@abcdefghij.dsql.eu-central-1.on.aws/postgres",
                "postgres://guard@localhost/guard"
            })
    void asksForNoKeysWithAPassword(String url) {
        assertThat(ConnectionSource.parse(url, () -> {
                    throw new AssertionError("keys were asked for");
                }))
                .isEqualTo(ConnectionSettings.parse(url));
    }

    @Test
    void takesTheCertificatesThatTheUrlNames() {
        assertThat(ConnectionSettings.parse(
                                "postgres://guard@db.x.eu-central-1.rds.amazonaws.com/guard?auth=iam&sslrootcert=/opt/rds-ca.pem")
                        .options())
                .containsEntry("sslmode", "verify-full")
                .containsEntry("sslrootcert", "/opt/rds-ca.pem")
                .doesNotContainKey("sslfactory");
        assertThat(ConnectionSettings.parse("postgres://guard:pw@db.example/guard?sslmode=verify-full")
                        .options())
                .as("what Java trusts, and not a file in the home folder")
                .containsEntry("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory");
    }

    @ParameterizedTest
    @CsvSource({
        "postgres://guard@db.example/guard?auth=iam, host",
        "postgres://guard:hunter2@db.x.eu-central-1.rds.amazonaws.com/guard?auth=iam, password",
        "postgres://db.x.eu-central-1.rds.amazonaws.com/guard?auth=iam, user",
        "postgres://abcdefghij.dsql.eu-central-1.on.aws/postgres, user",
        "postgres://guard@db.x.eu-central-1.rds.amazonaws.com/guard?auth=iam&sslmode=require, sslmode",
        "postgres://guard@abcdefghij.dsql.eu-central-1.on.aws/postgres?sslmode=disable, sslmode",
        "postgres://guard@abcdefghij.dsql.eu-central-1.on.aws/postgres?sslfactory=org.postgresql.ssl.NonValidatingFactory, sslfactory",
        "postgres://guard@db.x.eu-central-1.rds.amazonaws.com/guard?auth=kerberos, auth",
    })
    void refusesALoginByIamThatCannotBeSafe(String url, String part) {
        assertThatThrownBy(() -> ConnectionSettings.parse(url))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("database URL: ")
                .hasMessageContaining(part)
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void knowsAuroraDsqlByItsHost() {
        assertThat(ConnectionSettings.parse("postgres://guard@abcdefghij.dsql.eu-central-1.on.aws/postgres")
                        .dialect())
                .isEqualTo(Dialect.DSQL);
        assertThat(ConnectionSettings.parse("postgres://guard@db.example/guard").dialect())
                .isEqualTo(Dialect.POSTGRESQL);
    }
}
