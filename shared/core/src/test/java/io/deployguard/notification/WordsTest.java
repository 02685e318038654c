package io.deployguard.notification;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordsTest {

    @ParameterizedTest
    @CsvSource({
        "the image is gone, The image is gone.",
        "qivr-api:41 ran healthy., qivr-api:41 ran healthy.",
        "npm: command not found, npm: command not found.",
        "' two\tlines ', Two lines.",
    })
    void makesASentence(String text, String sentence) {
        assertThat(Words.sentence(text)).isEqualTo(sentence);
    }

    @ParameterizedTest
    @CsvSource({
        "A table is missing., a table is missing",
        "Docker Hub refuses, Docker Hub refuses",
        "ECS cannot pull, ECS cannot pull",
        "PostgreSQL is away, PostgreSQL is away",
    })
    void goesOnInASentenceWithoutBreakingNames(String text, String clause) {
        assertThat(Words.uncapitalized(text)).isEqualTo(clause);
    }

    @ParameterizedTest
    @CsvSource({"8, 8 s", "119, 119 s", "120, 2 min", "3600, 1 h", "3900, 1 h 5 min", "-4, 0 s"})
    void tellsADurationWithItsUnit(long seconds, String told) {
        assertThat(Words.lasting(Duration.ofSeconds(seconds))).isEqualTo(told);
    }

    @ParameterizedTest
    @CsvSource({"1.0, 99%", "0.97, 97%", "0.0, 1%"})
    void isNeverCertain(double confidence, String told) {
        assertThat(Words.percent(confidence)).isEqualTo(told);
    }

    @Test
    void readsAMomentInUtcWhereNobodyKnowsTheZone() {
        assertThat(Prose.of("at ")
                        .time(Instant.parse("2025-11-08T03:39:44Z"))
                        .strong("!")
                        .plain())
                .isEqualTo("at 2025-11-08 03:39:44 UTC!");
    }

    @Test
    void shortensATaskIdAlsoWhenItIsOddlyShort() {
        assertThat(Words.shortTask("4f2c1b7e9d8a4c6f")).isEqualTo("4f2c1b7e");
        assertThat(Words.shortTask("4f")).isEqualTo("4f");
    }
}
