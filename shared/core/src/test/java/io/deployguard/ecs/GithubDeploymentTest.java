package io.deployguard.ecs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GithubDeploymentTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "octo/shop/deployments/1",
                "octo-org_corp/my.shop_2-x/deployments/999999999999999999",
                "o/.github/deployments/12"
            })
    void readsWhatAPipelineWrites(String text) {
        assertThat(GithubDeployment.of(Map.of(GithubDeployment.TAG, " " + text)))
                .hasValueSatisfying(
                        deployment -> assertThat(deployment).asString().isEqualTo(text));
    }

    /** It becomes the path of a request that carries a token. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "octo/shop",
                "octo/shop/deployments/",
                "octo/shop/deployments/0",
                "octo/shop/deployments/12/statuses",
                "octo/shop#12",
                "octo/../deployments/12",
                "octo/./deployments/12",
                "../octo/deployments/12",
                "octo/shop/deployments/1234567890123456789",
                "octo/sh op/deployments/12",
                "@evil.example/shop/deployments/12"
            })
    void takesNothingElseAndDoesNotRepeatIt(String text) {
        assertThatThrownBy(() -> GithubDeployment.of(Map.of(GithubDeployment.TAG, text)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("tag deploy-guard:github: expected OWNER/REPOSITORY/deployments/ID");
    }

    @Test
    void isAbsentWithoutTheTag() {
        assertThat(GithubDeployment.of(Map.of("deploy-guard:mode", "auto"))).isEmpty();
    }
}
