package io.deployguard.functions.notify;

import java.util.function.UnaryOperator;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** The text of a secret in AWS Secrets Manager, by its ARN. */
final class SecretText implements UnaryOperator<String> {

    @Override
    public String apply(String secretArn) {
        try (var secrets = SecretsManagerClient.builder()
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build()) {
            return secrets.getSecretValue(request -> request.secretId(secretArn))
                    .secretString();
        }
    }
}
