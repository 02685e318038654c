package io.deployguard.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deployguard.report.Dossier;
import io.deployguard.report.PostMortem;
import java.io.PrintWriter;
import picocli.CommandLine.Command;

/** An incident as a post-mortem. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        description =
                "Writes an incident as a post-mortem in Markdown: cause, evidence, timeline, decision, commands, what to change.")
final class IncidentReportCommand extends DossierCommand {

    @Override
    ObjectNode json(Dossier dossier) {
        return DiagnosisJson.JSON
                .createObjectNode()
                .put("id", dossier.incident().id().toString())
                .put("markdown", PostMortem.of(dossier));
    }

    @Override
    void print(Dossier dossier, PrintWriter out) {
        out.print(PostMortem.of(dossier));
    }
}
