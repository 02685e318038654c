package io.deployguard.channels.slack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deployguard.channels.Scenario;
import io.deployguard.notification.NoticeComposer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What Slack is sent, to be reviewed as a diff. {@code -Dgolden=rewrite} writes the files anew. */
class GoldenMessagesTest {

    private static final Path FOLDER = Path.of("src/test/resources/golden/slack");
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @EnumSource(Scenario.class)
    void readsAsReviewed(Scenario scenario) throws IOException {
        var message = new SlackRenderer().render(NoticeComposer.compose(scenario.incident()));
        var file = FOLDER.resolve(scenario.fileName());
        if ("rewrite".equals(System.getProperty("golden"))) {
            Files.createDirectories(FOLDER);
            Files.writeString(file, pretty(message));
        }

        assertThat(BlockKitLimits.problemsOf(message)).isEmpty();
        assertThat(pretty(message))
                .as(file + "; -Dgolden=rewrite takes it over")
                .isEqualTo(Files.readString(file));
    }

    @Test
    void hasNoFileWithoutItsScenario() throws IOException {
        try (var files = Files.list(FOLDER)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(Arrays.stream(Scenario.values())
                            .map(Scenario::fileName)
                            .collect(Collectors.toSet()));
        }
    }

    private static String pretty(ObjectNode message) throws IOException {
        var unix = new DefaultIndenter("  ", "\n");
        var printer = new DefaultPrettyPrinter().withObjectIndenter(unix).withArrayIndenter(unix);
        return JSON.writer(printer).writeValueAsString(message) + "\n";
    }
}
