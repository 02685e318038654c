package io.deployguard.decision;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.classification.CauseId;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModeTest {

    @ParameterizedTest
    @CsvSource({"observe, OBSERVE", "ask, ASK", "auto, AUTO", "' Auto ', AUTO"})
    void isWhatTheTagOfTheServiceSays(String tag, Mode mode) {
        assertThat(choose(Map.of(Mode.TAG, tag), Mode.OBSERVE)).isEqualTo(mode);
    }

    @Test
    void isThatOfTheSettingsWithoutATag() {
        assertThat(choose(Map.of("team", "auto"), Mode.AUTO)).isEqualTo(Mode.AUTO);
    }

    @ParameterizedTest
    @CsvSource({"atuo", "''", "true", "auto; ask"})
    void isToObserveWhereTheTagCannotBeRead(String tag) {
        assertThat(choose(Map.of(Mode.TAG, tag), Mode.AUTO)).isEqualTo(Mode.OBSERVE);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "-, OBSERVE, AUTO, AUTO, the settings for this cause",
                "-, AUTO, OBSERVE, OBSERVE, the settings for this cause",
                "-, ASK, -, ASK, the settings",
                "auto, OBSERVE, -, AUTO, the service's tag",
                "auto, OBSERVE, ASK, ASK, the settings for this cause",
                "ask, OBSERVE, AUTO, ASK, the service's tag",
                "observe, AUTO, AUTO, OBSERVE, the service's tag",
                "atuo, AUTO, AUTO, OBSERVE, a tag that cannot be read"
            })
    void isTheMoreCarefulOneOfTagAndCause(String tag, Mode otherwise, Mode ofCause, Mode chosen, String by) {
        var cause = new CauseId("migration-conflict");
        var settings = new ModeSettings(otherwise, ofCause == null ? Map.of() : Map.of(cause, ofCause));
        Map<String, String> tags = tag == null ? Map.of() : Map.of(Mode.TAG, tag);

        assertThat(settings.choose(tags, Optional.of(cause))).isEqualTo(new ModeSettings.Choice(chosen, by));
    }

    @Test
    void ofACauseCountsForNoOther() {
        var settings = new ModeSettings(Mode.OBSERVE, Map.of(new CauseId("image-not-found"), Mode.AUTO));

        assertThat(settings.choose(Map.of(), Optional.of(new CauseId("code-error")))
                        .mode())
                .isEqualTo(Mode.OBSERVE);
        assertThat(settings.choose(Map.of(), Optional.empty()).mode()).isEqualTo(Mode.OBSERVE);
    }

    private static Mode choose(Map<String, String> tags, Mode otherwise) {
        return ModeSettings.of(otherwise).choose(tags, Optional.empty()).mode();
    }
}
