package io.deployguard.ecs;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A deployment of GitHub's, which a pipeline names in a tag of the task definition or the service that it deploys. The tag is written as the
 * deployment's address in the API, since a tag of ECS may not hold {@code #}.
 *
 * @param id as the API gives it
 * @see <a href="https://docs.github.com/en/rest/deployments/deployments">Deployments</a>
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Tag.html">Tag</a>
 */
public record GithubDeployment(String owner, String repository, long id) {

    /** {@code octo/shop/deployments/1234567890}. */
    public static final String TAG = "deploy-guard:github";

    private static final Pattern TEXT = Pattern.compile("(?<owner>[A-Za-z0-9][A-Za-z0-9_-]{0,38})"
            + "/(?<repository>(?!\\.{1,2}/)[A-Za-z0-9._-]{1,100})/deployments/(?<id>[1-9]\\d{0,17})");

    /**
     * The deployment that tags name; absent when they name none.
     *
     * @throws IllegalArgumentException naming the tag and what is expected there
     */
    public static Optional<GithubDeployment> of(Map<String, String> tags) {
        return Optional.ofNullable(tags.get(TAG)).map(text -> {
            var parts = TEXT.matcher(text.strip());
            if (!parts.matches()) {
                // The text itself is not repeated: nothing that stands in a tag is shown before it has a shape.
                throw new IllegalArgumentException("tag " + TAG + ": expected OWNER/REPOSITORY/deployments/ID");
            }
            return new GithubDeployment(
                    parts.group("owner"), parts.group("repository"), Long.parseLong(parts.group("id")));
        });
    }

    @Override
    public String toString() {
        return "%s/%s/deployments/%d".formatted(owner, repository, id);
    }
}
