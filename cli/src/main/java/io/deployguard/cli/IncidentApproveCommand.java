package io.deployguard.cli;

import io.deployguard.pipeline.Approvals;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A person approves. */
@Command(
        name = "approve",
        mixinStandardHelpOptions = true,
        description = {
            "Agrees to what the guard asks. It looks at the service once more and then acts, once.",
            "Exit code: 0 the answer counts, 1 it does not: the request has ended, or nobody was asked."
        })
final class IncidentApproveCommand implements Callable<Integer> {

    @Spec
    @Nullable
    CommandSpec spec;

    @Mixin
    IncidentAnswer answer = new IncidentAnswer();

    @Override
    public Integer call() {
        var commandLine = Objects.requireNonNull(spec).commandLine();
        return answer.give(
                Approvals::agree,
                "Agreed: the guard looks at the service once more and acts within a minute or so. Follow it with incidents show.",
                commandLine.getOut(),
                commandLine.getErr());
    }
}
