package io.deployguard.functions.migrate;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.deployguard.postgres.SchemaMigrator;
import io.deployguard.runtime.DatabaseWiring;
import io.deployguard.runtime.RuntimeSettings;
import io.deployguard.runtime.StructuredLog;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.stream.StreamSupport;

/**
 * Brings the guard's schema up to date. As a CloudFormation custom resource it runs before the functions that need it, and answers there; invoked
 * directly it answers its caller. As another one it tells whether the functions' settings have changed.
 */
public final class MigrateHandler implements RequestStreamHandler {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final SchemaMigrator migrator;
    private final StructuredLog log;

    public MigrateHandler() {
        var settings = RuntimeSettings.ofProcess();
        this.log = new StructuredLog("migrate", settings.clock(), System.out);
        this.migrator = new SchemaMigrator(DatabaseWiring.source(settings));
    }

    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        JsonNode request = JSON.readTree(input.readAllBytes());
        if (request.hasNonNull("ResponseURL")) {
            var properties = request.path("ResourceProperties");
            new CustomResource(request, context.getLogStreamName())
                    .answer(
                            () -> request.path("ResourceType").asText().equals(SettingsHash.RESOURCE)
                                    ? Map.of("Hash", SettingsHash.of(properties))
                                    : migrate(properties),
                            log);
        } else {
            output.write(JSON.writeValueAsBytes(migrate(request)));
        }
    }

    /** @param request may name, as {@code Grantees}, whom Aurora DSQL is to let in as the functions */
    private Map<String, Object> migrate(JsonNode request) {
        var grantees = StreamSupport.stream(request.path("Grantees").spliterator(), false)
                .map(JsonNode::asText)
                .toList();
        var applied = migrator.migrate(grantees).applied();
        log.info("migrated", Map.of("applied", applied));
        return Map.of("outcome", applied.isEmpty() ? "up to date" : "migrated", "applied", applied);
    }
}
