package io.deployguard.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deployguard.fault.GuardFault;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqlTest {

    @Test
    void keepsOrdinaryTextAsItIs() {
        assertThat(Sql.storable("größer 🚀\n\t")).isEqualTo("größer 🚀\n\t");
    }

    @Test
    void replacesWhatATextColumnCannotHold() {
        assertThat(Sql.storable("a\0b\ud83dc\ude80")).isEqualTo("a\ufffdb\ufffdc\ufffd");
    }

    @ParameterizedTest
    @CsvSource({
        "28P01, check user and password",
        "3D000, create that database",
        "42P01, deploy-guard migrate",
        "42501, grant",
        "25006, read-only",
        "53300, no connection left",
        "08006, check that the database runs",
        "57014, see the server's log",
    })
    void saysWhatToDo(String state, String advice) {
        var fault = new SqlFault(new SQLException("it went wrong\nDetail: secret", state), SqlFault.Moment.WORKING);

        assertThat(fault.toGuardFault("take in event", "db:5432/state"))
                .isInstanceOf(GuardFault.Unavailable.class)
                .hasMessageStartingWith(
                        "take in event: database db:5432/state: it went wrong (SQLSTATE " + state + "); ")
                .hasMessageContaining(advice)
                .hasMessageNotContaining("secret");
    }

    @Test
    void doesNotAskToRepeatWhatTheDatabaseWillNeverTake() {
        var fault = new SqlFault(new SQLException("value too long", "22001"), SqlFault.Moment.WORKING);

        assertThat(fault.toGuardFault("take in event", "db:5432/state").isTransient())
                .isFalse();
    }

    @Test
    void stopsWaitingWhenInterrupted() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> new Backoff(2, Duration.ofSeconds(5), Duration.ofSeconds(5)).pause("take in event", 1))
                .isInstanceOf(GuardFault.Unavailable.class)
                .hasMessageContaining("interrupted");
        assertThat(Thread.interrupted()).isTrue();
    }
}
