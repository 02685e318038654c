package io.deployguard.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.deployguard.doctor.check.Checks;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each check fires where it should, stays quiet where it should, and leaves the cases of the others alone. */
class ChecksTest {

    static Stream<String> ids() {
        return Checks.all().stream().map(Check::id);
    }

    static Stream<CheckCase> fires() {
        return ids().flatMap(id -> CheckCase.of(id, "fires").stream());
    }

    static Stream<CheckCase> quiet() {
        return ids().flatMap(id -> CheckCase.of(id, "quiet").stream());
    }

    @ParameterizedTest
    @MethodSource("ids")
    void hasCasesOfBothKinds(String id) {
        assertThat(CheckCase.of(id, "fires")).isNotEmpty();
        assertThat(CheckCase.of(id, "quiet")).isNotEmpty();
    }

    @Test
    void noCaseIsOfACheckThatIsGone() throws IOException {
        try (var files = Files.list(CheckCase.FOLDER)) {
            assertThat(files.map(file -> String.valueOf(file.getFileName()).replace(".yaml", "")))
                    .containsExactlyInAnyOrderElementsOf(
                            Stream.concat(ids(), Stream.of("sound")).toList());
        }
    }

    @ParameterizedTest
    @MethodSource("fires")
    void fires(CheckCase given) {
        var change = given.change();
        var said = complaints(given);

        assertThat(said).as("%s", said).anySatisfy(finding -> {
            assertThat(finding.check().id()).isEqualTo(given.check());
            assertThat(kind(finding.result())).isEqualTo(change.path("expect").asText());
            assertThat(field(finding.result())).isEqualTo(change.path("field").asText(field(finding.result())));
            assertThat(finding.result().toString()).contains(change.path("says").asText(""));
        });
        if (change.has("never")) {
            assertThat(said.toString()).doesNotContain(change.path("never").asText());
        }
        var others = JsonMapper.builder()
                .build()
                .<List<String>>convertValue(
                        change.path("also").isArray() ? change.get("also") : List.of(),
                        new com.fasterxml.jackson.core.type.TypeReference<>() {});
        assertThat(said.stream().map(finding -> finding.check().id()).filter(id -> !id.equals(given.check())))
                .as("what other checks say of it; name them under also")
                .containsExactlyInAnyOrderElementsOf(others);
    }

    @ParameterizedTest
    @MethodSource("quiet")
    void staysQuiet(CheckCase given) {
        assertThat(complaints(given)).noneMatch(finding -> finding.check().id().equals(given.check()));
    }

    @Test
    void nothingIsWrongWithASoundService() {
        var sound = new CheckCase("sound", JsonMapper.builder().build().createObjectNode());

        assertThat(complaints(sound)).isEmpty();
        assertThat(sound.examine().all()).hasSameSizeAs(Checks.all());
    }

    @Test
    void idsAndSourcesCanBeToldApart() {
        assertThat(ids()).doesNotHaveDuplicates().allMatch(id -> id.matches("[a-z]+(-[a-z]+)*"));
        assertThat(Checks.all()).allSatisfy(check -> {
            assertThat(check.source()).startsWith("https://");
            assertThat(check.about()).endsWith(".");
        });
    }

    private static List<Doctor.Finding> complaints(CheckCase given) {
        return given.examine().all().stream()
                .filter(finding -> !(finding.result() instanceof Result.Ok))
                .toList();
    }

    private static String kind(Result result) {
        return switch (result) {
            case Result.Ok _ -> "ok";
            case Result.Warning _ -> "warning";
            case Result.Problem _ -> "problem";
            case Result.NotCheckable _ -> "not-checkable";
        };
    }

    private static String field(Result result) {
        return switch (result) {
            case Result.Ok _ -> "";
            case Result.Warning warning -> warning.field();
            case Result.Problem problem -> problem.field();
            case Result.NotCheckable unseen -> unseen.field();
        };
    }
}
