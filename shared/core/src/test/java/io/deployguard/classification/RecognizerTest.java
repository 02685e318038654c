package io.deployguard.classification;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import io.deployguard.classification.Probe.Expression;
import io.deployguard.classification.Probe.Suspects;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecognizerTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "abc",
                "(?i)aBc",
                "a|bc|",
                "a.c",
                "^a",
                "a$",
                "^$",
                "(?m)^b$",
                "\\ba",
                "a\\b",
                "\\Bb\\B",
                "[^a-b]",
                "[\\w-]+b",
                "[]a]b",
                "a{2}",
                "a{0,3}b",
                "^a{1,2}b",
                "^(?:ab){1,2}c",
                "^a.{0,2}b.{1,3}c$",
                "(?i:A)b",
                "(?i)a(?-i:B)",
                "(?P<key>a+)b*?c",
                "^(?:a|ab)(?:c|bcd)$",
                "(?:a*)*b",
                "\\Qa.b\\Ec",
                "\\sa",
                "é|[«»]a",
                "[^«]b",
                "(?s)a.b"
            })
    void findsWhatRe2Finds(String pattern) {
        var recognizer = new Recognizer(Syntax.parse(pattern).orElseThrow());
        Pattern re2 = Pattern.compile(pattern);
        var random = new Random(3);
        for (int round = 0; round < 3_000; round++) {
            String text = text(random, "aabbcABC. \n-_«é\ud83d\ude00");
            assertThat(recognizer.find(text, 0))
                    .as(text)
                    .isEqualTo(re2.matcher(text).find());
            int from = random.nextInt(text.length());
            if (!Character.isLowSurrogate(text.charAt(from))) {
                assertThat(recognizer.find(text, from))
                        .as("%s from %d", text, from)
                        .isEqualTo(re2.matcher(text).find(from));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\pL", "[[:alpha:]]", "(a", "a)", "[a", "*", "\\x41", "(?U)a", "[z-a]", "\\"})
    void whatItDoesNotKnowIsLeftToRe2(String pattern) {
        assertThat(Syntax.parse(pattern)).isEmpty();
    }

    @Test
    void theCatalogueNeedsNothingElse() {
        assertThat(expressions())
                .allSatisfy(expression -> assertThat(Syntax.parse(expression.text()))
                        .as(expression.text())
                        .isPresent());
    }

    @Test
    void findsInTheCataloguesExamplesWhatRe2Finds() {
        List<String> lines = exampleLines();
        var random = new Random(5);
        for (Expression expression : expressions()) {
            Pattern re2 = Pattern.compile(expression.text());
            for (int round = 0; round < 30; round++) {
                String line = lines.get(random.nextInt(lines.size()));
                assertThat(expression.matches(line, 0))
                        .as("%s in %s", expression.text(), line)
                        .isEqualTo(re2.matcher(line).find());
            }
        }
    }

    @Test
    void theIndexLeadsToEveryMatch() {
        ProbeIndex index = CauseCatalog.load().index();
        List<String> lines = exampleLines();
        var told = new HashMap<String, Suspects>();
        index.scan(lines, (line, probe, _, suspects) -> told.put(line + ":" + probe, suspects));
        var random = new Random(6);
        for (int probe = 0; probe < index.probes().size(); probe++) {
            Probe each = index.probes().get(probe);
            if (each.across() > 1) {
                continue;
            }
            for (int line = random.nextInt(5); line < lines.size(); line += 5) {
                String text = lines.get(line);
                Suspects suspects = told.getOrDefault(line + ":" + probe, new Suspects(0, 0, 0));
                assertThat(each.match(text, suspects).isPresent())
                        .as("%s in %s", each, text)
                        .isEqualTo(each.match(text, Suspects.ALL).isPresent());
            }
        }
    }

    @Test
    void keepsFewStatesWhateverTheTextIs() {
        var recognizer = new Recognizer(Syntax.parse("(?i)(?:open|file|path).{0,300}[a-m]{20}(?:x|y){3,9}z")
                .orElseThrow());
        var random = new Random(9);
        for (int round = 0; round < 200; round++) {
            recognizer.find(text(random, "openfilepathxyz am").repeat(20), 0);
            assertThat(recognizer.entries()).isLessThan(1 << 16);
        }
    }

    private static List<Expression> expressions() {
        return CauseCatalog.load().uses().stream()
                .flatMap(use -> Stream.concat(use.probe().patterns().stream(), use.probe().unless().stream()))
                .toList();
    }

    private static List<String> exampleLines() {
        var lines = new LinkedHashSet<String>();
        CauseCatalog.checkedBuiltIn().stream()
                .flatMap(cause -> cause.rules().stream())
                .flatMap(rule -> Stream.concat(rule.examples().stream(), rule.counterExamples().stream()))
                .forEach(example -> example.evidence()
                        .path("logs")
                        .forEach(log -> lines.addAll(log.asText().lines().toList())));
        return List.copyOf(lines);
    }

    private static String text(Random random, String characters) {
        var text = new StringBuilder();
        for (int index = random.nextInt(12); index >= 0; index--) {
            int at = random.nextInt(characters.codePointCount(0, characters.length()));
            text.appendCodePoint(characters.codePointAt(characters.offsetByCodePoints(0, at)));
        }
        return text.toString();
    }
}
