package io.deployguard.evidence;

import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.evidence.SecretLines.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** How many generated secrets are found, how many clean lines are touched, and the page that says so. {@code -Dgolden=rewrite} writes the page anew. */
class RedactionProofTest {

    private static final Path PAGE = Path.of("../../docs/redaction.md");
    private static final int COUNT = 1_000;

    private static final List<Sample> SECRETS = SecretLines.generate(COUNT, 20_261_121);
    private static final List<String> CLEAN = CleanLines.generate(COUNT, 20_261_121);

    @Test
    void almostEverySecretIsFound() {
        var missed = SECRETS.stream()
                .filter(Predicate.not(RedactionProofTest::isRedacted))
                .toList();

        assertThat(SECRETS.stream().map(Sample::kind).distinct()).hasSizeGreaterThanOrEqualTo(50);
        assertThat(missed).as("missed of %d", COUNT).hasSizeLessThanOrEqualTo(COUNT / 100);
    }

    @Test
    void noKeyOfACloudNoPrivateKeyNoJwtAndNoConnectionStringSlipsThrough() {
        assertThat(SECRETS.stream().filter(Sample::never))
                .hasSizeGreaterThan(COUNT / 4)
                .filteredOn(Predicate.not(RedactionProofTest::isRedacted))
                .isEmpty();
    }

    @Test
    void whatAPersonNeedsStays() {
        assertThat(CLEAN.stream().filter(RedactionProofTest::isTouched))
                .as("touched of %d clean lines", COUNT)
                .hasSizeLessThanOrEqualTo(COUNT * 5 / 100);
    }

    /** The page must not be able to lie about a proof that proves nothing. */
    @Test
    void aRedactorThatDoesNothingWouldBeCaught() {
        assertThat(SECRETS).noneMatch(sample -> isGoneFrom(sample.lines(), sample.secret()));
        assertThat(CLEAN.stream().distinct()).hasSizeGreaterThan(COUNT / 2);
    }

    @Test
    void thePageSaysHowMany() throws IOException {
        var page = page();
        if ("rewrite".equals(System.getProperty("golden"))) {
            Files.writeString(PAGE, page);
        }
        assertThat(PAGE).as(PAGE + "; -Dgolden=rewrite takes it over").hasContent(page);
    }

    private static boolean isRedacted(Sample sample) {
        return isGoneFrom(Redactor.standard().redactAll(sample.lines()), sample.secret());
    }

    /** Not a piece of it that would help to guess the rest: no more than its prefix of a few characters. */
    private static boolean isGoneFrom(List<String> lines, String secret) {
        var shown = String.join("\n", lines);
        return secret.lines().allMatch(part -> {
            int piece = Math.min(part.length(), 10);
            for (int from = 0; from + piece <= part.length(); from++) {
                if (shown.contains(part.substring(from, from + piece))) {
                    return false;
                }
            }
            return true;
        });
    }

    private static boolean isTouched(String line) {
        return !Redactor.standard().redact(line).equals(line);
    }

    private static String page() {
        var page = new StringBuilder("""
                # How well secrets are found

                Written by the build: `RedactionProofTest` generates secrets, puts each into a line as programs, libraries and people write it, and looks for any ten
                characters of it in what `Redactor` leaves. No list of kinds is complete; what a task definition holds in its environment under a telling name, or
                looks generated there, is found by its value besides.

                | measure | lines |
                |---|---|
                """);
        var found = SECRETS.stream().filter(RedactionProofTest::isRedacted).count();
        var never = SECRETS.stream().filter(Sample::never).toList();
        page.append("| secrets found | %s |%n".formatted(rate(found, COUNT)));
        page.append("| of these keys of clouds, private keys, JWTs and connection strings (marked *) | %s |%n"
                .formatted(rate(
                        never.stream().filter(RedactionProofTest::isRedacted).count(), never.size())));
        page.append("| lines without a secret, of %d forms, that were left as they were | %s |%n%n"
                .formatted(
                        CleanLines.forms(),
                        rate(
                                CLEAN.stream()
                                        .filter(Predicate.not(RedactionProofTest::isTouched))
                                        .count(),
                                COUNT)));
        page.append("| kind | lines | found |\n|---|---|---|\n");
        SECRETS.stream()
                .collect(groupingBy(Sample::kind, LinkedHashMap::new, java.util.stream.Collectors.toList()))
                .forEach((kind, samples) -> page.append("| %s%s | %d | %d |%n"
                        .formatted(
                                kind,
                                samples.getFirst().never() ? " *" : "",
                                samples.size(),
                                samples.stream()
                                        .filter(RedactionProofTest::isRedacted)
                                        .count())));
        return page.toString();
    }

    private static String rate(long part, long whole) {
        return String.format(Locale.ROOT, "%d/%d = %.1f %%", part, whole, 100.0 * part / whole);
    }
}
