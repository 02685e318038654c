package io.deployguard.ecs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {

    private static Endpoint endpoint(String... tags) {
        var all = new HashMap<String, String>();
        for (var index = 0; index < tags.length; index += 2) {
            all.put(tags[index], tags[index + 1]);
        }
        return Endpoint.of(all).orElseThrow();
    }

    private static EndpointAnswer.Given given(int status, String body) {
        return new EndpointAnswer.Given(status, Optional.empty(), body);
    }

    @Nested
    class IsReadFromTags {

        @Test
        void andIsAbsentWithoutOne() {
            assertThat(Endpoint.of(Map.of(Endpoint.STATUS_TAG, "200"))).isEmpty();
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', textBlock = """
                https://api.example.com                | true  | api.example.com | 443  | /
                http://api.example.com/health          | false | api.example.com | 80   | /health
                https://api.example.com:8443/a/b-c_d.e | true  | api.example.com | 8443 | /a/b-c_d.e
                """)
        void withTheUsualPorts(String url, boolean secure, String host, int port, String path) {
            assertThat(endpoint(Endpoint.TAG, url))
                    .isEqualTo(new Endpoint(secure, host, port, path, List.of(), Optional.empty(), Optional.empty()));
        }

        @Test
        void withAllThatMayBeSaid() {
            var endpoint = endpoint(
                    Endpoint.TAG,
                    "https://api.example.com/health",
                    Endpoint.STATUS_TAG,
                    "200 204",
                    Endpoint.BODY_TAG,
                    "ready",
                    Endpoint.VIA_TAG,
                    "lb.example.net:8443");

            assertThat(endpoint.statuses()).containsExactly(200, 204);
            assertThat(endpoint.body()).contains("ready");
            assertThat(endpoint.via()).contains(new Endpoint.Via("lb.example.net", 8443));
            assertThat(endpoint.url()).isEqualTo("https://api.example.com/health");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    "api.example.com",
                    "ftp://api.example.com",
                    "https://user@api.example.com",
                    "https://api.example.com/a b",
                    "https://api.example.com/a?b=c",
                    "https://api.example.com\r\nHost: other",
                    "https://api.example.com:0",
                    "https://api.example.com:65536",
                    "https:///health"
                })
        void andRefusedByNameWithoutRepeatingIt(String url) {
            assertThatThrownBy(() -> endpoint(Endpoint.TAG, url))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("tag deploy-guard:endpoint: expected ")
                    .hasMessageNotContainingAny("api.example.com", "Host");
        }

        @ParameterizedTest
        @CsvSource({
            "deploy-guard:endpoint-status, 2xx",
            "deploy-guard:endpoint-status, 600",
            "deploy-guard:endpoint-via, http://lb",
            "deploy-guard:endpoint-via, lb:99999"
        })
        void andSoAreItsOtherTags(String tag, String value) {
            assertThatThrownBy(() -> endpoint(Endpoint.TAG, "https://api.example.com", tag, value))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("tag " + tag + ": expected ");
        }
    }

    @Nested
    class ComplainsAbout {

        @ParameterizedTest
        @CsvSource({"200, false", "204, false", "301, false", "399, false", "400, true", "404, true", "503, true"})
        void whatIsNotBelow400(int status, boolean wrong) {
            assertThat(endpoint(Endpoint.TAG, "https://api.example.com")
                            .complaint(given(status, ""))
                            .isPresent())
                    .isEqualTo(wrong);
        }

        @Test
        void anotherStatusThanTheExpectedOnes() {
            var strict = endpoint(Endpoint.TAG, "https://api.example.com", Endpoint.STATUS_TAG, "401 403");

            assertThat(strict.complaint(given(401, ""))).isEmpty();
            assertThat(strict.complaint(given(200, "")))
                    .contains("https://api.example.com/ answers 200, expected 401 or 403");
        }

        @Test
        void aBodyWithoutTheText() {
            var strict = endpoint(Endpoint.TAG, "https://api.example.com", Endpoint.BODY_TAG, "v2");

            assertThat(strict.complaint(given(200, "this is v2"))).isEmpty();
            assertThat(strict.complaint(given(200, "this is v1")))
                    .contains("https://api.example.com/ answers 200 without the text \"v2\"");
        }

        /** Object storage down is acceptable there, says post-mortem 2. */
        @Test
        void notADegradedServiceThatAnswersWell() {
            assertThat(endpoint(Endpoint.TAG, "https://api.example.com/health")
                            .complaint(given(200, "{\"status\":\"degraded\"}")))
                    .isEmpty();
        }

        @Test
        void silence() {
            assertThat(endpoint(Endpoint.TAG, "http://api.example.com:8080/x")
                            .complaint(new EndpointAnswer.None("the connection is refused")))
                    .contains("http://api.example.com:8080/x does not answer: the connection is refused");
        }

        @Test
        void theLoadBalancersOwnAnswerAsSuch() {
            assertThat(endpoint(Endpoint.TAG, "https://api.example.com")
                            .complaint(new EndpointAnswer.Given(503, Optional.of("awselb/2.0"), "")))
                    .contains(
                            "https://api.example.com/ answers 503 from the load balancer itself, expected a status below 400");
        }
    }
}
