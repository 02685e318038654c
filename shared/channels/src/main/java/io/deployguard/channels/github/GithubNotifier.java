package io.deployguard.channels.github;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deployguard.channels.http.Backoff;
import io.deployguard.channels.http.BearerToken;
import io.deployguard.channels.http.HttpPost;
import io.deployguard.channels.http.Reply;
import io.deployguard.ecs.GithubDeployment;
import io.deployguard.evidence.Cleaning;
import io.deployguard.notification.Cut;
import io.deployguard.notification.Delivery;
import io.deployguard.notification.Notice;
import io.deployguard.notification.Notifier;
import io.deployguard.notification.ReleaseStatus;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The status of a deployment on GitHub. Needs a token that may write deployments of the repository. Notices of releases that no pipeline has
 * named count as delivered.
 *
 * <p>GitHub keeps every status that it is sent, so the reference holds the last one and only what differs from it is sent. After a request
 * without an answer the status is sent again; GitHub then lists it twice.
 *
 * <p>{@code auto_inactive} is always off: the guard speaks of one deployment and leaves those before it as they are.
 *
 * <p>Threads may share it.
 *
 * @see <a href="https://docs.github.com/en/rest/deployments/statuses#create-a-deployment-status">Create a deployment status</a>
 */
public final class GithubNotifier implements Notifier {

    /** Where GitHub's API is; that of an Enterprise Server ends with {@code /api/v3}. */
    public static final URI GITHUB = URI.create("https://api.github.com/");

    /** The one name of this channel. */
    public static final String CHANNEL = "github";

    /** GitHub asks for at least a minute where it does not say how long. */
    private static final Duration A_MINUTE = Duration.ofMinutes(1);

    private static final int DESCRIPTION = 140;
    private static final int REASON = 200;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final BearerToken token;
    private final URI base;
    private final HttpPost http;

    /** @param base of the API */
    public GithubNotifier(BearerToken token, URI base, HttpPost http) {
        this.token = token;
        this.base = base.getPath().endsWith("/") ? base : URI.create(base + "/");
        this.http = http;
    }

    @Override
    public String channel() {
        return CHANNEL;
    }

    @Override
    public boolean isForPeople() {
        return false;
    }

    @Override
    public Delivery deliver(Notice notice, Optional<String> shown) {
        return notice.release().map(status -> deliver(status, shown)).orElseGet(() -> new Delivery.Delivered(shown));
    }

    private Delivery deliver(ReleaseStatus status, Optional<String> shown) {
        var state = status.state().name().toLowerCase(Locale.ROOT);
        var description = Cut.toWord(DESCRIPTION, Cleaning.of(status.description()));
        var reference = Optional.of("%s %s: %s".formatted(status.deployment(), state, description));
        if (reference.equals(shown)) {
            return new Delivery.Delivered(shown);
        }
        var body = JSON.createObjectNode()
                .put("state", state)
                .put("description", description)
                .put("log_url", status.log())
                .put("auto_inactive", false);
        var headers = Map.of(
                "Authorization", token.authorization(),
                "Accept", "application/vnd.github+json",
                "Content-Type", "application/json; charset=utf-8",
                "User-Agent", "deploy-guard",
                "X-GitHub-Api-Version", "2022-11-28");
        var address = base.resolve("repos/%s/statuses".formatted(status.deployment()));
        return switch (http.send(address, headers, body.toString())) {
            case Reply.NotSent(var reason) -> retry(status.deployment(), Optional.empty(), reason);
            case Reply.Unclear(var reason) -> retry(status.deployment(), Optional.empty(), reason);
            case Reply.Answered answered -> read(status.deployment(), answered, reference);
        };
    }

    private static Delivery read(GithubDeployment deployment, Reply.Answered answer, Optional<String> reference) {
        var status = answer.status();
        if (status == 201) {
            return new Delivery.Delivered(reference);
        }
        var said = "HTTP %d %s".formatted(status, message(answer.body())).strip();
        if (status >= 500 || status == 408) {
            return retry(deployment, answer.retryAfter(), said);
        }
        if (isRateLimit(answer)) {
            return retry(deployment, answer.retryAfter().or(() -> Optional.of(A_MINUTE)), said);
        }
        return new Delivery.Rejected(failed(deployment, said + remedy(status)));
    }

    /** GitHub limits with 429, and with 403 as well. */
    private static boolean isRateLimit(Reply.Answered answer) {
        return answer.status() == 429
                || (answer.status() == 403
                        && (answer.retryAfter().isPresent()
                                || message(answer.body())
                                        .toLowerCase(Locale.ROOT)
                                        .contains("rate limit")));
    }

    private static String remedy(int status) {
        return switch (status) {
            case 301, 307, 308 -> "; the repository has moved: put its new name into the tag " + GithubDeployment.TAG;
            case 401 -> "; the token is not valid, or not any more: store a new one";
            case 403 -> "; the token may not do that: grant it the repository permission Deployments, read and write";
            case 404 ->
                "; there is no such deployment, or the token may not see the repository: check the tag "
                        + GithubDeployment.TAG + " and the repositories of the token";
            default -> "";
        };
    }

    private static String message(String body) {
        try {
            return Cut.toWord(
                    REASON, Cleaning.of(JSON.readTree(body).path("message").asText("")));
        } catch (JsonProcessingException notJson) {
            return "";
        }
    }

    private static Delivery retry(GithubDeployment deployment, Optional<Duration> after, String why) {
        return new Delivery.Retry(Backoff.after(after), failed(deployment, why));
    }

    private static String failed(GithubDeployment deployment, String why) {
        return "status of %s: %s".formatted(deployment, why);
    }

    @Override
    public String toString() {
        return CHANNEL;
    }
}
