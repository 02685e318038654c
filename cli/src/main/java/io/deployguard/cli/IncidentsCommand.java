package io.deployguard.cli;

import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What the guard remembers, and people's answers to it. Alone it lists. */
@Command(
        name = "incidents",
        mixinStandardHelpOptions = true,
        description = {
            "What the guard remembers in the database of DEPLOY_GUARD_DATABASE_URL, and people's answers to what it asks.",
            "Alone it lists the newest incidents. ID may be the first characters of an id."
        },
        subcommands = {
            IncidentListCommand.class,
            IncidentShowCommand.class,
            IncidentReportCommand.class,
            IncidentStatsCommand.class,
            IncidentShadowCommand.class,
            IncidentAnswer.Approve.class,
            IncidentAnswer.Refuse.class
        })
final class IncidentsCommand implements Callable<Integer> {

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
