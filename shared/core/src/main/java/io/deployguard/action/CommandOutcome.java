package io.deployguard.action;

/** What came of a command. */
public sealed interface CommandOutcome {

    /** In words, for journal and message. */
    String detail();

    /** AWS accepted it. */
    record Done(String detail) implements CommandOutcome {}

    /** Nothing had to be done: the service is already on its way, or there. */
    record AlreadySo(String detail) implements CommandOutcome {}

    /** AWS refused it; trying the same again will not help. */
    record Refused(String detail) implements CommandOutcome {}
}
