package io.deployguard.postgres;

import io.deployguard.report.ReportStore;
import io.deployguard.report.ReportStoreContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;

class ReportStoreIT extends ReportStoreContract {

    private static final TestDatabase DATABASE = TestDatabase.fresh();
    private final ReportStore store = OneByOne.store(DATABASE.open(), ReportStore.class);

    @BeforeEach
    void empty() {
        DATABASE.execute("delete from weekly_report");
    }

    @AfterAll
    static void close() {
        DATABASE.close();
    }

    @Override
    protected ReportStore store() {
        return store;
    }
}
