package io.deployguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.simulation.demo.Demo;
import io.deployguard.simulation.demo.Scenario;
import io.deployguard.simulation.demo.Scenarios;
import io.deployguard.simulation.demo.Timeline;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every scenario, with the jars of this build behind Lambda's runtime interface. Most of a scenario's time is waiting for the account's clock, so
 * several play beside each other, each with an account, a database, functions and a Slack of its own.
 */
@Execution(ExecutionMode.CONCURRENT)
class DemoIT {

    /** A machine that plays several at once, and does other things, may be slow. */
    private static final int PATIENCE = 4;

    /** For the classes of the functions: the first scenario to end leaves them to the others. */
    @TempDir
    static Path archives;

    static Stream<String> scenarios() {
        return Scenarios.all().stream().map(Scenario::name);
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void reactsAsTheScenarioDemands(String name, @TempDir Path folder) throws Exception {
        System.setProperty("deployguard.home", "..");
        List<String> story = new CopyOnWriteArrayList<>();
        var demo = new Demo(
                        Home.folder().resolve("template.yaml"),
                        function -> Home.function(function).archivedIn(archives.resolve(function)),
                        story::add,
                        (Timeline.Entry entry) -> story.add(entry.actor() + " " + entry.what() + " " + entry.detail()))
                .withPatience(PATIENCE);

        var result = demo.play(Scenarios.find(name).orElseThrow(), folder.resolve("page.html"));

        assertThat(result.problems()).as(String.join("\n", story)).isEmpty();
        assertThat(result.page()).isNotEmptyFile();
    }
}
