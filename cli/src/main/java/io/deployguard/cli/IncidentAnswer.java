package io.deployguard.cli;

import io.deployguard.aws.AwsClients;
import io.deployguard.aws.CallerIdentity;
import io.deployguard.aws.sqs.SqsNudge;
import io.deployguard.fault.GuardFault;
import io.deployguard.incident.Approval;
import io.deployguard.pipeline.Approvals;
import io.deployguard.pipeline.Approvals.Taken;
import io.deployguard.pipeline.Nudge;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A person's answer to what the guard asks. */
abstract class IncidentAnswer implements Callable<Integer> {

    /** A person approves. */
    @Command(
            name = "approve",
            mixinStandardHelpOptions = true,
            description = {
                "Agrees to what the guard asks. It looks at the service once more and then acts, once.",
                EXIT_CODES
            })
    static final class Approve extends IncidentAnswer {
        Approve() {
            super(
                    Approvals::agree,
                    "Agreed: the guard looks at the service once more and acts within a minute or so. Follow it with incidents show.");
        }
    }

    /** A person refuses. */
    @Command(
            name = "refuse",
            mixinStandardHelpOptions = true,
            description = {"Refuses what the guard asks. It changes nothing.", EXIT_CODES})
    static final class Refuse extends IncidentAnswer {
        Refuse() {
            super(Approvals::refuse, "Refused: the guard changes nothing.");
        }
    }

    private static final String EXIT_CODES =
            "Exit code: 0 the answer counts, 1 it does not: the request has ended, or nobody was asked.";

    private static final String ACT_QUEUE_URL = "DEPLOY_GUARD_ACT_QUEUE_URL";
    private static final String NOTIFY_QUEUE_URL = "DEPLOY_GUARD_NOTIFY_QUEUE_URL";

    private final Way way;
    private final String done;

    @Spec
    @Nullable
    CommandSpec spec;

    @Mixin
    GuardMemory memory = new GuardMemory();

    @Parameters(paramLabel = "ID", description = "of the incident, or its beginning")
    String id = "";

    @Option(
            names = "--as",
            paramLabel = "NAME",
            description = "who answers, as people call them; else the user of this machine")
    @Nullable
    String name;

    @Option(names = "--reason", paramLabel = "TEXT", description = "why, for the message and the record")
    @Nullable
    String reason;

    @Option(names = "--json", description = "one JSON object")
    boolean json;

    /** How the answer is given. */
    interface Way {
        Taken take(Approvals approvals, UUID incident, Approval.Person by, Optional<String> reason);
    }

    /** @param done what to say when the answer counts */
    private IncidentAnswer(Way way, String done) {
        this.way = way;
        this.done = done;
    }

    @Override
    public Integer call() {
        var commandLine = Objects.requireNonNull(spec).commandLine();
        var out = commandLine.getOut();
        var taken = memory.with(database -> {
            var incident = GuardMemory.require(id, database);
            var approvals = new Approvals(database, nudge(commandLine.getErr()), Clock.systemUTC());
            return way.take(approvals, incident.id(), person(), Optional.ofNullable(reason));
        });
        if (json) {
            out.println(
                    switch (taken) {
                        case Taken.Counted(var incident) ->
                            new IncidentLine(incident).json().put("taken", "counted");
                        case Taken.TooLate(var incident, var _) ->
                            new IncidentLine(incident).json().put("taken", "too-late");
                        case Taken.NotAsked(var because) ->
                            DiagnosisJson.JSON
                                    .createObjectNode()
                                    .put("taken", "not-asked")
                                    .put("because", because);
                    });
        } else {
            out.println(
                    switch (taken) {
                        case Taken.Counted _ -> done;
                        case Taken.TooLate(var _, var ended) -> "Too late: " + Approvals.inWords(ended) + ".";
                        case Taken.NotAsked(var because) -> "Nobody was asked: " + because + ".";
                    });
        }
        out.flush();
        return taken instanceof Taken.Counted ? 0 : DeployGuard.BAD;
    }

    private Approval.Person person() {
        var user = System.getProperty("user.name", "somebody");
        var identity = region().flatMap(CallerIdentity::find).orElse("user " + user + " of this machine");
        return new Approval.Person(name == null || name.isBlank() ? user : name, Optional.of(identity), "command line");
    }

    /** Without queues the next run of the watch finds the work. */
    private static Nudge nudge(PrintWriter err) {
        var act = variable(ACT_QUEUE_URL);
        var notify = variable(NOTIFY_QUEUE_URL);
        var region = region();
        return region.isEmpty() || (act.isEmpty() && notify.isEmpty())
                ? Nudge.NONE
                : new SqsNudge(
                        AwsClients.in(region.get()).sqs(),
                        act,
                        notify,
                        fault -> err.println(
                                "could not wake the guard, it wakes within a minute: " + fault.getMessage()));
    }

    private static Optional<String> region() {
        try {
            return Optional.of(AwsClients.usualRegion());
        } catch (GuardFault.NotFound none) {
            return Optional.empty();
        }
    }

    private static Optional<String> variable(String name) {
        return Optional.ofNullable(System.getenv(name)).filter(text -> !text.isBlank());
    }
}
