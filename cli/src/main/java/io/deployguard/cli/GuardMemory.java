package io.deployguard.cli;

import io.deployguard.aws.AwsClients;
import io.deployguard.incident.Incident;
import io.deployguard.pipeline.Database.Stores;
import io.deployguard.postgres.AwsKeys;
import io.deployguard.postgres.ConnectionSource;
import io.deployguard.postgres.PostgresDatabase;
import io.deployguard.report.Dossier;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The guard's database, as options name it. */
final class GuardMemory {

    static final String DATABASE_URL = "DEPLOY_GUARD_DATABASE_URL";

    /** Incidents among which a short id is looked for. */
    private static final int MOST = 1_000;

    private static final int SHORTEST_ID = 4;

    @Option(names = "--database-url", paramLabel = "URL", description = "instead of the environment's " + DATABASE_URL)
    @Nullable
    String url;

    /** @throws DeployGuard.Unusable when there is no address, or it cannot be read */
    ConnectionSource source() {
        var address = Optional.ofNullable(url)
                .or(() -> Optional.ofNullable(System.getenv(DATABASE_URL)))
                .filter(text -> !text.isBlank())
                .orElseThrow(() -> new DeployGuard.Unusable(
                        DATABASE_URL + ": expected postgres://user:password@host:port/database"));
        try {
            return ConnectionSource.parse(address, GuardMemory::keys);
        } catch (IllegalArgumentException malformed) {
            throw new DeployGuard.Unusable(DATABASE_URL + ": " + malformed.getMessage());
        }
    }

    /** For a login by IAM: the keys that the AWS CLI would use. */
    static AwsKeys keys() {
        var keys = AwsClients.keys();
        return new AwsKeys(keys.accessKeyId(), keys.secretAccessKey(), keys.sessionToken());
    }

    /** Does something with the database, which is closed afterwards. */
    <T> T with(Function<PostgresDatabase, T> work) {
        try (var database = new PostgresDatabase(source())) {
            return work.apply(database);
        }
    }

    /**
     * The incident of an id, or of the beginning of one.
     *
     * @throws DeployGuard.Unusable when there is none, or more than one
     */
    static Incident require(String id, PostgresDatabase database) {
        var wanted = id.strip().toLowerCase(Locale.ROOT);
        if (!wanted.matches("[0-9a-f-]{" + SHORTEST_ID + ",36}")) {
            throw new DeployGuard.Unusable(
                    "incident: expected an id or its first %d characters or more, got %s".formatted(SHORTEST_ID, id));
        }
        var found = database.transact("find incident", stores -> find(wanted, stores));
        return switch (found.size()) {
            case 0 -> throw new DeployGuard.Unusable("there is no incident " + id);
            case 1 -> found.getFirst();
            default ->
                throw new DeployGuard.Unusable(
                        "%d incidents begin with %s; give more of the id".formatted(found.size(), id));
        };
    }

    private static List<Incident> find(String id, Stores stores) {
        return id.length() == 36
                ? parse(id).flatMap(stores.incidents()::find).stream().toList()
                : stores.incidents().newest(MOST).stream()
                        .filter(incident -> incident.id().toString().startsWith(id))
                        .toList();
    }

    private static Optional<UUID> parse(String id) {
        try {
            return Optional.of(UUID.fromString(id));
        } catch (IllegalArgumentException notOne) {
            return Optional.empty();
        }
    }

    /** Everything that is remembered of an incident. */
    static Dossier dossier(Incident incident, Stores stores) {
        return new Dossier(
                incident,
                stores.incidents().historyOf(incident.id()),
                stores.journal().entriesOf(incident.id()),
                stores.outbox().itemsOf(incident.id()));
    }
}
