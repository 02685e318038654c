package io.deployguard.postgres;

import io.deployguard.incident.Approval;
import io.deployguard.incident.ApprovalStore;
import java.util.Optional;
import java.util.UUID;

/** Table {@code approval}. */
final class PostgresApprovalStore implements ApprovalStore {

    private final Sql sql;

    PostgresApprovalStore(Sql sql) {
        this.sql = sql;
    }

    @Override
    public boolean open(Approval.Open request) {
        return sql.update(
                        """
                        insert into approval (incident_id, state, asked_at, until_at, document)
                        values (?, ?, ?, ?, ?)
                        on conflict (incident_id) do nothing
                        """,
                        request.request().incident(),
                        state(request),
                        request.request().askedAt(),
                        request.request().until(),
                        document(request))
                == 1;
    }

    @Override
    public boolean end(Approval ended) {
        return !ended.isOpen()
                && sql.update(
                                """
                                update approval
                                set state = ?, document = ?
                                where incident_id = ? and (state = 'Open' or (state = 'Granted' and ?))
                                """,
                                state(ended),
                                document(ended),
                                ended.request().incident(),
                                ended instanceof Approval.Superseded)
                        == 1;
    }

    @Override
    public Optional<Approval> find(UUID incident) {
        return sql.find("""
                select document
                from approval
                where incident_id = ?
                """, row -> Documents.read(row.text("document"), Approval.class), incident);
    }

    private static String state(Approval approval) {
        return approval.getClass().getSimpleName();
    }

    private static String document(Approval approval) {
        return Documents.write(approval, Approval.class);
    }
}
