package io.deployguard.ecs;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A deployment of AWS CodeDeploy, with the application and the deployment group that it belongs to. The id alone names it; the group is what
 * permissions and a new deployment ask for.
 *
 * @param id {@code d-} with nine letters and digits
 */
public record CodeDeployRef(
        String partition, String region, String account, String application, String group, String id) {

    private static final Pattern ARN =
            Pattern.compile("arn:([^:]+):codedeploy:([^:]+):([^:]+):deploymentgroup:([^:/]+)/([^:/]+)/(d-[^:/]+)");

    /** AWS has no ARN for it: the one of its group, with the id behind. It never meets AWS; it is the key of an attempt here. */
    public String arn() {
        return "arn:%s:codedeploy:%s:%s:deploymentgroup:%s/%s/%s"
                .formatted(partition, region, account, application, group, id);
    }

    /** The deployment in a key as {@link #arn()} makes it; absent for the ARN of a service deployment. */
    public static Optional<CodeDeployRef> find(String arn) {
        var parts = ARN.matcher(arn);
        return parts.matches()
                ? Optional.of(new CodeDeployRef(
                        parts.group(1), parts.group(2), parts.group(3), parts.group(4), parts.group(5), parts.group(6)))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return id;
    }
}
