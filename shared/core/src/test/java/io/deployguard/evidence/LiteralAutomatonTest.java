package io.deployguard.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LiteralAutomatonTest {

    @Test
    void findsOverlappingLiteralsWhateverTheirCase() {
        assertThat(found(List.of(List.of("he"), List.of("she", "hers")), "usHErs"))
                .containsExactlyInAnyOrder("0@4", "1@4", "1@6");
    }

    @Test
    void findsWhatAPlainSearchFinds() {
        var random = new Random(7);
        for (int round = 0; round < 200; round++) {
            var groups = new ArrayList<List<String>>();
            for (int group = 0; group < 5; group++) {
                groups.add(List.of(text(random, 1 + random.nextInt(3)), text(random, 2 + random.nextInt(3))));
            }
            String text = text(random, 60);

            assertThat(found(groups, text)).containsExactlyInAnyOrderElementsOf(plain(groups, text));
        }
    }

    @Test
    void findsInManyLinesWhatItFindsInEach() {
        var random = new Random(11);
        for (int round = 0; round < 200; round++) {
            var groups = List.of(
                    List.of(text(random, 1 + random.nextInt(9))),
                    List.of(text(random, 1 + random.nextInt(3)), text(random, 12)));
            var lines = new ArrayList<String>();
            // Some of them longer than a block.
            for (int line = random.nextInt(9); line >= 0; line--) {
                lines.add(text(random, random.nextInt(random.nextInt(10) == 0 ? 50_000 : 300)));
            }
            var expected = new ArrayList<String>();
            var found = new ArrayList<String>();
            var automaton = new LiteralAutomaton(groups);
            for (int line = 0; line < lines.size(); line++) {
                int number = line;
                automaton.scan(lines.get(line), (group, end) -> expected.add(number + ":" + group + "@" + end));
            }
            automaton.scan(lines, (line, group, end) -> found.add(line + ":" + group + "@" + end));

            assertThat(found).isEqualTo(expected);
        }
    }

    @Test
    void losesNoneOfThousandsOfLiterals() {
        var groups = new ArrayList<List<String>>();
        for (int number = 0; number < 3_000; number++) {
            groups.add(List.of(Integer.toString(1_000_000 + 37 * number, 36) + "."));
        }
        var automaton = new LiteralAutomaton(groups);
        for (int number = 0; number < groups.size(); number++) {
            var found = new ArrayList<Integer>();
            automaton.scan(groups.get(number).getFirst(), (group, end) -> found.add(group));
            assertThat(found).containsExactly(number);
        }
    }

    @Test
    void aLiteralOverTwoLinesIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LiteralAutomaton(List.of(List.of("a\nb"))))
                .withMessageContaining("no line feed");
    }

    private static String text(Random random, int length) {
        var text = new StringBuilder();
        for (int index = 0; index < length; index++) {
            text.append("abAß".charAt(random.nextInt(4)));
        }
        return text.toString();
    }

    private static List<String> found(List<List<String>> groups, String text) {
        var found = new ArrayList<String>();
        new LiteralAutomaton(groups).scan(text, (group, end) -> found.add(group + "@" + end));
        return found;
    }

    private static List<String> plain(List<List<String>> groups, String text) {
        var found = new ArrayList<String>();
        String lower = text.toLowerCase(Locale.ROOT);
        for (int group = 0; group < groups.size(); group++) {
            List<String> literals = groups.get(group).stream()
                    .map(each -> each.toLowerCase(Locale.ROOT))
                    .distinct()
                    .toList();
            for (int end = 1; end <= lower.length(); end++) {
                String before = lower.substring(0, end);
                if (literals.stream().anyMatch(before::endsWith)) {
                    found.add(group + "@" + end);
                }
            }
        }
        return found;
    }
}
