package io.deployguard.simulation.pipeline;

import static io.deployguard.fixture.Shop.NEW;
import static io.deployguard.fixture.Shop.WEB;
import static io.deployguard.fixture.Shop.attemptOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.action.Command;
import io.deployguard.decision.Mode;
import io.deployguard.event.GuardEvent;
import io.deployguard.fault.GuardFault;
import io.deployguard.incident.Incident;
import io.deployguard.incident.Progress;
import io.deployguard.notification.Delivery;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An outage of its whole length that begins at every single place of a release's story: before and after each call of the database, and at each of
 * ECS. Time is virtual here; {@code OutageIT} lets the shipped functions live through the same on the clock.
 */
class OutageStoryTest {

    private static final Duration TICK = Duration.ofSeconds(5);
    private static final Duration BOUND = Duration.ofSeconds(60);
    private static final Duration WATCH = Duration.ofMinutes(1);

    /** After which the function {@code detect} gets an event again that it put back. */
    private static final Duration PUT_BACK_FOR = Duration.ofSeconds(20);

    private static final Duration BETWEEN_EVENTS = Duration.ofSeconds(10);

    /** Who is away, for how long, and the calls that then fail. */
    enum Away {
        DATABASE(Duration.ofMinutes(5), "(?!.*(describe|look for|list one-off|gather|send command|post to)).*"),
        ECS(Duration.ofMinutes(3), "before (describe .*|look for images|list one-off tasks|send command)");

        private final Duration length;
        private final Pattern places;

        Away(Duration length, String places) {
            this.length = length;
            this.places = Pattern.compile(places);
        }

        private GuardFault fault(String place) {
            return this == DATABASE
                    ? new GuardFault.Unavailable(place + ": the database is away", null)
                    : new GuardFault.Throttled(place + ": throttled", null);
        }
    }

    /** Where it begins: at the place of that number among those that can fail, or nowhere. */
    private static final class Outage implements GuardRig.Passage {

        private final Away who;
        private final int beginsAt;
        private final List<String> places = new ArrayList<>();
        private Optional<Instant> begun = Optional.empty();
        private Optional<GuardRig> rig = Optional.empty();

        Outage(Away who, int beginsAt) {
            this.who = who;
            this.beginsAt = beginsAt;
        }

        @Override
        public void at(String place) {
            if (!who.places.matcher(place).matches()) {
                return;
            }
            var now = rig.map(running -> running.time.instant()).orElse(Instant.MIN);
            if (begun.isEmpty() && places.size() == beginsAt) {
                begun = Optional.of(now);
            }
            places.add(place);
            if (begun.isPresent() && now.isBefore(end())) {
                throw who.fault(place);
            }
        }

        Instant end() {
            return begun.orElseThrow().plus(who.length);
        }
    }

    /** An event in the queue, and when it can be received. */
    private record Waiting(GuardEvent event, Instant visibleAt) {}

    /** The functions, woken as the template has it. */
    private static final class Stack {

        private final GuardRig rig;
        private List<Waiting> queue = new ArrayList<>();
        private Instant nextWatch;
        private int actors;

        Stack(Outage outage) {
            this.rig = new GuardRig(GuardRig.CURABLE, outage, Mode.AUTO);
            outage.rig = Optional.of(rig);
            var at = rig.time.instant();
            this.nextWatch = at.plus(WATCH);
            for (var event : rig.aBadRelease()) {
                queue.add(new Waiting(event, at));
                at = at.plus(BETWEEN_EVENTS);
            }
        }

        void run(Duration length, Runnable atEachTick) {
            var end = rig.time.instant().plus(length);
            while (rig.time.instant().isBefore(end)) {
                detect();
                if (!rig.time.instant().isBefore(nextWatch)) {
                    nextWatch = nextWatch.plus(WATCH);
                    attempt(rig::watch);
                    wakeOthers();
                }
                atEachTick.run();
                rig.time.pass(TICK);
            }
        }

        private void detect() {
            var now = rig.time.instant();
            var later = new ArrayList<Waiting>();
            var some = false;
            for (var waiting : queue) {
                if (waiting.visibleAt().isAfter(now)) {
                    later.add(waiting);
                } else if (attempt(() -> rig.deliver(waiting.event()))) {
                    some = true;
                } else {
                    later.add(new Waiting(waiting.event(), now.plus(PUT_BACK_FOR)));
                }
            }
            queue = later;
            if (some) {
                wakeOthers();
            }
        }

