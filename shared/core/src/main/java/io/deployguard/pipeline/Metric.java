package io.deployguard.pipeline;

/** A figure by which the guard is watched. Each is told when it arises, after the commit of what it is about. */
public enum Metric {
    /** Events of ECS and CloudWatch that were taken in. */
    EVENTS("Events", Unit.COUNT),
    /** Events of accounts that the guard does not look after; nothing was read or done for them. */
    EVENTS_REFUSED("EventsRefused", Unit.COUNT),
    /** From the moment of an event to the end of its handling. */
    EVENT_TIME("EventTime", Unit.MILLISECONDS),
    /** Incidents that people are told of; suspicions that come to nothing are none. */
    INCIDENTS("Incidents", Unit.COUNT),
    /** From an incident's first sign to its first diagnosis. */
    TIME_TO_DIAGNOSIS("TimeToDiagnosis", Unit.MILLISECONDS),
    /** What a diagnosis had to do without: evidence that was asked for and could not be seen. */
    BLIND_SPOTS("BlindSpots", Unit.COUNT),
    /** Decisions, a changed one once more. */
    DECISIONS("Decisions", Unit.COUNT),
    /** Actions that were carried out. */
    ACTIONS("Actions", Unit.COUNT),
    /** From an incident's first sign to the action. */
    TIME_TO_ACTION("TimeToAction", Unit.MILLISECONDS),
    /** Actions after which the service was not well in time. */
    NOT_HEALED("NotHealed", Unit.COUNT),
    /** From an incident's first sign to the moment when the service counts as well. */
    TIME_TO_RECOVERY("TimeToRecovery", Unit.MILLISECONDS),
    /** Messages brought to a channel, new ones and edits. */
    DELIVERIES("Deliveries", Unit.COUNT),
    /** From the wish that a channel shows something to the moment it does. */
    DELIVERY_TIME("DeliveryTime", Unit.MILLISECONDS),
    /** Messages that a channel refuses for good. */
    DELIVERIES_GIVEN_UP("DeliveriesGivenUp", Unit.COUNT),
    /** One for each run of the watch. */
    HEARTBEAT("Heartbeat", Unit.COUNT),
    /** What one run of the watch could not look at or do. */
    WATCH_FAULTS("WatchFaults", Unit.COUNT),
    /** How long the message that waits longest has waited for its channel; zero when none does. */
    OUTBOX_AGE("OutboxAge", Unit.SECONDS),
    /** Messages of a queue, or direct calls, whose handling failed; one figure per function. */
    FAILURES("Failures", Unit.COUNT);

    /** Units as CloudWatch names them. */
    public enum Unit {
        COUNT("Count"),
        SECONDS("Seconds"),
        MILLISECONDS("Milliseconds");

        private final String label;

        Unit(String label) {
            this.label = label;
        }

        public String label() {
            return label;
        }
    }

    private final String label;
    private final Unit unit;

    Metric(String label, Unit unit) {
        this.label = label;
        this.unit = unit;
    }

    /** Its name in CloudWatch. */
    public String label() {
        return label;
    }

    public Unit unit() {
        return unit;
    }

    /** Whether each function has a figure of its own. */
    public boolean isPerFunction() {
        return this == FAILURES;
    }
}
