package io.deployguard.classification;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.classification.TerminalWidth.Written;
import io.deployguard.evidence.Evidence.LogLine;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TerminalWidthTest {

    private static final String LONG =
            "2026-03-02 10:00:00 ERROR connection to server at \"orders-db.internal\" (10.0.3.7), port 5432 failed: FATAL:  no pg_hba.conf entry"
                    + " for host \"10.0.1.9\", user \"orders\", database \"orders\", no encryption";

    @Test
    void linesCutAtTheEdgeOfATerminalBecomeWhole() {
        List<String> pieces = Stream.of(LONG, LONG.replace("orders", "ledger"))
                .flatMap(line -> cut(line, 80).stream())
                .toList();

        assertThat(texts(pieces)).containsExactly(LONG, LONG.replace("orders", "ledger"));
    }

    @Test
    void linesBrokenBetweenWordsBecomeWhole() {
        List<String> pieces = List.of(
                "10:00:00 ERROR connection to server at \"orders-db.internal\" (10.0.3.7), port",
                "5432 failed: FATAL: no pg_hba.conf entry for host \"10.0.1.9\", user \"orders\",",
                "database \"orders\", no encryption",
                "10:00:01 ERROR migration 20260318120849 was previously applied, but it has been",
                "modified");

        assertThat(texts(pieces))
                .containsExactly(String.join(" ", pieces.subList(0, 3)), String.join(" ", pieces.subList(3, 5)));
    }

    @Test
    void oneBreakMayBeChanceSoThatThePiecesStayBesideTheWhole() {
        List<String> pieces =
                List.of("2026/03/02 10:00:00 [emerg] 1#1: bind() to 0.0.0.0:80 failed (13: Permission", "denied)");

        assertThat(undo(pieces))
                .filteredOn(Written::again)
                .extracting(written -> written.line().text())
                .contains(String.join(" ", pieces));
        assertThat(undo(pieces))
                .filteredOn(written -> !written.again())
                .extracting(written -> written.line().text())
                .isEqualTo(pieces);
    }

    @Test
    void recordsThatHappenToBeLongStayApart() {
        List<String> records = List.of(
                "2026-03-02T10:00:00Z ERROR connect ECONNREFUSED 10.0.3.7:5432, will try again in 5 seconds",
                "2026-03-02T10:00:05Z ERROR connect ECONNREFUSED 10.0.3.7:5432, will try again in 5 seconds",
                "2026-03-02T10:00:10Z ERROR connect ECONNREFUSED 10.0.3.7:5432, will try again in 5 seconds",
                "    at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1611:16)");

        assertThat(texts(records)).isEqualTo(records);
    }

    @Test
    void whoSpeaksAnewGoesOnWithNoLine() {
        List<String> records = List.of(
                "failed to run migrations: Failed to run 2026-01-04-101112_add_slug with: duplicate column name: slug",
                "note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace",
                "Fri Dec  6 16:21:45 UTC 2026 retrying to connect to mongo:27017 for the second time, of ten that are left",
                "/docker-entrypoint.sh: line 15: mongo: Try again");

        assertThat(texts(records)).isEqualTo(records);
    }

    @Test
    void rulersAndPaddedBlocksAreNoBrokenLines() {
        List<String> block = List.of(
                "=".repeat(80),
                "Init Step 1/4 [Starting] -- Applying DB migrations",
                "=".repeat(80),
                "Init Step 2/4 [Starting] -- Setting up admin user");

        assertThat(texts(block)).isEqualTo(block);
    }

    private static List<String> cut(String line, int width) {
        return Stream.iterate(0, at -> at < line.length(), at -> at + width)
                .map(at -> line.substring(at, Math.min(line.length(), at + width)))
                .toList();
    }

    private static List<String> texts(List<String> lines) {
        return undo(lines).stream().map(written -> written.line().text()).toList();
    }

    private static List<Written> undo(List<String> lines) {
        return TerminalWidth.undo(lines.stream()
                .map(text -> new LogLine("", "app", Optional.empty(), text))
                .toList());
    }
}
