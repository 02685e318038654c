package io.deployguard.postgres;

import io.deployguard.report.ReportStore;
import io.deployguard.report.WeeklyReport;
import java.util.Optional;
import java.util.UUID;

/** Table {@code weekly_report}. */
final class PostgresReportStore implements ReportStore {

    private final Sql sql;

    PostgresReportStore(Sql sql) {
        this.sql = sql;
    }

    @Override
    public boolean insert(WeeklyReport report) {
        return sql.update("""
                insert into weekly_report (id, until_at, document)
                values (?, ?, ?)
                on conflict do nothing
                """, report.id(), report.until(), Documents.write(report, WeeklyReport.class)) == 1;
    }

    @Override
    public Optional<WeeklyReport> find(UUID id) {
        return sql.find("""
                select document
                from weekly_report
                where id = ?
                """, row -> Documents.read(row.text("document"), WeeklyReport.class), id);
    }
}
