package io.deployguard.simulation.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** docs/scenarios.md says what the scenarios demand. {@code -Dgolden=rewrite} writes it anew. */
class ScenariosPageTest {

    private static final Path FILE = Path.of("../../docs/scenarios.md");

    @Test
    void saysWhatTheScenariosDemand() throws IOException {
        var page = page();
        if ("rewrite".equals(System.getProperty("golden"))) {
            Files.writeString(FILE, page);
        }
        assertThat(FILE).as("-Dgolden=rewrite takes it over").hasContent(page);
    }

    /** A scenario is found by its name, at the command line too. */
    @Test
    void eachHasANameOfItsOwn() {
        assertThat(Scenarios.all()).extracting(Scenario::name).doesNotHaveDuplicates();
    }

    private static String page() {
        return """
                # Scenarios of the demo

                `./deploy-guard demo --scenario NAME` plays one; `DemoIT` plays them all in the build. Exit code 0 only when cause, key, action and outcome are
                as below, when there was one Slack message for all of it, whose first state showed the lines that decide, and when the account
                counted as many changes as it should have: one for a rollback, a listener or the scaling to zero, two for a rollback to a copy, else none.

                | scenario | what happens | cause | the guard | how it ends |
                |---|---|---|---|---|
                %s

                Ends: *healed* and *not-healed* are proven by looking at the service after the action. *advised*: nothing is for the guard to do, a person is told what
                is. *expired*: nobody answered. *recovered*: somebody else healed it, as ECS's circuit breaker. *superseded*: another deployment took its
                place. *storm*: all services are told of in one message, and automatic action pauses.
                """.formatted(
                        Scenarios.all().stream().map(ScenariosPageTest::row).collect(Collectors.joining("\n")));
    }

    private static String row(Scenario scenario) {
        var expected = scenario.expected();
        return "| `%s` | %s | %s%s | %s | %s |"
                .formatted(
                        scenario.name(),
                        scenario.title(),
                        expected.cause(),
                        expected.key().map(key -> " (`" + key + "`)").orElse(""),
                        inWords(expected.action()),
                        expected.outcome());
    }

    private static String inWords(String action) {
        return switch (action) {
            case "none" -> "changes nothing";
            case "roll-back" -> "rolls back";
            case "re-register-then-roll-back" -> "registers a copy and rolls back to it";
            case "forward-listener" -> "lets the listener forward";
            case "scale-down" -> "scales the service to zero";
            default -> throw new IllegalArgumentException(action);
        };
    }
}
