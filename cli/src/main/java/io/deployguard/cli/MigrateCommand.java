package io.deployguard.cli;

import io.deployguard.postgres.SchemaMigrator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Brings the guard's own tables up to date. */
@Command(
        name = "migrate",
        mixinStandardHelpOptions = true,
        description = "Brings the guard's own tables up to date, in the database of DEPLOY_GUARD_DATABASE_URL.")
final class MigrateCommand implements Callable<Integer> {

    @Spec
    @Nullable
    CommandSpec spec;

    @Mixin
    GuardMemory memory = new GuardMemory();

    @Option(
            names = "--grant",
            paramLabel = "ARN",
            description =
                    "an IAM role or user that may use the tables from now on as the functions do; for Aurora DSQL, as its"
                            + " administrator. May be repeated")
    List<String> grantees = List.of();

    @Override
    public Integer call() {
        var applied = new SchemaMigrator(memory.source()).migrate(grantees).applied();
        var out = Objects.requireNonNull(spec).commandLine().getOut();
        applied.forEach(step -> out.println("applied " + step));
        out.println(applied.isEmpty() ? "the schema is up to date" : "the schema is up to date now");
        return 0;
    }
}
