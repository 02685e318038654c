package io.deployguard.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.deployguard.aws.AwsClients;
import io.deployguard.classification.CauseCatalog;
import io.deployguard.classification.Classifier;
import io.deployguard.classification.Diagnosis;
import io.deployguard.evidence.EvidenceCase;
import io.deployguard.evidence.EvidenceReader;
import io.deployguard.evidence.LineCleaner;
import io.deployguard.pipeline.CatalogDiagnose;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Names the cause of each case in a file. No network, no database, no AWS, unless rules are there. */
@Command(
        name = "classify",
        mixinStandardHelpOptions = true,
        description = "Names the cause of each case in a file: a JSON object, or one per line.")
final class ClassifyCommand implements Callable<Integer> {

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxStringLength(64 << 20)
                            .build())
                    .build())
            .build();

    @Spec
    @Nullable
    CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "cases in the form of docs/evidence.md; - reads the standard input")
    String file = "-";

    @Option(names = "--json", description = "one JSON object per case")
    boolean json;

    @Option(names = "--strict", description = "exit 1 when a cause is unknown")
    boolean strict;

    @Mixin
    RulesOption rules = new RulesOption();

    @Override
    public Integer call() throws IOException {
        var diagnose = new CatalogDiagnose(new Classifier(catalog()));
        var out = java.util.Objects.requireNonNull(spec).commandLine().getOut();
        var unknown = 0;
        var number = 0;
        try (var input = open();
                var cases = JSON.readerFor(JsonNode.class).<JsonNode>readValues(input)) {
            while (cases.hasNextValue()) {
                var next = cases.nextValue();
                number++;
                var read = read(next, number);
                var diagnosis = diagnose.diagnose(read.bundle());
                unknown += diagnosis.isOpen() ? 1 : 0;
                print(read, diagnosis, out);
            }
        } catch (JsonProcessingException malformed) {
            throw new DeployGuard.Unusable(
                    "case " + (number + 1) + ": expected a JSON object; " + malformed.getOriginalMessage());
        }
        out.flush();
        return strict && unknown > 0 ? DeployGuard.BAD : 0;
    }

    private CauseCatalog catalog() {
        var opened = new ArrayList<AwsClients>();
        try {
            return rules.catalog(() -> {
                opened.add(AwsClients.in(AwsClients.usualRegion()));
                return opened.getFirst();
            });
        } finally {
            opened.forEach(AwsClients::close);
        }
    }

    private static EvidenceCase read(JsonNode node, int number) {
        try {
            return EvidenceReader.read(node);
        } catch (IllegalArgumentException malformed) {
            throw new DeployGuard.Unusable("case " + number + ": " + malformed.getMessage());
        }
    }

    private InputStream open() throws IOException {
        if (file.equals("-")) {
            return System.in;
        }
        var path = Path.of(file);
        if (!Files.isReadable(path)) {
            throw new DeployGuard.Unusable(file + ": no such file, or it cannot be read");
        }
        return Files.newInputStream(path);
    }

    private void print(EvidenceCase read, Diagnosis diagnosis, PrintWriter out) throws JsonProcessingException {
        var answer = DiagnosisJson.of(diagnosis);
        if (json) {
            var line = JSON.createObjectNode().put("id", read.id().orElse(null));
            line.setAll(answer);
            out.println(JSON.writeValueAsString(DiagnosisJson.harmless(line)));
            return;
        }
        out.println("%s: %s, %d %% sure, rollback helps: %s"
                .formatted(
                        LineCleaner.clean(read.id().orElse("case")),
                        answer.path("cause").asText(),
                        Math.round(answer.path("confidence").asDouble() * 100),
                        answer.path("rollbackHelps").asText()));
        out.println("  " + diagnosis.explanation());
        diagnosis.proof().forEach(proof -> out.println("  | " + proof.text()));
        DiagnosisJson.remedies(diagnosis).forEach(step -> out.println("  > " + step));
    }
}
