package io.deployguard.action;

import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.Place;
import io.deployguard.ecs.ServiceRef;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Written before and after each command, so that a function which dies in between leaves a trace its successor can follow. */
public interface CommandJournal {

    /**
     * Claims the one automatic action that a failing revision may ever cause. A unique key of the database decides, not the flow of the code.
     *
     * @return false when another incident has claimed it before; true again and again for the incident that holds the claim
     */
    boolean claim(ServiceRef service, DeploymentId failing, UUID incident, Instant at);

    /** Writes that the command is about to be sent. */
    void begin(Entry entry);

    /** Writes what came of it. */
    void finish(UUID entry, String outcome, String detail, Instant at);

    /** All entries of an incident, oldest first. */
    List<Entry> entriesOf(UUID incident);

    /** How many commands were begun since then, for whatever incident of that account and region. */
    long begunSince(Place place, Instant since);

    /**
     * One command.
     *
     * @param fence the lease's number under which it was sent
     * @param outcome {@code done}, {@code already-so}, {@code refused}, {@code no-effect}; absent while it is not known
     */
    record Entry(
            UUID id,
            UUID incident,
            Command command,
            long fence,
            Instant begunAt,
            Optional<String> outcome,
            Optional<String> detail,
            Optional<Instant> finishedAt) {}
}
