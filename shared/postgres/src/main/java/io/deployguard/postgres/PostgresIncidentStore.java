package io.deployguard.postgres;

import io.deployguard.decision.ActionBudget;
import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.ServiceRef;
import io.deployguard.incident.Incident;
import io.deployguard.incident.IncidentStore;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Tables {@code incident} and {@code incident_event}. The history of an incident begins with its opening. */
final class PostgresIncidentStore implements IncidentStore {

    private final Sql sql;

    PostgresIncidentStore(Sql sql) {
        this.sql = sql;
    }

    @Override
    public boolean insert(Incident incident) {
        var inserted = sql.update(
                """
                insert into incident
                    (id, service_arn, deployment_id, stage, open_key, open_changed_at, revision, opened_at, changed_at, document)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                on conflict do nothing
                """,
                incident.id(),
                incident.service().arn(),
                incident.deployment().value(),
                stage(incident),
                openKey(incident),
                openChangedAt(incident),
                incident.revision(),
                incident.openedAt(),
                incident.changedAt(),
                Documents.write(incident, Incident.class));
        if (inserted == 0) {
            return false;
        }
        var sign =
                incident.signs().stream().findFirst().map(Incident.Sign::what).orElse("without a sign");
        writeHistory(incident, "opened: " + sign);
        return true;
    }

    @Override
    public void update(Incident incident, String happened) {
        var updated = sql.update(
                """
                update incident
                set stage = ?, open_key = ?, open_changed_at = ?, revision = ?, changed_at = ?, document = ?
                where id = ? and revision = ?
                """,
                stage(incident),
                openKey(incident),
                openChangedAt(incident),
                incident.revision(),
                incident.changedAt(),
                Documents.write(incident, Incident.class),
                incident.id(),
                incident.revision() - 1);
        if (updated == 0) {
            throw new ConcurrentChange(incident.id());
        }
        writeHistory(incident, happened);
    }

    @Override
    public Optional<Incident> find(UUID id) {
        return sql.find("""
                select document
                from incident
                where id = ?
                """, PostgresIncidentStore::incident, id);
    }

    @Override
    public Optional<Incident> findOpen(ServiceRef service, DeploymentId deployment) {
        return sql.find("""
                select document
                from incident
                where open_key = ?
                """, PostgresIncidentStore::incident, openKey(service, deployment));
    }

    @Override
    public List<Incident> openOf(ServiceRef service) {
        return sql.list("""
                select document
                from incident
                where service_arn = ? and open_changed_at is not null
                order by opened_at, id
                """, PostgresIncidentStore::incident, service.arn());
    }

    @Override
    public List<Incident> open(int limit) {
        return sql.list("""
                select document
                from incident
                where open_changed_at is not null
                order by open_changed_at, id
                limit ?
                """, PostgresIncidentStore::incident, limit);
    }

    @Override
    public List<Incident> newest(int limit) {
        return sql.list("""
                select document
                from incident
                order by opened_at desc, id
                limit ?
                """, PostgresIncidentStore::incident, limit);
    }

    @Override
    public List<Incident> openedSince(Instant since, int limit) {
        return sql.list("""
                select document
                from incident
                where opened_at >= ?
                order by opened_at desc, id
                limit ?
                """, PostgresIncidentStore::incident, since, limit);
    }

    @Override
    public List<Incident> openedSince(ServiceRef service, Instant since, int limit) {
        return sql.list("""
                select document
                from incident
                where service_arn = ? and opened_at >= ?
                order by opened_at desc, id
                limit ?
                """, PostgresIncidentStore::incident, service.arn(), since, limit);
    }

    @Override
    public List<ActionBudget.Failure> failuresSince(Instant since, int limit) {
        return sql.list(
                """
                select id, service_arn, opened_at
                from incident
                where opened_at >= ? and stage <> 'Dismissed'
                order by opened_at desc, id
                limit ?
                """,
                row -> new ActionBudget.Failure(
                        row.uuid("id"), ServiceRef.parse(row.text("service_arn")), row.instant("opened_at")),
                since,
                limit);
    }

    @Override
    public List<Entry> historyOf(UUID id) {
        return sql.list(
                """
                select happened_at, revision, what
                from incident_event
                where incident_id = ?
                order by revision
                """, row -> new Entry(row.instant("happened_at"), row.number("revision"), row.text("what")), id);
    }

    private void writeHistory(Incident incident, String what) {
        sql.update("""
                insert into incident_event (incident_id, revision, happened_at, what)
                values (?, ?, ?, ?)
                """, incident.id(), incident.revision(), incident.changedAt(), what);
    }

    private static Incident incident(Row row) throws SQLException {
        return Documents.read(row.text("document"), Incident.class);
    }

    private static String stage(Incident incident) {
        return incident.progress().getClass().getSimpleName();
    }

    private static Optional<String> openKey(Incident incident) {
        return incident.isOpen() ? Optional.of(openKey(incident.service(), incident.deployment())) : Optional.empty();
    }

    private static Optional<Instant> openChangedAt(Incident incident) {
        return incident.isOpen() ? Optional.of(incident.changedAt()) : Optional.empty();
    }

    private static String openKey(ServiceRef service, DeploymentId deployment) {
        return service.arn() + " " + deployment.value();
    }
}
