package io.deployguard.cli;

import io.deployguard.simulation.lab.Processes;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The command line. Results go to the standard output, everything else to the standard error. Exit codes: 0 done and good, 1 done and the answer
 * is bad, 2 unusable arguments or missing prerequisites, 3 the guard itself failed.
 */
@Command(
        name = "deploy-guard",
        mixinStandardHelpOptions = true,
        version = "deploy-guard 0.1.0",
        description =
                "Says why an Amazon ECS deployment failed, and puts the last healthy revision back where that helps.",
        subcommands = {
            ClassifyCommand.class,
            DemoCommand.class,
            DiagnoseCommand.class,
            DoctorCommand.class,
            IncidentsCommand.class,
            InvokeCommand.class,
            MigrateCommand.class,
            SimulateCommand.class,
            WaitCommand.class
        })
public final class DeployGuard {

    /** Done, and the answer is bad. */
    static final int BAD = 1;

    /** Unusable arguments or missing prerequisites. */
    static final int UNUSABLE = 2;

    /** The guard itself failed. */
    static final int FAILED = 3;

    private DeployGuard() {}

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        // Registered first, and so said last: when the children are gone.
        var farewell =
                Processes.atEnd(() -> System.err.println("deploy-guard: interrupted; nothing that it started is left"));
        var exitCode = commandLine().execute(arguments);
        farewell.forget();
        System.exit(exitCode);
    }

    static CommandLine commandLine() {
        var commandLine = new CommandLine(new DeployGuard());
        commandLine.setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8));
        commandLine.setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
        commandLine.setExecutionExceptionHandler((failure, command, _) -> {
            if (!Processes.isEnding()) {
                command.getErr().println(command.getCommandName() + ": " + inWords(failure));
            }
            return failure instanceof Unusable ? UNUSABLE : FAILED;
        });
        return commandLine;
    }

    private static String inWords(Exception failure) {
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }

    /** The arguments or the machine do not allow what was asked for; the message says what to do. */
    static final class Unusable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unusable(String message) {
            super(message);
        }
    }
}
