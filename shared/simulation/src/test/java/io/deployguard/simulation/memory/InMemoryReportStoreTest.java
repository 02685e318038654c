package io.deployguard.simulation.memory;

import io.deployguard.fixture.FixedTime;
import io.deployguard.report.ReportStore;
import io.deployguard.report.ReportStoreContract;
import io.deployguard.report.WeeklyReport;
import java.util.Optional;
import java.util.UUID;

class InMemoryReportStoreTest extends ReportStoreContract {

    private final InMemoryDatabase database = new InMemoryDatabase(new FixedTime());

    @Override
    protected ReportStore store() {
        return new ReportStore() {
            @Override
            public boolean insert(WeeklyReport report) {
                return database.transact("insert", stores -> stores.reports().insert(report));
            }

            @Override
            public Optional<WeeklyReport> find(UUID id) {
                return database.transact("find", stores -> stores.reports().find(id));
            }
        };
    }
}
