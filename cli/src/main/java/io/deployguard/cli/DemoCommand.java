package io.deployguard.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.deployguard.simulation.demo.Demo;
import io.deployguard.simulation.demo.Scenario;
import io.deployguard.simulation.demo.Scenarios;
import io.deployguard.simulation.demo.Timeline;
import java.awt.Desktop;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Plays a complete incident on this machine. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description =
                "Plays a complete incident on this machine: PostgreSQL, a simulated ECS account, the real functions, a stand-in for Slack.")
final class DemoCommand implements Callable<Integer> {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneOffset.UTC);

    @Spec
    @Nullable
    CommandSpec spec;

    @Option(
            names = "--scenario",
            paramLabel = "NAME",
            defaultValue = "migration-conflict",
            description = "what happens; list names them")
    String scenario = "";

    @Option(names = "--json", description = "the timeline as one JSON object per line, the result last")
    boolean json;

    @Option(names = "--no-browser", description = "do not open the page")
    boolean noBrowser;

    @Override
    public Integer call() throws IOException, InterruptedException {
        var out = Objects.requireNonNull(spec).commandLine().getOut();
        var err = spec.commandLine().getErr();
        if (scenario.equals("list")) {
            Scenarios.all()
                    .forEach(known -> out.println(
                            json
                                    ? JSON.createObjectNode()
                                            .put("scenario", known.name())
                                            .put("title", known.title())
                                            .toString()
                                    : "%-20s %s".formatted(known.name(), known.title())));
            return 0;
        }
        var chosen = Scenarios.find(scenario)
                .orElseThrow(() -> new DeployGuard.Unusable("no scenario is called " + scenario + "; known are "
                        + String.join(
                                ", ",
                                Scenarios.all().stream().map(Scenario::name).toList())));
        var demo = new Demo(
                Home.folder().resolve("template.yaml"),
                Home::function,
                step -> err.println("· " + step),
                entry -> print(entry, out));
        // Its folder comes with the page: a demo that ends early leaves none.
        var page = Path.of(
                System.getProperty("java.io.tmpdir"),
                "deploy-guard-demo-" + UUID.randomUUID(),
                chosen.name() + ".html");
        var result = demo.play(chosen, page);
        print(result, out);
        if (!noBrowser && !json) {
            open(page);
        }
        return result.isAsExpected() ? 0 : DeployGuard.BAD;
    }

    private void print(Timeline.Entry entry, PrintWriter out) {
        if (json) {
            out.println(JSON.createObjectNode()
                    .put("at", entry.at().toString())
                    .put("actor", entry.actor())
                    .put("what", entry.what())
                    .put("detail", entry.detail()));
        } else {
            out.println("%s  %-8s %s%s"
                    .formatted(
                            TIME.format(entry.at()),
                            entry.actor(),
                            entry.what(),
                            entry.detail().isBlank() ? "" : " · " + entry.detail()));
        }
        out.flush();
    }

    private void print(Demo.Result result, PrintWriter out) {
        if (json) {
            var line = JSON.createObjectNode()
                    .put("scenario", result.scenario())
                    .put("cause", result.cause())
                    .put("key", result.key().orElse(null))
                    .put("action", result.action())
                    .put("outcome", result.outcome())
                    .put("messages", result.messages())
                    .put("page", result.page().toString())
                    .put("expected", result.isAsExpected());
            var problems = line.putArray("problems");
            result.problems().forEach(problems::add);
            out.println(line);
        } else {
            out.println();
            out.println("cause    " + result.cause()
                    + result.key().map(key -> " (" + key + ")").orElse(""));
            out.println("action   " + result.action());
            out.println("outcome  " + result.outcome());
            out.println("Slack    " + result.messages() + " message; at each stage: "
                    + result.page().toUri());
            result.problems().forEach(problem -> out.println("PROBLEM  " + problem));
        }
        out.flush();
    }

    /** Opens the page where a desktop is; elsewhere its address was printed. */
    private static void open(Path page) {
        try {
            if (!java.awt.GraphicsEnvironment.isHeadless()
                    && Desktop.isDesktopSupported()
                    && Desktop.getDesktop().isSupported(Desktop.Action.BROWSE)) {
                Desktop.getDesktop().browse(page.toUri());
            }
        } catch (IOException | UnsupportedOperationException | java.awt.AWTError noBrowser) {
            System.err.println("could not open a browser: " + noBrowser.getMessage());
        }
    }
}
