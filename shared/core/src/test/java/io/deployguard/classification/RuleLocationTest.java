package io.deployguard.classification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RuleLocationTest {

    @Test
    void readsEveryForm() {
        assertThat(RuleLocation.parse("s3://acme-rules/deploy-guard/"))
                .isEqualTo(new RuleLocation.S3("acme-rules", "deploy-guard/"));
        assertThat(RuleLocation.parse("s3://acme.rules/")).isEqualTo(new RuleLocation.S3("acme.rules", ""));
        assertThat(RuleLocation.parse("ssm:/deploy-guard/rules"))
                .isEqualTo(new RuleLocation.Ssm("/deploy-guard/rules"));
        assertThat(RuleLocation.parse("ssm:/deploy-guard/rules/"))
                .isEqualTo(new RuleLocation.Ssm("/deploy-guard/rules"));
        assertThat(RuleLocation.parse("/opt/rules")).isEqualTo(new RuleLocation.Folder(Path.of("/opt/rules")));
        assertThat(RuleLocation.parse("rules")).isEqualTo(new RuleLocation.Folder(Path.of("rules")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "s3://",
                "s3://bucket",
                "s3://Bad_Bucket/rules/",
                "s3://bucket/rules?versionId=1",
                "ssm:rules",
                "ssm:/",
                "ssm:/rules/with blank",
                "https://example.com/rules/",
                "arn:aws:s3:::bucket/rules"
            })
    void refusesWhatIsNone(String text) {
        assertThatThrownBy(() -> RuleLocation.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected s3://bucket/folder/");
    }
}
