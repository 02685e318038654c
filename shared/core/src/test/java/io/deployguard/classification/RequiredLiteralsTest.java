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
                "connect (?:ECONNREFUSED|ETIMEDOUT) (\\S+);connect econnrefused,connect etimedout",
                "(?:is|was) (?:up|ready);is up,is ready,was up,was ready",
                "is(?: not)? up;is not up,is up",
                "at [\"'`]x[\"'];at \"x\",at \"x',at 'x\",at 'x',at `x\",at `x'",
                "No module named '?(?P<key>[\\w.]+)'?;no module named",
                "(?:abc)+def?;abc",
                "a(?:bc)d\\.e;abcd.e",
                "[Cc]annot open;cannot open",
                "\\bENOSPC\\b;enospc",
                "x{3}yyy{0,2}zzzz;zzzz",
            })
    void whateverAPatternMatchesHoldsOneOfItsLiterals(String pattern, String literals) {
        assertThat(new Expression(pattern).requirement().entry())
                .extracting(Requirement.Literal::text)
                .containsExactly(literals.split(","));
    }

    @ParameterizedTest(name = "at most {1} characters of {0} stand before it")
    @CsvSource(
            delimiter = ';',
            value = {
                "abc;0",
                "\\b(?:abc|xyz);0",
                "x?.{0,3}abc;7",
                "(?: abc|..xyz);4",
                "(?:a|bcd)\\d{2} (?:e|fgh)[^x] (?:ijklmnop|qrstuvwx);14",
                "^(?:task )?stopped by user;5",
                "\\w+abc;1048576",
                "x{2,5}abc;5"
            })
    void saysHowFarBeforeItAMatchMayBegin(String pattern, int before) {
        assertThat(new Expression(pattern)
                        .requirement().entry().stream()
                                .mapToInt(Requirement.Literal::before)
                                .max())
                .hasValue(before);
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
