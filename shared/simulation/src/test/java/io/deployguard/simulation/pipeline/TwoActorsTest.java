package io.deployguard.simulation.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.action.Command;
import io.deployguard.action.CommandOutcome;
import io.deployguard.decision.Mode;
import io.deployguard.fault.GuardFault;
import io.deployguard.incident.Progress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * Two actors at the same incident, in very many orders: each stops at every place between its transactions, and chance says who goes on, for how
 * long somebody sleeps there, and which request or answer gets lost.
 */
class TwoActorsTest {

    private static final int SCHEDULES = 1_000;
    private static final int ATTEMPTS = 3;

    @Test
    void changeEcsAtMostOnceInWhateverOrderTheyCome() {
        var overlaps = 0;
        var twice = 0;
        for (var seed = 1; seed <= SCHEDULES; seed++) {
            var schedule = new Schedule(seed);
            schedule.play();
            assertThat(schedule.effects).as("seed " + seed).hasSizeLessThanOrEqualTo(1);
            assertThat(schedule.hasEnded())
                    .as("seed " + seed + " " + schedule.rig.incident().progress())
                    .isTrue();
            overlaps += schedule.switches > 4 ? 1 : 0;
            twice += schedule.sent > 1 ? 1 : 0;
        }
        // Otherwise this would show nothing.
        assertThat(overlaps).isGreaterThan(SCHEDULES / 2);
        assertThat(twice).as("schedules in which the command was sent again").isGreaterThan(SCHEDULES / 20);
    }

    /** Each step of an action that takes two happens once, the second after the first. */
    @Test
    void runAMigrationAtMostOnceInWhateverOrderTheyCome() {
        var overlaps = 0;
        var completed = 0;
        for (var seed = 1; seed <= SCHEDULES / 2; seed++) {
            var schedule = new Schedule(seed, passage -> MigrationRig.of(passage, Mode.AUTO));
            schedule.play();
            assertThat(schedule.rig.writes)
                    .as("seed " + seed)
                    .isSubsetOf(MigrationRig.RUN, MigrationRig.REDEPLOY)
                    .doesNotHaveDuplicates();
            assertThat(schedule.rig.writes.indexOf(MigrationRig.REDEPLOY))
                    .as("seed " + seed)
                    .isNotZero();
            assertThat(schedule.hasEnded())
                    .as("seed " + seed + " " + schedule.rig.incident().progress())
                    .isTrue();
            overlaps += schedule.switches > 4 ? 1 : 0;
            completed += schedule.rig.writes.size() == 2 ? 1 : 0;
        }
        assertThat(overlaps).isGreaterThan(SCHEDULES / 4);
        assertThat(completed).as("schedules in which both steps were taken").isGreaterThan(SCHEDULES / 4);
    }

    @Test
    void registerACopyAtMostOnceInWhateverOrderTheyCome() {
        var completed = 0;
        for (var seed = 1; seed <= SCHEDULES / 2; seed++) {
            var schedule = new Schedule(seed, passage -> CopyRig.of(passage, Mode.AUTO));
            schedule.play();
            assertThat(schedule.rig.writes)
                    .as("seed " + seed)
                    .isSubsetOf(CopyRig.REGISTER, CopyRig.DEPLOY)
                    .doesNotHaveDuplicates();
            assertThat(schedule.rig.writes.indexOf(CopyRig.DEPLOY))
                    .as("seed " + seed)
                    .isNotZero();
            assertThat(schedule.hasEnded())
                    .as("seed " + seed + " " + schedule.rig.incident().progress())
                    .isTrue();
            completed += schedule.rig.writes.size() == 2 ? 1 : 0;
        }
        assertThat(completed).as("schedules in which both steps were taken").isGreaterThan(SCHEDULES / 4);
    }

    private static final class Schedule {

        private final Random chance;
        private final boolean inSteps;
        private final GuardRig rig;
        private final List<Actor> actors = new ArrayList<>();
        private final Semaphore turn = new Semaphore(0);
        private final List<Command> effects = new ArrayList<>();
        private String last = "";
        private int sent;
        private int switches;

        Schedule(int seed) {
            this.chance = new Random(seed);
            this.inSteps = false;
            this.rig = new GuardRig(GuardRig.BY_LINE, this::pass, Mode.AUTO);
        }

        /** Of an action that takes two steps. */
        Schedule(int seed, Function<GuardRig.Passage, GuardRig> rig) {
            this.chance = new Random(seed);
            this.inSteps = true;
            this.rig = rig.apply(this::pass);
        }

        void play() {
            rig.deliver(rig.begins());
            rig.deliver(rig.crashes("a", 30));
            actors.add(new Actor("act-1"));
            actors.add(new Actor("act-2"));
            while (!actors.isEmpty()) {
                var next = actors.get(chance.nextInt(actors.size()));
                switches += next.thread.getName().equals(last) ? 0 : 1;
                last = next.thread.getName();
                next.mayGo.release();
                turn.acquireUninterruptibly();
                actors.removeIf(actor -> actor.done);
                if (inSteps && chance.nextInt(12) == 0) {
                    endTask();
                }
                if (chance.nextInt(12) == 0) {
                    // Longer than the lease at times.
                    rig.time.pass(Duration.ofSeconds(20 + chance.nextInt(160)));
                }
            }
            rig.minutes(2);
            endTask();
            rig.minutes(8);
        }

        private void endTask() {
            MigrationRig.end(rig, 0);
        }

        boolean hasEnded() {
            return switch (rig.incident().progress()) {
                case Progress.Closed _, Progress.Advised _ -> true;
                case Progress.Suspected _,
                        Progress.Dismissed _,
                        Progress.Investigating _,
                        Progress.Planned _,
                        Progress.Verifying _ -> false;
            };
        }

        /** Between two transactions somebody else may go on; inside of one nobody sees anything of it. */
        private void pass(String place) {
            var own = Thread.currentThread();
            if (!place.contains(".") && !place.startsWith("before commit of")) {
                actors.stream()
                        .filter(actor -> actor.thread.equals(own))
                        .findFirst()
                        .ifPresent(Actor::pause);
            }
        }

        private CommandOutcome send(Command command) {
            sent++;
            if (chance.nextInt(6) == 0) {
                throw new GuardFault.TimedOut("the request got lost", null);
            }
            if (inSteps ? effects.contains(command) : !effects.isEmpty()) {
                return new CommandOutcome.AlreadySo("the service deployment is ROLLBACK_IN_PROGRESS already");
            }
            effects.add(command);
            rig.takeEffect(command);
            if (chance.nextInt(4) == 0) {
                throw new GuardFault.TimedOut("the answer got lost", null);
            }
            return new CommandOutcome.Done(command.describe());
        }

        private final class Actor {

            private final Semaphore mayGo = new Semaphore(0);
            private final Thread thread;
            private volatile boolean done;

            Actor(String name) {
                this.thread = Thread.ofPlatform().daemon().name(name).start(() -> {
                    mayGo.acquireUninterruptibly();
                    try {
                        for (var attempt = 0; attempt < ATTEMPTS; attempt++) {
                            act(name);
                        }
                    } finally {
                        done = true;
                        turn.release();
                    }
                });
            }

            private void act(String name) {
                try {
                    rig.act(name, (command, _) -> {
                        pause();
                        var outcome = send(command);
                        pause();
                        return outcome;
                    });
                } catch (GuardFault lost) {
                    pause();
                }
            }

            private void pause() {
                turn.release();
                mayGo.acquireUninterruptibly();
            }
        }
    }
}
