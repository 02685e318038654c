package io.deployguard.pipeline;

import io.deployguard.action.CommandJournal;
import io.deployguard.ecs.TaskLog;
import io.deployguard.event.Inbox;
import io.deployguard.incident.ApprovalStore;
import io.deployguard.incident.IncidentStore;
import io.deployguard.incident.RevisionLedger;
import io.deployguard.incident.ServiceLease;
import io.deployguard.incident.StormStore;
import io.deployguard.notification.Outbox;
import io.deployguard.report.ReportStore;
import java.util.function.Function;

/** The guard's memory: everything in one transaction commits together or not at all. */
public interface Database {

    /**
     * Runs {@code work} in one transaction under snapshot isolation and commits. When another transaction won (SQLSTATE 40001, or a
     * {@link IncidentStore.ConcurrentChange}), the work runs again from the start; it must therefore do nothing but use the stores.
     *
     * @param what for error messages, such as {@code take in event}
     * @throws io.deployguard.fault.GuardFault.Unavailable when the database cannot be reached, or keeps conflicting
     */
    <T> T transact(String what, Function<Stores, T> work);

    /** The stores of one transaction; not to be kept beyond it. */
    record Stores(
            Inbox inbox,
            TaskLog tasks,
            RevisionLedger revisions,
            IncidentStore incidents,
            CommandJournal journal,
            ServiceLease leases,
            Outbox outbox,
            ApprovalStore approvals,
            StormStore storms,
            ReportStore reports) {

        /** The same with another store of incidents. */
        public Stores withIncidents(IncidentStore other) {
            return new Stores(inbox, tasks, revisions, other, journal, leases, outbox, approvals, storms, reports);
        }
    }
}
