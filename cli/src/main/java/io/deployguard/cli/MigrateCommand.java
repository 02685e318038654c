package io.deployguard.cli;

import io.deployguard.postgres.ConnectionSettings;
import io.deployguard.postgres.SchemaMigrator;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Brings the guard's own tables up to date. */
@Command(
        name = "migrate",
        mixinStandardHelpOptions = true,
        description = "Brings the guard's own tables up to date, in the database of DEPLOY_GUARD_DATABASE_URL.")
final class MigrateCommand implements Callable<Integer> {

    static final String DATABASE_URL = "DEPLOY_GUARD_DATABASE_URL";

    @Spec
    @Nullable
    CommandSpec spec;

    @Option(names = "--database-url", paramLabel = "URL", description = "instead of the environment's")
    @Nullable
    String url;

    @Override
    public Integer call() {
        var address = Optional.ofNullable(url)
                .or(() -> Optional.ofNullable(System.getenv(DATABASE_URL)))
                .filter(text -> !text.isBlank())
                .orElseThrow(() -> new DeployGuard.Unusable(
                        DATABASE_URL + ": expected postgres://user:password@host:port/database"));
        var applied = new SchemaMigrator(settings(address)).migrate().applied();
        var out = Objects.requireNonNull(spec).commandLine().getOut();
        applied.forEach(step -> out.println("applied " + step));
        out.println(applied.isEmpty() ? "the schema is up to date" : "the schema is up to date now");
        return 0;
    }

    private static ConnectionSettings settings(String address) {
        try {
            return ConnectionSettings.parse(address);
        } catch (IllegalArgumentException malformed) {
            throw new DeployGuard.Unusable(DATABASE_URL + ": " + malformed.getMessage());
        }
    }
}
