package io.deployguard.cli;

import io.deployguard.report.PostMortem;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** An incident as a post-mortem. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        description =
                "Writes an incident as a post-mortem in Markdown: cause, evidence, timeline, decision, commands, what to change.")
final class IncidentReportCommand implements Callable<Integer> {

    @Spec
    @Nullable
    CommandSpec spec;

    @Mixin
    GuardMemory memory = new GuardMemory();

    @Parameters(paramLabel = "ID", description = "of the incident, or its beginning")
    String id = "";

    @Option(names = "--json", description = "the document as one JSON object")
    boolean json;

    @Override
    public Integer call() {
        var dossier = memory.with(database -> {
            var incident = GuardMemory.require(id, database);
            return database.transact("read incident", stores -> GuardMemory.dossier(incident, stores));
        });
        var out = Objects.requireNonNull(spec).commandLine().getOut();
        var page = PostMortem.of(dossier);
        if (json) {
            out.println(DiagnosisJson.JSON
                    .createObjectNode()
                    .put("id", dossier.incident().id().toString())
                    .put("markdown", page));
        } else {
            out.print(page);
        }
        out.flush();
        return 0;
    }
}
