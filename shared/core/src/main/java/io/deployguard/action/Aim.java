package io.deployguard.action;

/** What an action is meant to bring about, and so what shows afterwards that it did. */
public enum Aim {
    /** Another revision runs, and all its tasks are healthy. */
    OTHER_REVISION,
    /** The same revision runs on, and requests from outside reach it. */
    REACHED,
    /** The same revision stays, and nothing is started any more. That heals nothing: a person goes on from there. */
    NOTHING_STARTS
}
