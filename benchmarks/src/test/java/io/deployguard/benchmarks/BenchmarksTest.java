package io.deployguard.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each bench runs on a little text and says its ratios; how fast it is, is not for a test to say. */
class BenchmarksTest {

    private static final Settings TINY =
            new Settings(Path.of("..").toAbsolutePath().normalize(), 20_000, 1, 7);

    private record Result(int exit, String text) {}

    @ParameterizedTest
    @ValueSource(strings = {"memory", "worst-case", "cleaning", "cases"})
    void saysItsRatios(String name) throws IOException, InterruptedException {
        Result result = run(name);

        assertThat(result.exit).isBetween(0, 1);
        assertThat(result.text).contains(name).contains("ratio");
    }

    @Test
    void comparesMatchingWithRipgrepOrSaysThatItIsMissing() throws IOException, InterruptedException {
        Result result = run("matching");

        if (result.exit == 2) {
            assertThat(result.text).contains("ripgrep is not on the PATH");
        } else {
            assertThat(result.text).contains("ratio to ripgrep").contains("both found the same lines");
        }
    }

    /** One life of each function and its reference, where the functions are built. */
    @Test
    void comparesColdStartsWithBareHandlersOrSaysThatTheFunctionsAreMissing() throws IOException, InterruptedException {
        Result result = run("cold-start");

        if (result.exit == 2) {
            assertThat(result.text).contains(".jar is missing");
        } else {
            assertThat(result.text.lines().filter(line -> line.startsWith("cold-start ")))
                    .hasSize(4)
                    .allMatch(
                            line -> line.matches("cold-start \\w+: .* bare handler .*; ratio .*; with an archive .*"));
            assertThat(result.text.lines().filter(line -> line.startsWith("snapshot ")))
                    .hasSize(4)
                    .allMatch(line ->
                            line.matches("snapshot \\w+: first event .* after a rehearsal, .* without; ratio .*"));
        }
    }

    @Test
    void asksWhichOne() throws IOException, InterruptedException {
        assertThat(run())
                .isEqualTo(new Result(
                        2, "benchmarks: which one? matching, memory, worst-case, cleaning, cases, cold-start, all"));
        assertThat(run("speed").text).contains("no bench is called speed");
        assertThat(run("cases", "--fast", "yes").text).contains("no option is called --fast");
    }

    @Test
    void theSameSeedGivesTheSameLog() throws IOException {
        List<List<String>> failures = Corpus.logs(TINY.corpus());

        assertThat(new LogMix(3, failures).lines(5_000))
                .isEqualTo(new LogMix(3, failures).lines(5_000))
                .isNotEqualTo(new LogMix(4, failures).lines(5_000))
                .noneMatch(line -> line.contains("${"));
    }

    private static Result run(String... arguments) throws IOException, InterruptedException {
        var text = new ByteArrayOutputStream();
        int exit;
        try (var out = new PrintStream(text, true, StandardCharsets.UTF_8)) {
            exit = Benchmarks.run(TINY, out, arguments);
        }
        return new Result(exit, text.toString(StandardCharsets.UTF_8).strip());
    }
}
