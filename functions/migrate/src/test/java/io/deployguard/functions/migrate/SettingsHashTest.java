package io.deployguard.functions.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsHashTest {

    private static final String SETTINGS = """
            {"ServiceToken": "arn:a", "ServiceTimeout": "420", "Release": "1", "Values": ["observe", "", "30m"]}
            """;

    @Test
    void isTheSameForTheSameSettings() throws JsonProcessingException {
        assertThat(hash(SETTINGS))
                .matches("[0-9a-f]{16}")
                .isEqualTo(hash(SETTINGS.replace("420", "600").replace("arn:a", "arn:b")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"Release\": \"1\", \"Values\": [\"auto\", \"\", \"30m\"]}",
                "{\"Release\": \"1\", \"Values\": [\"\", \"observe\", \"30m\"]}",
                "{\"Release\": \"1\", \"Values\": [\"observe\", \"\", \"30m\", \"\"]}",
                "{\"Release\": \"2\", \"Values\": [\"observe\", \"\", \"30m\"]}"
            })
    void isAnotherWhenASettingIs(String other) throws JsonProcessingException {
        assertThat(hash(other)).isNotEqualTo(hash(SETTINGS));
    }

    private static String hash(String properties) throws JsonProcessingException {
        return SettingsHash.of(JsonMapper.builder().build().readTree(properties));
    }
}
