package io.deployguard.cli;

import io.deployguard.postgres.SchemaMigrator;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
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

    @Override
    public Integer call() {
        var applied = new SchemaMigrator(memory.settings()).migrate().applied();
        var out = Objects.requireNonNull(spec).commandLine().getOut();
        applied.forEach(step -> out.println("applied " + step));
        out.println(applied.isEmpty() ? "the schema is up to date" : "the schema is up to date now");
        return 0;
    }
}
