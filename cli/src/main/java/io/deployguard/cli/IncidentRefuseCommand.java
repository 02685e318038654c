package io.deployguard.cli;

import io.deployguard.pipeline.Approvals;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A person refuses. */
@Command(
        name = "refuse",
        mixinStandardHelpOptions = true,
        description = {
            "Refuses what the guard asks. It changes nothing.",
            "Exit code: 0 the answer counts, 1 it does not: the request has ended, or nobody was asked."
        })
final class IncidentRefuseCommand implements Callable<Integer> {

    @Spec
    @Nullable
    CommandSpec spec;

    @Mixin
    IncidentAnswer answer = new IncidentAnswer();

    @Override
    public Integer call() {
        var commandLine = Objects.requireNonNull(spec).commandLine();
        return answer.give(
                Approvals::refuse, "Refused: the guard changes nothing.", commandLine.getOut(), commandLine.getErr());
    }
}
