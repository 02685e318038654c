package io.deployguard.channels.slack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deployguard.channels.Scenario;
import io.deployguard.decision.Mode;
import io.deployguard.notification.Notice;
import io.deployguard.notification.NoticeComposer;
import io.deployguard.report.Statistics.Spread;
import io.deployguard.report.WeeklyComposer;
import io.deployguard.report.WeeklyReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What Slack is sent, to be reviewed as a diff. {@code -Dgolden=rewrite} writes the files anew. */
class GoldenMessagesTest {

    private static final Path FOLDER = Path.of("src/test/resources/golden/slack");
    private static final String WEEK = "weekly-report.json";
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @EnumSource(Scenario.class)
    void readsAsReviewed(Scenario scenario) throws IOException {
        readsAsReviewed(NoticeComposer.compose(scenario.incident()), scenario.fileName());
    }

    @Test
    void readsAsReviewed() throws IOException {
        readsAsReviewed(WeeklyComposer.compose(week()), WEEK);
    }

    private static WeeklyReport week() {
        var until = Instant.parse("2025-11-10T09:00:00Z");
        return new WeeklyReport(
                WeeklyReport.idAt(until),
                until.minus(WeeklyReport.WEEK),
                until,
                Mode.OBSERVE,
                17,
                64,
                4,
                4,
                spread(4, 8, 42),
                spread(0, 0, 0),
                spread(3, 1_508, 5_040),
                List.of(
                        "production/qivr-api: roll back to qivr-api:41 after 8 s, migration-conflict; instead replaced after 25 min",
                        "production/checkout: roll back to checkout:87 after 42 s, missing-config; instead rolled back by others after 19 min",
                        "staging/backend: roll back to backend:7 after 9 s, code-error; instead well by itself after 4 min"),
                3,
                List.of("production/checkout", "production/qivr-api"),
                Map.of("rollback-does-not-help", 1));
    }

    private static Spread spread(int count, long median, long longest) {
        var known = Optional.of(count).filter(any -> any > 0);
        return new Spread(
                count,
                known.map(_ -> Duration.ofSeconds(median)),
                known.map(_ -> Duration.ofSeconds(longest)),
                known.map(_ -> Duration.ofSeconds(longest)));
    }

    private static void readsAsReviewed(Notice notice, String fileName) throws IOException {
        var message = new SlackRenderer().render(notice);
        var file = FOLDER.resolve(fileName);
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
                    .containsExactlyInAnyOrderElementsOf(
                            Stream.concat(Arrays.stream(Scenario.values()).map(Scenario::fileName), Stream.of(WEEK))
                                    .collect(Collectors.toSet()));
        }
    }

    private static String pretty(ObjectNode message) throws IOException {
        var unix = new DefaultIndenter("  ", "\n");
        var printer = new DefaultPrettyPrinter().withObjectIndenter(unix).withArrayIndenter(unix);
        return JSON.writer(printer).writeValueAsString(message) + "\n";
    }
}
