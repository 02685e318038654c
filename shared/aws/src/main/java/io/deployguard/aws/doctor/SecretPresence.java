package io.deployguard.aws.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import io.deployguard.aws.AwsClients;
import io.deployguard.aws.JsonCalls;
import io.deployguard.fault.GuardFault;
import java.util.List;

/** Whether what {@code secrets[].valueFrom} names is there. No value is asked for. */
final class SecretPresence {

    private static final int REGION = 3;
    private static final int RESOURCE = 5;
    private static final int PARTS_OF_AN_ARN = 7;

    private final JsonCalls secrets;
    private final JsonCalls parameters;

    SecretPresence(AwsClients clients) {
        this.secrets = new JsonCalls(clients.signed("secretsmanager"), "secretsmanager", "secretsmanager");
        this.parameters = new JsonCalls(clients.signed("ssm"), "ssm", "AmazonSSM");
    }

    /**
     * The answer for one of them.
     *
     * @throws GuardFault when it cannot be asked for
     */
    boolean isThere(String valueFrom) {
        var parts = valueFrom.split(":", -1);
        if (!parts[0].equals("arn") || parts.length <= RESOURCE) {
            return parameter(valueFrom, valueFrom);
        }
        if (!parts[REGION].equals(secrets.region())) {
            throw new GuardFault.Unavailable(
                    "%s is in %s; only %s is asked".formatted(valueFrom, parts[REGION], secrets.region()), null);
        }
        if (parts[2].equals("ssm")) {
            // The ARN of the parameter "a" is that of the parameter "/a".
            var path = parts[RESOURCE].replaceFirst("^parameter", "");
            return parameter(path, path.substring(1));
        }
        return secret(String.join(":", List.of(parts).subList(0, Math.min(parts.length, PARTS_OF_AN_ARN))));
    }

    /** @see <a href="https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DescribeSecret.html">DescribeSecret</a> */
    private boolean secret(String arn) {
        try {
            JsonNode found = secrets.ask(
                    "DescribeSecret", "secret " + arn, JsonCalls.question().put("SecretId", arn));
            // A secret that is to be deleted can be described and not read.
            return !found.has("DeletedDate");
        } catch (GuardFault.NotFound gone) {
            return false;
        }
    }

    /** @see <a href="https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DescribeParameters.html">DescribeParameters</a> */
    private boolean parameter(String name, String otherName) {
        var question = JsonCalls.question();
        question.putArray("ParameterFilters")
                .addObject()
                .put("Key", "Name")
                .put("Option", "Equals")
                .putArray("Values")
                .add(name)
                .add(otherName);
        return !parameters
                .ask("DescribeParameters", "parameter " + name, question)
                .path("Parameters")
                .isEmpty();
    }
}
