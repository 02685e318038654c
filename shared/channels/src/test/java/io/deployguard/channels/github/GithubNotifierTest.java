package io.deployguard.channels.github;

import static io.deployguard.channels.IncidentBuilder.anIncidentOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import io.deployguard.channels.HttpStub.Answer;
import io.deployguard.channels.IncidentBuilder;
import io.deployguard.channels.NotifierContract;
import io.deployguard.channels.Scenario;
import io.deployguard.channels.http.BearerToken;
import io.deployguard.classification.RollbackHelps;
import io.deployguard.incident.Incident;
import io.deployguard.incident.Progress;
import io.deployguard.incident.Progress.Outcome;
import io.deployguard.notification.Delivery;
import io.deployguard.notification.Delivery.Delivered;
import io.deployguard.notification.Delivery.Rejected;
import io.deployguard.notification.Delivery.Retry;
import io.deployguard.notification.NoticeComposer;
import io.deployguard.notification.Notifier;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GithubNotifierTest extends NotifierContract {

    private static final Instant NOON = Instant.parse("2026-11-02T12:00:00Z");

    @Override
    protected Notifier notifier(URI address) {
        return new GithubNotifier(new BearerToken("GitHub token", SECRET), address, HTTP);
    }

    @Override
    protected Answer accepted() {
        return answer(201, "");
    }

    @Override
    protected Map<String, Answer> refusals() {
        return Map.of(
                "no valid token", answer(401, "Bad credentials"),
                "no right", answer(403, "Resource not accessible by integration"),
                "no deployment", answer(404, "Not Found"),
                "not valid", answer(422, "Validation Failed"),
                "a repository that has moved", answer(307, "Moved Permanently"));
    }

    @Override
    protected String wordOfTheEnd() {
        return "Rolled back to qivr-api:41";
    }

    @Override
    protected Duration longestPause() {
        return Duration.ofSeconds(62);
    }

    private static Answer answer(int status, String message) {
        return new Answer(status, "{\"message\": \"%s\"}".formatted(message), Map.of(), Duration.ZERO);
    }

    private static IncidentBuilder aLoop() {
        return anIncidentOf("prod", "shop", NOON).sign("restart-loop", Duration.ZERO, "2 tasks of shop:8 stopped");
    }

    /** A loop whose cause has this title and key. */
    private static IncidentBuilder aLoop(String title, String key) {
        return aLoop().cause("missing-config", title, 0.97, key, RollbackHelps.HELPS, title)
                .seen(7, 8, 2, 0, 2, "observe")
                .advise(RollbackHelps.HELPS, "shop:7 is healthy", true, "mode observe");
    }

    private static Incident closed(Outcome outcome, String because, boolean serves) {
        return aLoop("A setting is missing", "REDIS_URL")
                .now(new Progress.Closed(outcome, NOON.plusSeconds(600), because, serves), Duration.ofMinutes(10), 5)
                .build();
    }

    /** With a deployment for it on GitHub. */
    @Nested
    class ToldToGithub {

        private final GithubStandIn github = new GithubStandIn(SECRET);
        private Optional<String> reference = Optional.empty();

        @AfterEach
        void close() {
            github.close();
        }

        private Delivery tell(Incident incident) {
            var delivery = notifier(github.uri()).deliver(NoticeComposer.compose(incident), reference);
            if (delivery instanceof Delivered delivered) {
                reference = delivered.reference();
            }
            return delivery;
        }

        private JsonNode lastStatus(Incident incident) {
            github.deployment("acme/shop", 4_711);
            assertThat(tell(incident)).isInstanceOf(Delivered.class);
            return github.statusesOf("acme/shop", 4_711).getLast();
        }

        @Test
        void aReleaseThatIsRolledBackIsAFailureToTheEndWithItsCause() {
            github.deployment("acme/qivr-api", 4_711);
            for (var stage : new Scenario[] {
                Scenario.MIGRATION_CONFLICT_OPENED,
                Scenario.MIGRATION_CONFLICT_PLANNED,
                Scenario.MIGRATION_CONFLICT_VERIFYING,
                Scenario.MIGRATION_CONFLICT_HEALED
            }) {
                assertThat(tell(stage.incident())).isInstanceOf(Delivered.class);
            }
            var cause = "Crash loop: a migration creates what the database already has (clinics)";

            assertThat(github.statusesOf("acme/qivr-api", 4_711))
                    .extracting(
                            status -> status.path("state").asText(),
                            status -> status.path("description").asText())
                    .as("planned and under way read the same and are told once")
                    .containsExactly(
                            tuple("failure", cause),
                            tuple("failure", "Rolling back to qivr-api:41. " + cause),
                            tuple("failure", "Rolled back to qivr-api:41. " + cause));
            var first = github.statusesOf("acme/qivr-api", 4_711).getFirst();
            assertThat(first.path("log_url").asText()).contains("cloudwatch", "4f2c1b7e9d8a4c6fb0e35d2a17c9f8e4");
            assertThat(first.path("auto_inactive").asBoolean(true)).isFalse();
        }

        @Test
        void isInProgressWhileTheGuardLooks() {
            var status = lastStatus(aLoop().seen(7, 8, 2, 0, 2, "observe")
                    .now(new Progress.Investigating(NOON.plusSeconds(15), 1), Duration.ofSeconds(5), 2)
                    .build());

            assertThat(status.path("state").asText()).isEqualTo("in_progress");
            assertThat(status.path("description").asText()).isEqualTo("Crash loop: looking for the cause");
        }

        @ParameterizedTest(name = "{0}, the revision itself serves: {1} is {2}")
        @CsvSource(
                delimiter = '|',
                value = {
                    "RECOVERED  | true  | all tasks became healthy | success | Well again. It had: crash loop",
                    "RECOVERED  | false | it was rolled back to shop:7, which is healthy | failure | It was rolled back to shop:7, which is healthy. Crash loop",
                    "HEALED     | false | 2 tasks are healthy | failure | Rolled back to shop:7. Crash loop",
                    "NOT_HEALED | false | no task is healthy | failure | Rolled back to shop:7, and not well. Crash loop",
                    "SUPERSEDED | false | shop:9 took its place and is healthy | failure | shop:9 took its place and is healthy. Crash loop"
                })
        void isASuccessOnlyWhenTheReleaseItselfRuns(
                Outcome outcome, boolean serves, String because, String state, String beginning) {
            var status = lastStatus(closed(outcome, because, serves));

            assertThat(status.path("state").asText()).isEqualTo(state);
            assertThat(status.path("description").asText())
                    .startsWith(beginning)
                    .endsWith(": a setting is missing (REDIS_URL)");
        }

        @Test
        void tellsTheSameOnce() {
            github.deployment("acme/shop", 4_711);
            var incident = aLoop("A setting is missing", "REDIS_URL").build();
            tell(incident);
            tell(incident);

            assertThat(github.statusesOf("acme/shop", 4_711)).hasSize(1);
        }

        @Test
        void keepsGithubsLimitWithoutCuttingWords() {
            var status =
                    lastStatus(aLoop("Word ".repeat(60).strip(), "k".repeat(80)).build());

            assertThat(status.path("description").asText())
                    .hasSizeBetween(120, 140)
                    .endsWith("Word…");
        }

        @Test
        void holdsNoSecretsAndNothingThatATerminalObeys() {
            var status = lastStatus(aLoop("No answer from redis://:hunter2hunter2@cache:6379\u202e", "a\u0007b")
                    .build());

            assertThat(status.toString())
                    .doesNotContain("hunter2")
                    .doesNotContain("\\u202e")
                    .doesNotContain("\u202e")
                    .doesNotContain("\\u0007");
        }

        @Test
        void waitsUntilTheQuotaIsFullAgain() {
            github.exhaust(Duration.ofSeconds(90));

            assertThat(tell(aLoop("A setting is missing", "REDIS_URL").build()))
                    .isInstanceOfSatisfying(Retry.class, retry -> {
                        assertThat(retry.after()).isBetween(Duration.ofSeconds(88), Duration.ofSeconds(93));
                        assertThat(retry.reason()).contains("acme/shop/deployments/4711", "rate limit");
                    });
        }

        @Test
        void saysWhatToDoWhenTheTokenMayOnlyRead() {
            github.deployment("acme/shop", 4_711);
            github.readOnly();

            assertThat(tell(aLoop("A setting is missing", "REDIS_URL").build()))
                    .isEqualTo(new Rejected("status of acme/shop/deployments/4711: HTTP 403 Resource not accessible by"
                            + " personal access token; the token may not do that: grant it the repository permission"
                            + " Deployments, read and write"));
        }

        @Test
        void saysWhatToDoWhenThereIsNoSuchDeployment() {
            assertThat(tell(aLoop("A setting is missing", "REDIS_URL").build()))
                    .isInstanceOfSatisfying(
                            Rejected.class,
                            rejected -> assertThat(rejected.reason()).contains("HTTP 404", "tag deploy-guard:github"));
        }
    }

    @Test
    void says401InWordsThatHelp() {
        stub.then(answer(401, "Bad credentials"));

        assertThat(notifier().deliver(opened(), Optional.empty()))
                .isInstanceOfSatisfying(
                        Rejected.class,
                        rejected ->
                                assertThat(rejected.reason()).endsWith("not valid, or not any more: store a new one"));
    }

    @Test
    void comesBackAfterASecondaryLimit() {
        stub.then(answer(403, "You have exceeded a secondary rate limit"));

        assertThat(notifier().deliver(opened(), Optional.empty()))
                .isInstanceOfSatisfying(
                        Retry.class, retry -> assertThat(retry.after()).isGreaterThan(Duration.ofMinutes(1)));
    }

    @Test
    void knowsAnEnterpriseServerByItsPath() {
        stub.then(accepted());
        new GithubNotifier(
                        new BearerToken("GitHub token", SECRET), stub.address().resolve("api/v3"), HTTP)
                .deliver(opened(), Optional.empty());

        assertThat(stub.requests().getFirst().path())
                .isEqualTo("/api/v3/repos/acme/qivr-api/deployments/4711/statuses");
    }

    @Test
    void saysNothingOfAReleaseThatNoPipelineNamed() {
        var unnamed =
                aLoop().now(new Progress.Advised(), Duration.ofSeconds(5), 2).build();

        assertThat(notifier().deliver(NoticeComposer.compose(unnamed), Optional.empty()))
                .isEqualTo(new Delivered(Optional.empty()));
        assertThat(stub.requests()).isEmpty();
    }
}
