package io.deployguard.simulation.memory;

import io.deployguard.fixture.FixedTime;
import io.deployguard.incident.Approval;
import io.deployguard.incident.ApprovalStore;
import io.deployguard.incident.ApprovalStoreContract;
import java.util.Optional;
import java.util.UUID;

class InMemoryApprovalStoreTest extends ApprovalStoreContract {

    private final InMemoryDatabase database = new InMemoryDatabase(new FixedTime());

    @Override
    protected ApprovalStore store() {
        return new ApprovalStore() {
            @Override
            public boolean open(Approval.Open request) {
                return database.transact("open", stores -> stores.approvals().open(request));
            }

            @Override
            public boolean end(Approval ended) {
                return database.transact("end", stores -> stores.approvals().end(ended));
            }

            @Override
            public Optional<Approval> find(UUID incident) {
                return database.transact("find", stores -> stores.approvals().find(incident));
            }
        };
    }
}
