package io.deployguard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;

/** One call of the command line within this process. */
record Run(int exit, String out, String err) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    static Run of(String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        var commandLine = DeployGuard.commandLine();
        commandLine.setOut(new PrintWriter(out));
        commandLine.setErr(new PrintWriter(err));
        var exit = commandLine.execute(arguments);
        return new Run(exit, out.toString(), err.toString());
    }

    /** What was printed, one JSON object per line. */
    List<JsonNode> json() {
        return out.lines().map(Run::parse).toList();
    }

    private static JsonNode parse(String line) {
        try {
            return JSON.readTree(line);
        } catch (com.fasterxml.jackson.core.JsonProcessingException notJson) {
            throw new AssertionError("expected JSON, got " + line, notJson);
        }
    }
}