        private void wakeOthers() {
            attempt(() -> rig.act("act-" + ++actors));
            attempt(rig::tell);
        }

        /** Whether it went well; a fault that passes leaves the work to the next wake-up. */
        private static boolean attempt(Runnable invocation) {
            try {
                invocation.run();
                return true;
            } catch (GuardFault fault) {
                assertThat(fault.isTransient()).isTrue();
                return false;
            }
        }
    }

    record Case(Away who, int place) {}

    static Stream<Case> places() {
        return Stream.of(Away.values()).flatMap(who -> {
            var quiet = new Outage(who, -1);
            new Stack(quiet).run(Duration.ofMinutes(8), () -> {});
            return IntStream.range(0, quiet.places.size()).mapToObj(place -> new Case(who, place));
        });
    }

    @Test
    void theStoryCanFailInManyPlaces() {
        assertThat(places().filter(one -> one.who() == Away.DATABASE)).hasSizeGreaterThan(100);
        assertThat(places().filter(one -> one.who() == Away.ECS)).hasSizeGreaterThan(10);
    }

    @ParameterizedTest
    @MethodSource("places")
    void nothingIsLostOrDoneTwiceAndAMinuteAfterTheReturnAllIsAsItShouldBe(Case at) {
        var outage = new Outage(at.who(), at.place());
        var stack = new Stack(outage);
        var looked = new ArrayList<Instant>();

        stack.run(Duration.ofMinutes(16), () -> {
            if (looked.isEmpty()
                    && outage.begun.isPresent()
                    && !stack.rig.time.instant().isBefore(outage.end().plus(BOUND))) {
                looked.add(stack.rig.time.instant());
                isAsItShouldBe(stack, place(outage, at));
            }
        });

        assertThat(looked).as("there was an outage").hasSize(1);
        var told = stack.rig.incidents().stream().filter(Incident::isTold).toList();
        assertThat(told)
                .as(place(outage, at))
                .singleElement()
                .satisfies(incident -> assertThat(incident.progress())
                        .isInstanceOfSatisfying(
                                Progress.Closed.class,
                                closed -> assertThat(closed.outcome()).isEqualTo(Progress.Outcome.HEALED)));
        assertThat(stack.rig.chat.last().headline()).as(place(outage, at)).startsWith("Healed");
        assertThat(stack.rig.pager.last().headline()).as(place(outage, at)).startsWith("Healed");
    }

    private static void isAsItShouldBe(Stack stack, String place) {
        assertThat(stack.queue).as(place).isEmpty();
        assertThat(stack.rig.incidents().stream().filter(Incident::isTold))
                .as(place)
                .hasSize(1);
        assertThat(stack.rig.writes).as(place).containsExactly(new Command.StopServiceDeployment(WEB, attemptOf(NEW)));
        assertThat(stack.rig.chat.notices).as(place).isNotEmpty();
        assertThat(stack.rig.chat.begun()).as(place).isLessThanOrEqualTo(2);
    }

    private static String place(Outage outage, Case at) {
        return at.who() + " away from " + outage.places.get(at.place());
    }

    /** The other channel is told meanwhile, and this one once it is back. */
    @Test
    void aChannelThatIsAwayForTwoMinutesIsToldWithinAMinuteOfItsReturn() {
        var stack = new Stack(new Outage(Away.DATABASE, -1));
        var back = stack.rig.time.instant().plus(Duration.ofMinutes(2));
        stack.rig.chat.instead = Optional.of(new Delivery.Retry(Duration.ofSeconds(3), "HTTP 503"));

        stack.run(Duration.ofMinutes(2), () -> {});
        assertThat(stack.rig.chat.notices).isEmpty();
        assertThat(stack.rig.pager.notices).isNotEmpty();
        stack.rig.chat.instead = Optional.empty();
        var told = new ArrayList<Instant>();
        stack.run(Duration.ofMinutes(5), () -> {
            if (told.isEmpty() && !stack.rig.chat.notices.isEmpty()) {
                told.add(stack.rig.time.instant());
            }
        });

        assertThat(told)
                .singleElement()
                .satisfies(moment -> assertThat(Duration.between(back, moment)).isLessThanOrEqualTo(BOUND));
        assertThat(stack.rig.chat.begun()).isEqualTo(1);
    }
}
