package io.deployguard.simulation.fleet;

import io.deployguard.decision.Mode;
import io.deployguard.ecs.ServiceRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** A service of the fleet with its releases, oldest first. The account holds how it is; this holds what it is. */
final class FleetService {

    /**
     * What a service is like for as long as it lives.
     *
     * @param desired tasks in normal times
     * @param targets whether it is behind a load balancer
     * @param containerCheck whether its container has a health check
     * @param startup until a good release answers
     * @param breaker whether ECS's own circuit breaker is on
     * @param breakerRollsBack whether that one goes back
     * @param compatible whether it declares that its migrations are backward compatible
     * @param database the number of the one that it shares with others
     * @param delivery how its releases come into service
     */
    record Traits(
            Mode mode,
            int desired,
            boolean targets,
            boolean containerCheck,
            Duration startup,
            boolean breaker,
            boolean breakerRollsBack,
            boolean compatible,
            int database,
            Delivery delivery) {

        static Traits random(RandomGenerator random, int databases) {
            var breaker = random.nextInt(4) == 0;
            var mode = random.nextInt(10) < 6 ? Mode.AUTO : random.nextBoolean() ? Mode.OBSERVE : Mode.ASK;
            var desired = random.nextInt(10) < 8 ? 1 + random.nextInt(4) : 5 + random.nextInt(8);
            var targets = random.nextInt(10) < 6;
            return new Traits(
                    mode,
                    desired,
                    targets,
                    random.nextInt(10) < 3,
                    Duration.ofSeconds(2 + random.nextInt(random.nextInt(5) == 0 ? 90 : 15)),
                    breaker,
                    breaker && random.nextInt(3) > 0,
                    random.nextInt(5) == 0,
                    random.nextInt(databases),
                    targets ? Delivery.random(random) : Delivery.ROLLING);
        }
    }

    private final ServiceRef ref;
    private final Traits traits;
    private final List<Release> releases = new ArrayList<>();
    private int desired;
    private boolean deleted;

    FleetService(ServiceRef ref, Traits traits) {
        this.ref = ref;
        this.traits = traits;
        this.desired = traits.desired();
    }

    ServiceRef ref() {
        return ref;
    }

    String name() {
        return ref.name();
    }

    String cluster() {
        return ref.cluster();
    }

    Traits traits() {
        return traits;
    }

    /** Tasks that are wanted now. */
    int desired() {
        return desired;
    }

    void desired(int count) {
        desired = count;
    }

    boolean isDeleted() {
        return deleted;
    }

    void delete() {
        deleted = true;
    }

    void add(Release release) {
        releases.add(release);
    }

    /** Its releases so far, the first one included. */
    int releaseCount() {
        return releases.size();
    }

    /** The newest release that is good. */
    Release lastGood() {
        return releases.reversed().stream()
                .filter(release -> !release.isBad())
                .findFirst()
                .orElseThrow();
    }

    Optional<Release> find(String taskDefinition) {
        return releases.stream()
                .filter(release -> release.taskDefinition().equals(taskDefinition))
                .findFirst();
    }
}
