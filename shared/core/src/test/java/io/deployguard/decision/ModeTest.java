package io.deployguard.decision;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.classification.CauseId;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
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

        assertThat(settings.choose(tags, Set.of(cause))).isEqualTo(new ModeSettings.Choice(chosen, by));
    }

    @Test
    void ofACauseCountsForNoOther() {
        var settings = new ModeSettings(Mode.OBSERVE, Map.of(new CauseId("image-not-found"), Mode.AUTO));

        assertThat(settings.choose(Map.of(), Set.of(new CauseId("code-error"))).mode())
                .isEqualTo(Mode.OBSERVE);
        assertThat(settings.choose(Map.of(), Set.of()).mode()).isEqualTo(Mode.OBSERVE);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "AUTO, -, OBSERVE, OBSERVE",
                "AUTO, AUTO, ASK, ASK",
                "OBSERVE, AUTO, -, OBSERVE",
                "OBSERVE, -, AUTO, OBSERVE",
                "OBSERVE, AUTO, AUTO, AUTO",
                "AUTO, -, -, AUTO"
            })
    void ofAGuessIsTheMostCarefulOfTheGuessAndOfUnknown(Mode otherwise, Mode ofGuess, Mode ofUnknown, Mode chosen) {
        var guess = new CauseId("code-error");
        var ofCauses = new HashMap<CauseId, Mode>();
        if (ofGuess != null) {
            ofCauses.put(guess, ofGuess);
        }
        if (ofUnknown != null) {
            ofCauses.put(CauseId.UNKNOWN, ofUnknown);
        }

        var choice = new ModeSettings(otherwise, ofCauses).choose(Map.of(), Set.of(guess, CauseId.UNKNOWN));

        assertThat(choice.mode()).isEqualTo(chosen);
    }

    private static Mode choose(Map<String, String> tags, Mode otherwise) {
        return ModeSettings.of(otherwise).choose(tags, Set.of()).mode();
    }
}
