package io.deployguard.simulation.memory;

import io.deployguard.report.ReportStore;
import io.deployguard.report.WeeklyReport;
import java.util.Optional;
import java.util.UUID;

/** Weekly reports by their id, which is that of the week. */
final class InMemoryReportStore implements ReportStore {

    private final Table<UUID, WeeklyReport> reports = new Table<>();

    @Override
    public boolean insert(WeeklyReport report) {
        if (reports.find(report.id()).isPresent()) {
            return false;
        }
        reports.put(report.id(), report);
        return true;
    }

    @Override
    public Optional<WeeklyReport> find(UUID id) {
        return reports.find(id);
    }

    Table<?, ?> table() {
        return reports;
    }
}
