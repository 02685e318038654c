package io.deployguard.simulation.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.simulation.account.EventBus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules of the shipped template, matched by AWS's own matcher: each event arrives where it should and nowhere else. */
class TemplateRulesTest {

    private static final Path ROOT = Path.of("../..");
    private static final Map<String, String> RULES =
            Template.read(ROOT.resolve("template.yaml")).eventPatterns();

    /** What the rules keep away, by file; everything else goes to the rule of its kind. */
    private static final List<String> KEPT_AWAY = List.of(
            "task-scale-in",
            "task-one-off-migration",
            "service-steady-state",
            "host-agent-disconnected",
            "codedeploy-stop",
            "codedeploy-ready");

    private static final Map<String, String> RULE_OF_KIND = Map.of(
            "task", "TaskStopsRule",
            "deployment", "DeploymentsRule",
            "service", "ServiceActionsRule",
            "alarm", "AlarmsRule",
            "hook", "HooksRule",
            "codedeploy", "CodeDeployRule",
            "host", "none");

    static List<Path> eventFiles() throws IOException {
        try (var files = Files.list(ROOT.resolve("events"))) {
            return files.filter(file -> RULE_OF_KIND.containsKey(kind(file)))
                    .filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        }
    }

    private static String kind(Path file) {
        return name(file).replaceFirst("-.*", "");
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName()).replace(".json", "");
    }

    @ParameterizedTest
    @MethodSource("eventFiles")
    void everyEventArrivesWhereItShouldAndNowhereElse(Path file) throws IOException {
        var event = Files.readString(file);
        var expected = KEPT_AWAY.contains(name(file)) ? List.<String>of() : List.of(RULE_OF_KIND.get(kind(file)));

        assertThat(RULES.entrySet().stream()
                        .filter(rule -> EventBus.matches(rule.getValue(), event))
                        .map(Map.Entry::getKey)
                        .toList())
                .isEqualTo(expected);
    }
}
