package io.deployguard.report;

import java.util.Optional;
import java.util.UUID;

/** Keeps weekly reports. */
public interface ReportStore {

    /**
     * Stores the report of a week.
     *
     * @return false when the week has one already, which is then left as it is
     */
    boolean insert(WeeklyReport report);

    Optional<WeeklyReport> find(UUID id);
}
