package io.deployguard.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChannelKindTest {

    private static final RuntimeSettings ALL = RuntimeSettings.of(Map.of(
            "DEPLOY_GUARD_SLACK_CHANNEL", "C0123",
            "DEPLOY_GUARD_SLACK_TOKEN_SECRET", "arn:slack",
            "DEPLOY_GUARD_SLACK_WEBHOOK_SECRET", "arn:webhook",
            "DEPLOY_GUARD_GITHUB_TOKEN_SECRET", "arn:github"));

    /** What wants a message shown goes by the name, what shows it by the notifier's. */
    @Test
    void callsItsChannelAsItsNotifierDoes() {
        assertThat(ALL.channels()).containsExactly("slack:C0123", "slack-webhook", "github");
        assertThat(ChannelKind.ALL)
                .allSatisfy(kind -> assertThat(
                                kind.open(ALL, secret -> "https://" + secret.replace(":", ".") + ".example\n")
                                        .channel())
                        .isEqualTo(kind.name(ALL).orElseThrow()));
    }

    @Test
    void isOffWithoutItsSettings() {
        assertThat(RuntimeSettings.of(Map.of("DEPLOY_GUARD_SLACK_CHANNEL", " ")).channels())
                .isEmpty();
    }

    @Test
    void readsNoSecretThatItWasGivenDirectly() {
        var read = new ArrayList<String>();
        var direct = RuntimeSettings.of(Map.of(
                "DEPLOY_GUARD_GITHUB_TOKEN", "ghs_1",
                "DEPLOY_GUARD_GITHUB_TOKEN_SECRET", "arn:github"));
        new GithubChannel().open(direct, secret -> {
            read.add(secret);
            return "ghs_2";
        });

        assertThat(read).isEqualTo(List.of());
    }

    @Test
    void saysWhichSettingIsMissing() {
        var halfway = RuntimeSettings.of(Map.of("DEPLOY_GUARD_SLACK_CHANNEL", "C0123"));

        assertThatThrownBy(() -> new SlackChannel().open(halfway, secret -> secret))
                .isInstanceOf(RuntimeSettings.SettingError.class)
                .hasMessageContaining("DEPLOY_GUARD_SLACK_TOKEN_SECRET");
    }
}
