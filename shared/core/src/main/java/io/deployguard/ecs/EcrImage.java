package io.deployguard.ecs;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where an image of a private registry of Amazon ECR lies.
 *
 * @param repository with its namespace, such as {@code shop/web}
 * @see <a href="https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html">Private registries</a>
 */
public record EcrImage(String account, String region, String repository) {

    private static final Pattern URI =
            Pattern.compile("(\\d{12})\\.dkr[.-]ecr(?:-fips)?\\.([a-z0-9-]+)\\.(?:amazonaws\\.com(?:\\.cn)?|on\\.aws)"
                    + "/([^:@]+)(?::[^@]*)?(?:@.*)?");

    /** Absent for an image of another registry. */
    public static Optional<EcrImage> find(String image) {
        var matcher = URI.matcher(image);
        return matcher.matches()
                ? Optional.of(new EcrImage(matcher.group(1), matcher.group(2), matcher.group(3)))
                : Optional.empty();
    }
}
