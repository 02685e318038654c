package io.deployguard.classification;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.classification.Diagnosis.Identified;
import io.deployguard.classification.Diagnosis.Unknown;
import io.deployguard.evidence.Evidence;
import io.deployguard.evidence.EvidenceBundle;
import io.deployguard.evidence.EvidenceReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClassifierTest {

    private static final CauseCatalog CATALOG = CauseCatalog.load();
    private static final Classifier CLASSIFIER = new Classifier(CATALOG);

    @Nested
    class Reasoning {

        @Test
        void theInnermostCauseBeatsItsWrappers() {
            assertThat(cause(
                            "ERROR o.s.boot.SpringApplication : Application run failed",
                            "org.springframework.beans.factory.BeanCreationException: Error creating bean with name 'a'",
                            "Caused by: java.lang.IllegalStateException: Failed to start bean",
                            "Caused by: java.net.UnknownHostException: ledger-db.internal"))
                    .isEqualTo("dns-resolution-failed");
        }

        @Test
        void aCrashAfterAFailedConnectIsAConsequence() {
            assertThat(cause(
                            "failed to connect: dial tcp 10.0.3.7:5432: connect: connection refused",
                            "panic: runtime error: invalid memory address or nil pointer dereference"))
                    .isEqualTo("database-unreachable");
        }

        @Test
        void aRetryThatSucceededLaterIsNoCause() {
            assertThat(cause(
                            "Database not ready, waiting...",
                            "Database is ready!",
                            "ModuleNotFoundError: No module named 'storages'"))
                    .isEqualTo("module-not-found");
        }

        @Test
        void aNameThatStandsElsewhereIsFoundWhereTheCauseLooksForIt() {
            Identified identified = identified(
                    "Datasource \"db\": PostgreSQL database \"shop\", schema \"public\" at \"orders-db.internal:5432\"",
                    "Error: Database not ready, giving up");

            assertThat(identified.cause().value()).isEqualTo("database-unreachable");
            assertThat(identified.key()).contains("orders-db.internal:5432");
            assertThat(identified.proof())
                    .extracting(Diagnosis.Proof::text)
                    .anyMatch(text -> text.contains("Datasource"));
        }

        @Test
        void anotherPatternOfTheRuleNamesWhatTheMatchingOneDoesNot() {
            assertThat(identified(
                                    "Error during migration run:",
                                    "QueryFailedError: null value in column \"tenantId\" of relation \"order\" violates not-null constraint")
                            .key())
                    .contains("tenantId");
        }

        @Test
        void whatIsOverExplainsNothingThatComesLater() {
            String migrating = "  Applying shop.0002_coupon...";
            String missing = "django.db.utils.ProgrammingError: relation \"shop_coupon\" does not exist";

            assertThat(cause("Running migrations:", migrating, missing)).isEqualTo("migration-failed");
            assertThat(cause("Running migrations:", migrating + " OK", missing)).isEqualTo("schema-missing");
            assertThat(cause("Running migrations:", "  Applying shop.0001_initial... OK", migrating, missing))
                    .isEqualTo("migration-failed");
        }

        @Test
        void aLineThatCallsItselfInformationHardlyCounts() {
            assertThat(cause(
                            "INFO search query=\"ModuleNotFoundError: No module named 'x'\"",
                            "Error: listen EADDRINUSE: address already in use :::3000"))
                    .isEqualTo("port-conflict");
        }

        @Test
        void aRequestsAddressProvesNothing() {
            assertThat(classify("INFO:  10.0.0.1:1 - \"GET /?q=ENOSPC:+no+space+left+on+device HTTP/1.1\" 200 OK"))
                    .isInstanceOf(Unknown.class);
        }

        @Test
        void theNewestLineMayComeFirst() {
            assertThat(proof(
                            "2026-01-01T00:00:05Z ERROR ModuleNotFoundError: No module named 'storages'",
                            "2026-01-01T00:00:04Z INFO four",
                            "2026-01-01T00:00:03Z INFO three",
                            "2026-01-01T00:00:02Z ERROR Connection refused to cache.internal:6379",
                            "2026-01-01T00:00:01Z INFO one"))
                    .first()
                    .asString()
                    .contains("00:00:0");
        }

        @Test
        void aNameThatATerminalBrokeIsPutTogether() {
            Identified identified =
                    identified("  Class \"Sentry\\Laravel\\Service  ", "  Provider\" not found            ", "");
            assertThat(identified.key()).contains("Sentry\\Laravel\\ServiceProvider");
        }

        @Test
        void aNameThatNoRuleCapturedIsTakenFromNearby() {
            assertThat(identified(
                                    "level=error msg=\"Loading configuration file failed\" err=\"unknown fields in global: hipchat_url\"")
                            .key())
                    .contains("hipchat_url");
            assertThat(identified("Trying db.internal:5432 ...", "Error: failed to connect to the database server")
                            .key())
                    .as("a port that databases have")
                    .contains("db.internal:5432");
            assertThat(identified("store.go:512 dialing", "Error: failed to connect to the database server")
                            .key())
                    .as("an address without a word before it may be a file and its line")
                    .isEmpty();
        }

        @ParameterizedTest
        @ValueSource(ints = {28000, 42501, 42701, 42703, 42710, 42883, 53300})
        void anyNumberMayBeThatOfAnSqlState(int state) {
            assertThat(cause("ERROR failed to connect to upstream " + state + ": timeout, retrying"))
                    .isEqualTo("dependency-unreachable");
            assertThat(cause("SQLSTATE[" + state + "]: something that no rule knows"))
                    .isNotEqualTo("dependency-unreachable");
        }

        @Test
        void aFieldOfSeveralLinesDoesNotTearAMessageApart() {
            assertThat(identified(
                                    "{\"level\":\"error\",\"statement\":\"ALTER TABLE a\\n ADD b int\",\"detail\":{\"kind\":\"catalog_migrate\"},\"error\":\"database query error\"}")
                            .cause()
                            .value())
                    .isEqualTo("migration-failed");
        }

        @Test
        void exitCode137AloneIsNotMemory() {
            assertThat(CLASSIFIER.classify(EvidenceReader.read(
                                    "{\"containers\":[{\"name\":\"app\",\"exitCode\":137}],\"stopCode\":\"EssentialContainerExited\"}")
                            .bundle()))
                    .isInstanceOf(Unknown.class);
        }

        @Test
        void whatThePersonWhoStoppedItWroteIsNoEvidence() {
            Diagnosis diagnosis = CLASSIFIER.classify(EvidenceReader.read(
                            "{\"stopCode\":\"UserInitiated\",\"stoppedReason\":\"OutOfMemoryError: Container killed\"}")
                    .bundle());
            assertThat(((Identified) diagnosis).cause()).isEqualTo(CauseId.NOT_A_FAILURE);
        }

        @Test
        void jsonLinesAreReadAsTheirMessage() {
            assertThat(identified(
                                    "{\"level\":60,\"msg\":\"fatal\",\"err\":{\"type\":\"Error\",\"message\":\"connect ECONNREFUSED 10.0.0.1:6379\",\"stack\":\"Error: x\\n  at y\"}}")
                            .key())
                    .contains("10.0.0.1:6379");
        }

        @Test
        void factsOverruleTheUsualAnswerAboutARollback() {
            String definition =
                    "{\"family\":\"a\",\"containerDefinitions\":[{\"name\":\"app\",\"image\":\"a:%s\",\"environment\":[{\"name\":\"DB_HOST\",\"value\":\"%s\"}]}]}";
            String log = "\"connection to server at \\\"10.0.0.1\\\", port 5432 failed: Connection refused\"";
            String changed = "{\"logs\":[" + log + "],\"taskDefinition\":" + definition.formatted("2", "new.internal")
                    + ",\"previousTaskDefinition\":" + definition.formatted("1", "old.internal") + "}";

            assertThat(((Identified) CLASSIFIER.classify(EvidenceReader.read("{\"logs\":[" + log + "]}")
                                    .bundle()))
                            .rollback())
                    .isEqualTo(RollbackHelps.DOES_NOT_HELP);
            assertThat(((Identified) CLASSIFIER.classify(
                                    EvidenceReader.read(changed).bundle()))
                            .rollback())
                    .isEqualTo(RollbackHelps.HELPS);
        }
    }

    @Nested
    class WhatWasSurvived {

        private static final String REFUSED = "Error: connect ECONNREFUSED 10.0.0.1:6379";

        @Test
        void isNoFailureWhileNothingSaysThatAnythingFailed() {
            assertThat(classify(REFUSED, "App listening on port 3000")).isInstanceOf(Unknown.class);
            assertThat(classify(REFUSED, "GET /orders 200 9 ms")).isInstanceOf(Unknown.class);
            assertThat(classify(REFUSED, "Redis connection established")).isInstanceOf(Unknown.class);
        }

        @Test
        void isStillTheLikeliestCauseOfACrashThoughNotSurely() {
            assertThat(crashed(REFUSED, "App listening on port 3000").confidence())
                    .isBetween(0.5, 0.89);
            assertThat(crashed(REFUSED, "GET /orders 500 9 ms").confidence()).isGreaterThanOrEqualTo(0.9);
            assertThat(crashed(REFUSED, "Redis connection not established").confidence())
                    .isGreaterThanOrEqualTo(0.9);
        }

        @Test
        void isWhatWasWrittenOnTheWayDown() {
            assertThat(crashed("Received SIGTERM, closing", REFUSED).confidence())
                    .isBetween(0.5, 0.89);
        }

        @Test
        void isWhateverTheLogOfAHealthyTaskComplainsOf() {
            var healthy = "\"targetHealth\":[{\"state\":\"healthy\"}]";
            assertThat(read("{\"logs\":[\"%s\"],%s}".formatted(REFUSED, healthy)))
                    .isInstanceOf(Unknown.class);
            assertThat(read("{\"logs\":[\"%s\"],%s,\"containers\":[{\"name\":\"app\",\"exitCode\":1}]}"
                            .formatted(REFUSED, healthy)))
                    .isInstanceOf(Identified.class);
        }

        @Test
        void isNotWhatAnotherContainerSaysOfItself() {
            var logs =
                    "{\"container\":\"app\",\"message\":\"%s\"},{\"container\":\"proxy\",\"message\":\"GET /orders 200 9 ms\"}"
                            .formatted(REFUSED);
            var ends = "{\"name\":\"app\",\"exitCode\":1},{\"name\":\"proxy\",\"exitCode\":0}";

            assertThat(((Identified) read("{\"logs\":[" + logs + "],\"containers\":[" + ends + "]}")).confidence())
                    .isGreaterThanOrEqualTo(0.9);
        }

        private static Identified crashed(String... lines) {
            return (Identified) read("{\"logs\":[\"%s\"],\"containers\":[{\"name\":\"app\",\"exitCode\":1}]}"
                    .formatted(String.join("\",\"", lines)));
        }

        private static Diagnosis read(String evidence) {
            return CLASSIFIER.classify(EvidenceReader.read(evidence).bundle());
        }
    }

    @Nested
    class NotKnowing {

        @Test
        void showsTheMostTellingLines() {
            var lines = new ArrayList<String>();
            for (int index = 0; index < 500; index++) {
                lines.add("INFO tick " + index);
            }
            lines.add("ERROR flux capacitor misaligned");
            lines.add("INFO bye");

            Diagnosis diagnosis = classify(lines.toArray(String[]::new));

            assertThat(diagnosis).isInstanceOf(Unknown.class);
            assertThat(diagnosis.proof())
                    .hasSizeLessThanOrEqualTo(8)
                    .anyMatch(proof -> proof.text().contains("flux capacitor"));
        }

        /** A password that several services have wrong in the same minutes was not changed by the release of one of them. */
        @Test
        void takesItForNoMatterOfTheReleaseWhenOtherServicesFailToo() {
            var refused = """
                    {"evidence":{"logs":["FATAL: password authentication failed for user \\"app\\""]%s}}""";

            assertThat(rollback(refused.formatted(""))).isEqualTo(RollbackHelps.DEPENDS);
            assertThat(rollback(refused.formatted(",\"failingToo\":[\"shop/cart\"]")))
                    .isEqualTo(RollbackHelps.DOES_NOT_HELP);
        }

        private static RollbackHelps rollback(String evidence) {
            return ((Identified)
                            CLASSIFIER.classify(EvidenceReader.read(evidence).bundle()))
                    .rollback();
        }

        /** An error that healthy tasks log at every start is the first thing that people would otherwise look at. */
        @Test
        void leavesOutWhatHealthyTasksWriteAsWell() {
            var evidence = EvidenceReader.read("""
                    {"evidence":{
                      "logs":["ERROR telemetry agent 17 misconfigured, going on","plugin quux v3 loaded","WARN gyroscope drifts"],
                      "usualLogs":["ERROR telemetry agent 4 misconfigured, going on","plugin quux v2 loaded"]}}""").bundle();

            assertThat(CLASSIFIER.classify(evidence))
                    .isInstanceOfSatisfying(
                            Unknown.class,
                            unknown -> assertThat(unknown.proof())
                                    .extracting(proof -> proof.text())
                                    .containsExactly("WARN gyroscope drifts"));
        }

        @Test
        void saysSoWithoutAnyEvidence() {
            assertThat(CLASSIFIER.classify(new EvidenceBundle(List.of())).explanation())
                    .isEqualTo("There are no log lines, and what ECS says names no cause.");
        }
    }

    @Nested
    class Work {

        @Test
        void growsWithTheLogAndNotWithWhatItRepeats() {
            String line =
                    "ERROR connect ECONNREFUSED 10.0.4.8:6379 Connection refused KeyError: 'X' relation \"x\" does not exist";

            assertThat(confirmations(line, 100_000)).isPositive().isLessThanOrEqualTo(2 * confirmations(line, 1_000));
        }

        @Test
        void aLongLineIsLookedAtInAFewPlaces() {
            String line = "Error: connect ECONNREFUSED 10.0.4.8:6379 Connection refused; ".repeat(16_000);

            assertThat(confirmations(line, 1))
                    .isPositive()
                    .isLessThan(8L * CATALOG.uses().size());
        }

        /** How often a pattern is tried when every probe is asked for. */
        private static long confirmations(String line, int times) {
            Scan scan = Scan.of(Scene.of(repeated(line, times)), CATALOG.index());
            CATALOG.uses().forEach(use -> scan.hits(use.probe()));
            return scan.confirmations();
        }

        private static EvidenceBundle repeated(String line, int times) {
            var all = new ArrayList<Evidence>();
            for (int index = 0; index < times; index++) {
                all.add(new Evidence.LogLine("", "app", Optional.empty(), line));
            }
            return new EvidenceBundle(all);
        }
    }

    private static Diagnosis classify(String... lines) {
        return CLASSIFIER.classify(new EvidenceBundle(Arrays.stream(lines)
                .<Evidence>map(line -> new Evidence.LogLine("", "app", Optional.empty(), line))
                .toList()));
    }

    private static Identified identified(String... lines) {
        return (Identified) classify(lines);
    }

    private static String cause(String... lines) {
        return identified(lines).cause().value();
    }

    private static List<Diagnosis.Proof> proof(String... lines) {
        return classify(lines).proof();
    }
}
