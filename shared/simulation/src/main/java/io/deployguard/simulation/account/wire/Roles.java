package io.deployguard.simulation.account.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deployguard.simulation.account.AwsError;
import io.deployguard.simulation.account.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;

/**
 * Roles of other accounts that callers of an endpoint may take. A role is known by its account and by the region at the end of its name, as the roles of
 * {@code templates/spoke.yaml} are; one with {@code -read-} in its name reads, one with {@code -act-} changes what its session's policy names.
 */
final class Roles {

    private static final Pattern ROLE = Pattern.compile("arn:[^:]+:iam::(\\d{12}):role/([a-z-]+)-([a-z]+-[a-z-]+-\\d)");
    private static final Pattern ACCESS_KEY = Pattern.compile("Credential=([^/]+)/");

    private final List<Trust> trusts = new CopyOnWriteArrayList<>();
    private final Map<String, Session> sessions = new ConcurrentHashMap<>();

    private record Trust(AwsEndpoint endpoint, String account, String region, String externalId) {}

    /** A role that was taken: where its calls go, and what they may do there. */
    record Session(AwsEndpoint endpoint, String role, String policy, Instant expiresAt) {

        /** Refuses what the role or the session's policy does not allow. */
        void require(Action action, ObjectNode request, Instant now) {
            var isWrite = action.effect() == Call.Effect.WRITE;
            if (!now.isBefore(expiresAt)) {
                throw new AwsError(
                        "ExpiredTokenException", 403, "The security token included in the request is expired");
            }
            if (isWrite != role.contains("-act") || (isWrite && !policy.contains(subject(request)))) {
                throw new AwsError(
                        "AccessDeniedException",
                        400,
                        "%s is not authorized to perform: %s:%s".formatted(role, action.service(), action.name()));
            }
        }

        /** What is changed, as the policy names it: a service, the deployments of one, a listener, a rule, or for a task the cluster. */
        private static String subject(ObjectNode request) {
            if (request.has("RuleArn") || request.has("ListenerArn")) {
                return "\"%s\""
                        .formatted(request.path("RuleArn")
                                .asText(request.path("ListenerArn").asText()));
            }
            if (request.has("containerDefinitions")) {
                return "\"ecs:RegisterTaskDefinition\"";
            }
            if (request.has("deploymentId")) {
                return "\"codedeploy:StopDeployment\"";
            }
            if (request.has("serviceDeploymentArn")) {
                return request.path("serviceDeploymentArn").asText().replaceFirst("/[^/]+$", "/*");
            }
            var cluster = request.path("cluster").asText().replaceFirst("^.*/", "");
            return request.has("service")
                    ? ":service/%s/%s\""
                            .formatted(cluster, request.path("service").asText())
                    : ":cluster/%s\"".formatted(cluster);
        }
    }

    void trust(AwsEndpoint endpoint, String account, String region, String externalId) {
        trusts.add(new Trust(endpoint, account, region, externalId));
    }

    /** Whose credentials a request is signed with, when they are those of a role that was taken here. */
    Optional<Session> sessionOf(Optional<String> authorization) {
        return authorization
                .map(ACCESS_KEY::matcher)
                .filter(matcher -> matcher.find())
                .flatMap(matcher -> Optional.ofNullable(sessions.get(matcher.group(1))));
    }

    ObjectNode assume(ObjectNode request, Instant now) {
        var arn = request.path("RoleArn").asText();
        var role = ROLE.matcher(arn);
        var trust = !role.matches()
                ? Optional.<Trust>empty()
                : trusts.stream()
                        .filter(known -> known.account().equals(role.group(1))
                                && known.region().equals(role.group(3))
                                && known.externalId()
                                        .equals(request.path("ExternalId").asText()))
                        .findFirst();
        if (trust.isEmpty()) {
            throw new AwsError("AccessDenied", 403, "not authorized to perform: sts:AssumeRole on resource: " + arn);
        }
        var key = "ASIASIMULATED%04d".formatted(sessions.size());
        var end = now.plus(Duration.ofSeconds(request.path("DurationSeconds").asLong(3600)))
                .truncatedTo(ChronoUnit.SECONDS);
        sessions.put(
                key,
                new Session(
                        trust.get().endpoint(),
                        role.group(2),
                        request.path("Policy").asText(),
                        end));
        var answer = Json.object();
        answer.putObject("Credentials")
                .put("AccessKeyId", key)
                .put("SecretAccessKey", "simulated/secret+key")
                .put("SessionToken", "simulated/session+token==")
                .put("Expiration", end.toString());
        answer.putObject("AssumedRoleUser")
                .put("Arn", arn.replace(":role/", ":assumed-role/"))
                .put(
                        "AssumedRoleId",
                        "AROASIMULATED:" + request.path("RoleSessionName").asText());
        return answer;
    }
}
