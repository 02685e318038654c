package io.deployguard.decision;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModeTest {

    @ParameterizedTest
    @CsvSource({"observe, OBSERVE", "ask, ASK", "auto, AUTO", "' Auto ', AUTO"})
    void isWhatTheTagOfTheServiceSays(String tag, Mode mode) {
        assertThat(Mode.of(Map.of(Mode.TAG, tag), Mode.OBSERVE)).isEqualTo(mode);
    }

    @Test
    void isThatOfTheSettingsWithoutATag() {
        assertThat(Mode.of(Map.of("team", "auto"), Mode.AUTO)).isEqualTo(Mode.AUTO);
    }

    @ParameterizedTest
    @CsvSource({"atuo", "''", "true", "auto; ask"})
    void isToObserveWhereTheTagCannotBeRead(String tag) {
        assertThat(Mode.of(Map.of(Mode.TAG, tag), Mode.AUTO)).isEqualTo(Mode.OBSERVE);
    }
}
