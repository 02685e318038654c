package io.deployguard.cli;

import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Lists incidents. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "Lists incidents that people heard of, newest first.")
final class IncidentListCommand implements Callable<Integer> {

    @Spec
    @Nullable
    CommandSpec spec;

    @Mixin
    IncidentList list = new IncidentList();

    @Override
    public Integer call() {
        return list.print(Objects.requireNonNull(spec).commandLine().getOut());
    }
}
