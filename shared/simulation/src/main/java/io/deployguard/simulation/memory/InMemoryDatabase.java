package io.deployguard.simulation.memory;

import io.deployguard.fault.GuardFault;
import io.deployguard.incident.IncidentStore;
import io.deployguard.pipeline.Database;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;

/**
 * The guard's memory in this process. A transaction commits as a whole or not at all, and runs again when a {@link Rival} or a
 * {@link IncidentStore.ConcurrentChange} made it lose. For one thread.
 */
public final class InMemoryDatabase implements Database {

    /** As many attempts as the real database makes. */
    private static final int ATTEMPTS = 12;

    private final InMemoryInbox inbox = new InMemoryInbox();
    private final InMemoryTaskLog tasks = new InMemoryTaskLog();
    private final InMemoryRevisionLedger revisions = new InMemoryRevisionLedger();
    private final InMemoryIncidentStore incidents = new InMemoryIncidentStore();
    private final InMemoryCommandJournal journal = new InMemoryCommandJournal();
    private final InMemoryServiceLease leases;
    private final InMemoryOutbox outbox;
    private final InMemoryApprovalStore approvals = new InMemoryApprovalStore();
    private final InMemoryStormStore storms = new InMemoryStormStore();
    private final InMemoryReportStore reports = new InMemoryReportStore();
    private Rival rival = Rival.NONE;
    private boolean running;

    /** @param clock the database's own, by which leases end */
    public InMemoryDatabase(InstantSource clock) {
        this.leases = new InMemoryServiceLease(clock);
        this.outbox = new InMemoryOutbox(clock);
    }

    /** Lets somebody else use the database at the same time, from now on. */
    public void share(Rival with) {
        this.rival = with;
    }

    @Override
    public <T> T transact(String what, Function<Stores, T> work) {
        for (var attempt = 1; attempt <= ATTEMPTS; attempt++) {
            var intrusion = rival.winsOver(what);
            try {
                var result = run(what, work);
                if (intrusion.isEmpty()) {
                    tables().forEach(Table::commit);
                    return result;
                }
            } catch (IncidentStore.ConcurrentChange conflict) {
                // From the start, on what is there by then.
            } finally {
                tables().forEach(Table::giveUp);
            }
            intrusion.ifPresent(Runnable::run);
        }
        throw new GuardFault.Unavailable(what + ": lost against other writers " + ATTEMPTS + " times in a row", null);
    }

    private <T> T run(String what, Function<Stores, T> work) {
        if (running) {
            throw new IllegalStateException(what + ": expected no transaction inside another one");
        }
        running = true;
        try {
            return work.apply(new Stores(
                    inbox, tasks, revisions, incidents, journal, leases, outbox, approvals, storms, reports));
        } finally {
            running = false;
        }
    }

    private List<Table<?, ?>> tables() {
        return List.of(
                inbox.table(),
                tasks.table(),
                tasks.revisionTable(),
                revisions.table(),
                revisions.unfinishedTable(),
                incidents.table(),
                incidents.openTable(),
                incidents.historyTable(),
                journal.table(),
                journal.claimTable(),
                journal.incidentTable(),
                leases.table(),
                outbox.table(),
                outbox.laggingTable(),
                approvals.table(),
                storms.table(),
                storms.currentTable(),
                reports.table());
    }
}
