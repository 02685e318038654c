package io.deployguard.runtime;

import io.deployguard.postgres.AwsKeys;
import io.deployguard.postgres.ConnectionSource;
import io.deployguard.postgres.PostgresDatabase;

/** Where a function's database is, and how it logs in: for every function. */
public final class DatabaseWiring {

    private DatabaseWiring() {}

    /** The guard's memory; nothing is opened yet. */
    static PostgresDatabase open(Stage stage) {
        return stage.keep(new PostgresDatabase(source(stage.settings())), PostgresDatabase::close);
    }

    /**
     * Connections as the settings say; a login by IAM is signed with the keys of the function's role.
     *
     * @throws RuntimeSettings.SettingError when the URL is not set
     * @throws IllegalArgumentException when it cannot be read; the message quotes nothing of it
     */
    public static ConnectionSource source(RuntimeSettings settings) {
        return ConnectionSource.parse(settings.databaseUrl(), () -> {
            var keys = LambdaCredentials.read(settings);
            return new AwsKeys(keys.accessKeyId(), keys.secretAccessKey(), keys.sessionToken());
        });
    }
}
