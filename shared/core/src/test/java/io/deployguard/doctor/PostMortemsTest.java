package io.deployguard.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The incidents that this project exists for: what a look before the deployment would have said. */
class PostMortemsTest {

    private static final Path FILE = Path.of("src/test/resources/doctor-postmortems.yaml");

    static Stream<CheckCase> incidents() {
        return StreamSupport.stream(CheckCase.read(FILE).spliterator(), false)
                .map(change -> new CheckCase("post-mortem", change));
    }

    @ParameterizedTest
    @MethodSource("incidents")
    void isForeseen(CheckCase incident) {
        var foreseen = new ArrayList<String>();
        incident.change().path("foreseen").forEach(check -> foreseen.add(check.asText()));

        assertThat(incident.examine().all().stream()
                        .filter(finding -> !(finding.result() instanceof Result.Ok))
                        .map(finding -> finding.check().id()))
                .containsExactlyInAnyOrderElementsOf(foreseen);
    }
}
