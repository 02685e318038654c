package io.deployguard.doctor.check;

import io.deployguard.doctor.Check;
import io.deployguard.doctor.Draft;
import io.deployguard.doctor.Result;
import io.deployguard.evidence.Redactor;
import io.deployguard.evidence.SecretNames;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Task definitions are read by many, and none of their revisions forgets. */
final class PlainSecrets implements Check.OfDefinition {

    /** What a setting about a secret is called that is none itself. */
    private static final Pattern ABOUT = Pattern.compile(
            "(?i).*(?:name|domain|path|file|dir|ttl|expiry|expiration|header|prefix|length|issuer|audience|algorithm|type|host|region|id)");

    @Override
    public String id() {
        return "plain-secrets";
    }

    @Override
    public String about() {
        return "A variable under `environment` whose name or value looks like a secret: everyone who may describe the task definition reads it. Values are not shown.";
    }

    @Override
    public String source() {
        return "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specifying-sensitive-data.html";
    }

    @Override
    public Stream<Result> examine(Draft draft) {
        return draft.each(container -> container.definition().environment().entrySet().stream()
                .filter(variable -> isSecret(variable.getKey(), variable.getValue()))
                .map(Map.Entry::getKey)
                .sorted()
                .map(name -> new Result.Warning(
                        container.field("environment"),
                        "%s of container %s looks like a secret in plain text".formatted(name, container.name()),
                        "Keep it in Secrets Manager or Parameter Store and name it under secrets.")));
    }

    /** A path, a switch or an address under a name that speaks of secrets is none. */
    private static boolean isSecret(String name, String value) {
        if (!Redactor.standard().redact(value).equals(value)) {
            return true;
        }
        var harmless = value.isBlank()
                || value.contains("://")
                || value.startsWith("arn:")
                || value.startsWith("/")
                || value.matches("(?i)true|false|\\d{1,6}[a-z]?");
        return !harmless && SecretNames.saysSecret(name) && !ABOUT.matcher(name).matches();
    }
}
