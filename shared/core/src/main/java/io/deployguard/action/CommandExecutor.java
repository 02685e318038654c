package io.deployguard.action;

import java.util.UUID;

/** The one place that changes anything in AWS. */
public interface CommandExecutor {

    /**
     * Carries the command out, once.
     *
     * @param incident for whose sake; in other accounts the session that sends the command carries its id
     * @throws io.deployguard.fault.GuardFault when it is not known whether it took effect, or when it may work later; the journal then shows it as begun
     */
    CommandOutcome execute(Command command, UUID incident);
}
