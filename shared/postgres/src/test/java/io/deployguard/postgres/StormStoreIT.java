package io.deployguard.postgres;

import io.deployguard.incident.StormStore;
import io.deployguard.incident.StormStoreContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;

class StormStoreIT extends StormStoreContract {

    private static final TestDatabase DATABASE = TestDatabase.fresh();
    private final StormStore store = OneByOne.store(DATABASE.open(), StormStore.class);

    @BeforeEach
    void empty() {
        DATABASE.execute("delete from storm");
    }

    @AfterAll
    static void close() {
        DATABASE.close();
    }

    @Override
    protected StormStore store() {
        return store;
    }
}
