package io.deployguard.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deployguard.postgres.PostgresDatabase;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A command that reads something of the guard's memory, and shows it to people or as one JSON object. */
abstract class MemoryCommand<T> implements Callable<Integer> {

    @Spec
    @Nullable
    CommandSpec spec;

    @Mixin
    GuardMemory memory = new GuardMemory();

    @Option(names = "--json", description = "one JSON object")
    boolean json;

    abstract T read(PostgresDatabase database);

    abstract ObjectNode json(T found);

    abstract void print(T found, PrintWriter out);

    @Override
    public Integer call() {
        var found = memory.with(this::read);
        var out = Objects.requireNonNull(spec).commandLine().getOut();
        if (json) {
            out.println(json(found));
        } else {
            print(found, out);
        }
        out.flush();
        return 0;
    }
}
