package io.deployguard.action;

/** The one place that changes anything in AWS. */
public interface CommandExecutor {

    /**
     * Carries the command out, once.
     *
     * @throws io.deployguard.fault.GuardFault when it is not known whether it took effect, or when it may work later; the journal then shows it as begun
     */
    CommandOutcome execute(Command command);
}
