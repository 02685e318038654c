package io.deployguard.simulation.memory;

import io.deployguard.fixture.FixedTime;
import io.deployguard.incident.Storm;
import io.deployguard.incident.StormStore;
import io.deployguard.incident.StormStoreContract;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

class InMemoryStormStoreTest extends StormStoreContract {

    private final InMemoryDatabase database = new InMemoryDatabase(new FixedTime());

    @Override
    protected StormStore store() {
        return new StormStore() {
            @Override
            public Optional<Storm> findCurrent(String place) {
                return database.transact("find", stores -> stores.storms().findCurrent(place));
            }

            @Override
            public Optional<Storm> findLatest(String place) {
                return database.transact("find", stores -> stores.storms().findLatest(place));
            }

            @Override
            public Optional<Storm> findLedBy(UUID incident) {
                return database.transact("find", stores -> stores.storms().findLedBy(incident));
            }

            @Override
            public List<Storm> current(int limit) {
                return database.transact("list", stores -> stores.storms().current(limit));
            }

            @Override
            public void save(Storm storm) {
                database.transact("save", stores -> {
                    stores.storms().save(storm);
                    return storm;
                });
            }
        };
    }
}
