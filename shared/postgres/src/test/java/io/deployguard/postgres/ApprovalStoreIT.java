package io.deployguard.postgres;

import static io.deployguard.postgres.Samples.granted;
import static io.deployguard.postgres.Samples.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.incident.ApprovalStore;
import io.deployguard.incident.ApprovalStoreContract;
import java.util.ArrayList;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.RepeatedTest;

class ApprovalStoreIT extends ApprovalStoreContract {

    private static final TestDatabase DATABASE = TestDatabase.fresh();
    private final ApprovalStore store = OneByOne.store(DATABASE.open(), ApprovalStore.class);

    @AfterAll
    static void close() {
        DATABASE.close();
    }

    @Override
    protected ApprovalStore store() {
        return store;
    }

    @RepeatedTest(5)
    void letsOneOfManyWinWhoAnswerAtOnce() throws Exception {
        var incident = UUID.randomUUID();
        store.open(request(incident));
        var together = new CountDownLatch(1);
        var people = IntStream.range(0, 8).mapToObj(n -> "person " + n).toList();
        var wins = new ArrayList<String>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = new ArrayList<Future<Boolean>>();
            for (var name : people) {
                var own = OneByOne.store(DATABASE.open(), ApprovalStore.class);
                answers.add(threads.submit(() -> {
                    together.await();
                    return own.end(granted(incident, name));
                }));
            }
            together.countDown();
            for (var n = 0; n < people.size(); n++) {
                if (answers.get(n).get()) {
                    wins.add(people.get(n));
                }
            }
        }

        assertThat(wins).hasSize(1);
        assertThat(store.find(incident)).contains(granted(incident, wins.getFirst()));
    }
}
