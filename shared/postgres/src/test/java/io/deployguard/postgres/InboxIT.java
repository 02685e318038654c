package io.deployguard.postgres;

import static io.deployguard.postgres.Samples.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deployguard.event.EventKey;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class InboxIT {

    private static final TestDatabase DATABASE = TestDatabase.fresh();
    private final PostgresDatabase database = DATABASE.open();

    @AfterAll
    static void close() {
        DATABASE.close();
    }

    @Test
    void acceptsAnEventOnce() {
        assertThat(accept("task-1 v3")).isTrue();
        for (var again = 0; again < 10; again++) {
            assertThat(accept("task-1 v3")).isFalse();
        }
        assertThat(accept("task-1 v4")).isTrue();
    }

    @Test
    void acceptsItAgainWhenWhatItChangedWasNotStored() {
        assertThatThrownBy(() -> database.transact("take in event", stores -> {
                    stores.inbox().accept(new EventKey("task-2 v1"), NOON);
                    throw new IllegalStateException("the function died");
                }))
                .hasMessage("the function died");

        assertThat(accept("task-2 v1")).isTrue();
    }

    @Test
    void storesAKeyWithCharactersThatTextColumnsRefuse() {
        assertThat(accept("task\0-3 \ud83d")).isTrue();
        assertThat(accept("task\0-3 \ud83d")).isFalse();
    }

    private boolean accept(String key) {
        return database.transact("take in event", stores -> stores.inbox().accept(new EventKey(key), NOON));
    }
}
