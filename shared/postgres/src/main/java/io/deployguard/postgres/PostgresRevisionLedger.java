package io.deployguard.postgres;

import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.ServiceRef;
import io.deployguard.incident.RevisionLedger;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Table {@code revision_ledger}. Events may come in any order: the latest time of each kind stays. */
final class PostgresRevisionLedger implements RevisionLedger {

    private final Sql sql;

    PostgresRevisionLedger(Sql sql) {
        this.sql = sql;
    }

    @Override
    public void started(ServiceRef service, DeploymentId deployment, Instant at) {
        sql.update("""
                insert into revision_ledger (service_arn, deployment_id, started_at)
                values (?, ?, ?)
                on conflict (service_arn, deployment_id) do update
                set started_at = greatest(revision_ledger.started_at, excluded.started_at)
                """, service.arn(), deployment.value(), at);
    }

    @Override
    public void completed(ServiceRef service, DeploymentId deployment, Instant at) {
        sql.update("""
                insert into revision_ledger (service_arn, deployment_id, completed_at)
                values (?, ?, ?)
                on conflict (service_arn, deployment_id) do update
                set completed_at = greatest(revision_ledger.completed_at, excluded.completed_at)
                """, service.arn(), deployment.value(), at);
    }

    @Override
    public void condemned(ServiceRef service, DeploymentId deployment, Instant at) {
        sql.update("""
                insert into revision_ledger (service_arn, deployment_id, condemned_at)
                values (?, ?, ?)
                on conflict (service_arn, deployment_id) do update
                set condemned_at = greatest(revision_ledger.condemned_at, excluded.condemned_at)
                """, service.arn(), deployment.value(), at);
    }

    @Override
    public void forget(ServiceRef service, DeploymentId deployment) {
        sql.update("""
                delete from revision_ledger
                where service_arn = ? and deployment_id = ?
                """, service.arn(), deployment.value());
    }

    @Override
    public Optional<Entry> find(ServiceRef service, DeploymentId deployment) {
        return sql.find("""
                select service_arn, deployment_id, started_at, completed_at, condemned_at
                from revision_ledger
                where service_arn = ? and deployment_id = ?
                """, PostgresRevisionLedger::entry, service.arn(), deployment.value());
    }

    @Override
    public List<Entry> entriesOf(ServiceRef service) {
        return sql.list("""
                select service_arn, deployment_id, started_at, completed_at, condemned_at
                from revision_ledger
                where service_arn = ?
                order by started_at desc nulls last, deployment_id
                limit 100
                """, PostgresRevisionLedger::entry, service.arn());
    }

    @Override
    public List<Entry> unfinished(Instant startedAfter, int limit) {
        return sql.list("""
                select service_arn, deployment_id, started_at, completed_at, condemned_at
                from revision_ledger
                where started_at > ?
                  and (completed_at is null or completed_at < started_at)
                  and (condemned_at is null or condemned_at < started_at)
                order by started_at, service_arn, deployment_id
                limit ?
                """, PostgresRevisionLedger::entry, startedAfter, limit);
    }

    @Override
    public List<ServiceRef> deployedSince(Instant startedAfter, int limit) {
        return sql.list("""
                select service_arn
                from revision_ledger
                where started_at > ?
                group by service_arn
                order by max(started_at) desc, service_arn
                limit ?
                """, row -> ServiceRef.parse(row.text("service_arn")), startedAfter, limit);
    }

    @Override
    public List<Entry> startedSince(Instant since, int limit) {
        return sql.list("""
                select service_arn, deployment_id, started_at, completed_at, condemned_at
                from revision_ledger
                where started_at >= ?
                order by started_at desc, service_arn, deployment_id
                limit ?
                """, PostgresRevisionLedger::entry, since, limit);
    }

    private static Entry entry(Row row) throws SQLException {
        return new Entry(
                ServiceRef.parse(row.text("service_arn")),
                new DeploymentId(row.text("deployment_id")),
                row.optionalInstant("started_at"),
                row.optionalInstant("completed_at"),
                row.optionalInstant("condemned_at"));
    }
}
