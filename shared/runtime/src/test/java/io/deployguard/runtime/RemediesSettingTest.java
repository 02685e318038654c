package io.deployguard.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deployguard.action.Actions;
import io.deployguard.action.OptIn;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RemediesSettingTest {

    private static RuntimeSettings with(String text) {
        return RuntimeSettings.of(Map.of(RuntimeSettings.REMEDIES, text));
    }

    @Test
    void nothingIsAllowedUnlessItIsNamed() {
        assertThat(RuntimeSettings.of(Map.of()).guard().remedies()).isEmpty();
        assertThat(with(",").guard().remedies()).isEmpty();
    }

    @Test
    void everyActionThatCanBeOptedInToMayBeNamed() {
        assertThat(Actions.all().stream().filter(OptIn.class::isInstance))
                .isNotEmpty()
                .allSatisfy(action -> assertThat(
                                with(" " + action.id() + ",").guard().remedies())
                        .containsExactly(action.id()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"roll-back", "reboot", "run-migration-then-redeploy;reboot"})
    void anythingElseStopsTheStart(String text) {
        assertThatThrownBy(() -> with(text).guard())
                .isInstanceOf(RuntimeSettings.SettingError.class)
                .hasMessageContaining("DEPLOY_GUARD_REMEDIES: expected actions such as run-migration-then-redeploy");
    }
}
