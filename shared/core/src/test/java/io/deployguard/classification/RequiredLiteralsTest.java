package io.deployguard.classification;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.classification.Probe.Expression;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequiredLiteralsTest {

    @ParameterizedTest(name = "{0} needs {1}")
    @CsvSource(
            delimiter = ';',
            value = {
                "SQLSTATE (?P<code>\\w+): already exists;sqlstate",
                "(?i)Connection Refused;connection refused",
                "connect (?:ECONNREFUSED|ETIMEDOUT) (\\S+);econnrefused,etimedout",
                "No module named '?(?P<key>[\\w.]+)'?;no module named",
                "(?:abc)+def?;abc",
                "a(?:bc)d\\.e;abcd.e",
                "[Cc]annot open;cannot open",
                "\\bENOSPC\\b;enospc",
                "x{3}yyy{0,2}zzzz;zzzz",
            })
    void whateverAPatternMatchesHoldsOneOfItsLiterals(String pattern, String literals) {
        assertThat(new Expression(pattern).requirement().entry()).containsExactly(literals.split(","));
    }

    @ParameterizedTest
    @CsvSource({"[a-z]+", "(?:abc)?", "abc|[0-9]+", "(?:abc|d)*", "ab", ".*"})
    void aPatternWithoutOneIsNotGuessedAt(String pattern) {
        assertThat(new Expression(pattern).requirement().entry()).isEmpty();
    }

    @Test
    void aDeclaredLiteralIsHeldAgainstThePattern() {
        assertThat(RequiredLiterals.hold("(?:relation|table) \"x\" already exists", List.of("already exists")))
                .isTrue();
        assertThat(RequiredLiterals.hold("(?:relation|table) \"x\" already exists", List.of("relation")))
                .isFalse();
        assertThat(RequiredLiterals.hold("foo(?:bar)?", List.of("foobar"))).isFalse();
    }
}
