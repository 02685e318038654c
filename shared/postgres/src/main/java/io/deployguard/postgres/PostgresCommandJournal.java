package io.deployguard.postgres;

import io.deployguard.action.Command;
import io.deployguard.action.CommandJournal;
import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.Place;
import io.deployguard.ecs.ServiceRef;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Tables {@code action_claim} and {@code command_journal}. Beginning twice is once; the first outcome of a command stands. */
final class PostgresCommandJournal implements CommandJournal {

    private final Sql sql;

    PostgresCommandJournal(Sql sql) {
        this.sql = sql;
    }

    @Override
    public boolean claim(ServiceRef service, DeploymentId failing, UUID incident, Instant at) {
        sql.update("""
                insert into action_claim (service_arn, deployment_id, incident_id, claimed_at)
                values (?, ?, ?, ?)
                on conflict (service_arn, deployment_id) do nothing
                """, service.arn(), failing.value(), incident, at);
        return sql.find("""
                select incident_id
                from action_claim
                where service_arn = ? and deployment_id = ?
                """, row -> row.uuid("incident_id"), service.arn(), failing.value())
                .filter(incident::equals)
                .isPresent();
    }

    @Override
    public void begin(Entry entry) {
        sql.update(
                """
                insert into command_journal (id, incident_id, command, place, fence, begun_at, outcome, detail, finished_at)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?)
                on conflict (id) do nothing
                """,
                entry.id(),
                entry.incident(),
                Documents.write(entry.command(), Command.class),
                entry.command().service().place().toString(),
                entry.fence(),
                entry.begunAt(),
                entry.outcome(),
                entry.detail(),
                entry.finishedAt());
    }

    /** @throws IllegalArgumentException when the command was never begun */
    @Override
    public void finish(UUID entry, String outcome, String detail, Instant at) {
        var finished = sql.update("""
                update command_journal
                set outcome = coalesce(outcome, ?), detail = coalesce(detail, ?), finished_at = coalesce(finished_at, ?)
                where id = ?
                """, outcome, detail, at, entry);
        if (finished == 0) {
            throw new IllegalArgumentException("command journal: expected an entry that was begun, got " + entry);
        }
    }

    @Override
    public List<Entry> entriesOf(UUID incident) {
        return sql.list("""
                select id, incident_id, command, fence, begun_at, outcome, detail, finished_at
                from command_journal
                where incident_id = ?
                order by begun_at, fence, id
                """, PostgresCommandJournal::entry, incident);
    }

    @Override
    public long begunSince(Place place, Instant since) {
        return sql.find("""
                        select count(*) as begun
                        from command_journal
                        where begun_at >= ? and (place = ? or place is null)
                        """, row -> row.number("begun"), since, place.toString())
                .orElse(0L);
    }

    private static Entry entry(Row row) throws SQLException {
        return new Entry(
                row.uuid("id"),
                row.uuid("incident_id"),
                Documents.read(row.text("command"), Command.class),
                row.number("fence"),
                row.instant("begun_at"),
                row.optionalText("outcome"),
                row.optionalText("detail"),
                row.optionalInstant("finished_at"));
    }
}
