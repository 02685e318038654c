package io.deployguard.simulation.account.wire;

import static io.deployguard.simulation.account.wire.Action.read;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deployguard.simulation.account.AwsError;
import io.deployguard.simulation.account.Json;
import io.deployguard.simulation.account.StoredSecrets;
import java.util.List;

/** Whether secrets of Secrets Manager and parameters of Systems Manager are there; their values are not served. */
final class SecretsApi {
    private final StoredSecrets secrets;

    private SecretsApi(StoredSecrets secrets) {
        this.secrets = secrets;
    }

    static List<Action> of(StoredSecrets secrets) {
        var api = new SecretsApi(secrets);
        return List.of(
                read("secretsmanager", "DescribeSecret", "SecretId", api::describeSecret),
                read("ssm", "DescribeParameters", "ParameterFilters", api::describeParameters));
    }

    private ObjectNode describeSecret(ObjectNode request) {
        var arn = request.path("SecretId").asText();
        if (!secrets.has(arn)) {
            throw AwsError.refused("ResourceNotFoundException", "Secrets Manager can't find the specified secret.");
        }
        return Json.object().put("ARN", arn);
    }

    private ObjectNode describeParameters(ObjectNode request) {
        var answer = Json.object();
        var found = answer.putArray("Parameters");
        Json.textsIn(request.withArray("ParameterFilters").get(0), "Values").stream()
                .filter(secrets::has)
                .forEach(name -> found.addObject().put("Name", name));
        return answer;
    }
}
