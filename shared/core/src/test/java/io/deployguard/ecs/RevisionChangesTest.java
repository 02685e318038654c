package io.deployguard.ecs;

import static io.deployguard.fixture.DefinitionBuilder.aDefinition;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RevisionChangesTest {

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void saysInWordsWhatTheRevisionChanged(String words, TaskDefinition before, TaskDefinition after) {
        assertThat(RevisionChanges.between(before, after)).containsExactly(words);
    }

    static Stream<Arguments> saysInWordsWhatTheRevisionChanged() {
        var plain = aDefinition().build();
        var digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
        return Stream.of(
                Arguments.of(
                        "image of app: web:1.4.2 → web:1.5.0",
                        plain,
                        aDefinition().image("registry.example/web:1.5.0").build()),
                Arguments.of(
                        "image of app: registry.example/web:1.4.2 → mirror.example/web:1.4.2",
                        plain,
                        aDefinition().image("mirror.example/web:1.4.2").build()),
                Arguments.of(
                        "image of app: web:1.4.2 → web@sha256:0123456789ab",
                        plain,
                        aDefinition().image("registry.example/web@" + digest).build()),
                Arguments.of(
                        "task memory: 512 → 256",
                        plain,
                        aDefinition().memory(256).build()),
                Arguments.of(
                        "volumes changed", plain, aDefinition().volumes("data").build()),
                Arguments.of(
                        "restart policy of app changed",
                        plain,
                        aDefinition().restartPolicy().build()),
                Arguments.of(
                        "essential flag of app changed",
                        plain,
                        aDefinition().notEssential().build()),
                Arguments.of(
                        "health check of app changed",
                        plain,
                        aDefinition()
                                .healthCheck(Duration.ofSeconds(60), Duration.ofSeconds(30), 3)
                                .build()),
                Arguments.of(
                        "log configuration of app changed",
                        plain,
                        aDefinition().withoutLog().build()),
                Arguments.of(
                        "container proxy added",
                        plain,
                        aDefinition()
                                .and(aDefinition().container("proxy").build())
                                .build()),
                Arguments.of(
                        "container proxy removed",
                        aDefinition()
                                .and(aDefinition().container("proxy").build())
                                .build(),
                        plain));
    }

    @Test
    void namesVariablesAndSecretsAndNeverTheirValues() {
        var before = aDefinition()
                .environment(Map.of("KEPT", "same", "CHANGED", "hunter2", "REMOVED", "swordfish"))
                .secrets(Map.of("DB_PASSWORD", "arn:aws:secretsmanager:one"))
                .build();
        var after = aDefinition()
                .environment(Map.of("KEPT", "same", "CHANGED", "correct-horse", "ADDED_B", "b", "ADDED_A", "a"))
                .secrets(Map.of("DB_PASSWORD", "arn:aws:secretsmanager:two"))
                .build();

        assertThat(RevisionChanges.between(before, after))
                .containsExactly(
                        "variables of app added: ADDED_A, ADDED_B",
                        "variable of app removed: REMOVED",
                        "variable of app changed: CHANGED",
                        "secret of app changed: DB_PASSWORD");
    }

    @Test
    void saysNothingWhenNothingChanged() {
        assertThat(RevisionChanges.between(aDefinition().build(), aDefinition().build()))
                .isEmpty();
    }
}
