package io.deployguard.benchmarks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The labelled failures of {@code corpus/}. */
final class Corpus {

    private static final JsonMapper JSON = new JsonMapper();

    private Corpus() {}

    /** Each case as its line of JSON. */
    static List<String> cases(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            var cases = new ArrayList<String>();
            for (Path file : files.filter(each -> each.toString().endsWith(".jsonl"))
                    .sorted()
                    .toList()) {
                cases.addAll(Files.readAllLines(file));
            }
            return List.copyOf(cases);
        }
    }

    /** The log lines of each case that has some. */
    static List<List<String>> logs(Path folder) throws IOException {
        var logs = new ArrayList<List<String>>();
        for (String each : cases(folder)) {
            List<String> lines = lines(each);
            if (!lines.isEmpty()) {
                logs.add(lines);
            }
        }
        return List.copyOf(logs);
    }

    private static List<String> lines(String labelled) {
        try {
            var lines = new ArrayList<String>();
            for (JsonNode log : JSON.readTree(labelled).path("evidence").path("logs")) {
                String text = log.isObject()
                        ? log.path("text").asText(log.path("message").asText())
                        : log.asText();
                lines.addAll(text.lines().toList());
            }
            return lines;
        } catch (JsonProcessingException malformed) {
            throw new IllegalArgumentException("corpus: expected a JSON object per line, got " + labelled, malformed);
        }
    }
}
