package io.deployguard.simulation.pipeline;

import static io.deployguard.simulation.pipeline.CodeDeployRig.CRASHING;
import static io.deployguard.simulation.pipeline.CodeDeployRig.WEB;
import static io.deployguard.simulation.pipeline.CodeDeployRig.WELL;
import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.action.Command;
import io.deployguard.ecs.ServiceDescription.Rollout;
import io.deployguard.incident.Incident;
import io.deployguard.incident.Progress;
import io.deployguard.incident.Progress.Outcome;
import io.deployguard.pipeline.Waiting;
import io.deployguard.simulation.account.Behavior;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Releases that CodeDeploy brings into service: what the guard sees, stops, proves and leaves alone. */
class CodeDeployStoryTest {

    private static Progress.Closed end(Incident incident) {
        assertThat(incident.progress()).isInstanceOf(Progress.Closed.class);
        return (Progress.Closed) incident.progress();
    }

    private static String serving(CodeDeployRig rig) {
        return rig.look()
                .service()
                .primary()
                .map(Rollout::taskDefinitionArn)
                .orElseThrow()
                .replaceFirst(".*/", "");
    }

    @Test
    void aReleaseThatCrashesIsStoppedAndTheEarlierTasksAreProvenWell() {
        var rig = new CodeDeployRig();
        var id = rig.release(CRASHING);

        rig.minutes(8);

        assertThat(rig.writes).containsExactly(new Command.StopCodeDeployDeployment(WEB, id));
        assertThat(rig.statuses()).containsExactly("Succeeded", "Stopped");
        assertThat(serving(rig)).isEqualTo("web:1");
        assertThat(end(rig.incident()).outcome()).isEqualTo(Outcome.HEALED);
        assertThat(rig.incident()
                        .situation()
                        .orElseThrow()
                        .healthyTaskDefinitionArn()
                        .orElseThrow())
                .endsWith("web:1");
        assertThat(rig.notices.getFirst().toString()).contains(CodeDeployRig.LINE);
    }

    /** They began before the release that failed, and have their place again. */
    @Test
    void whatHappensLaterToTheTasksThatServeAgainIsTold() {
        var rig = new CodeDeployRig();
        rig.release(WELL);
        rig.minutes(8);
        rig.release(CRASHING);
        rig.minutes(8);
        assertThat(serving(rig)).isEqualTo("web:2");

        rig.account.behavior("web:2", CRASHING);
        rig.account.crash("shop", "web", 134, "applying migration", CodeDeployRig.LINE);
        rig.minutes(6);

        assertThat(rig.incidents())
                .filteredOn(incident -> incident.deployment()
                        .equals(rig.look().service().primary().orElseThrow().id()))
                .singleElement()
                .matches(Incident::isTold);
    }

    @Test
    void aReleaseThatIsWellIsLeftAlone() {
        var rig = new CodeDeployRig();
        rig.release(WELL);

        rig.minutes(12);

        assertThat(rig.statuses()).containsExactly("Succeeded");
        assertThat(serving(rig)).isEqualTo("web:2");
        assertThat(rig.incidents()).isEmpty();
        assertThat(rig.writes).isEmpty();
    }

    @Test
    void whatFailsWithinTheTerminationWaitGivesTrafficBackToTheEarlierTasks() {
        var rig = new CodeDeployRig(Duration.ofMinutes(30), _ -> {});
        var id = rig.release(
                Behavior.crashingLate(Duration.ofMinutes(3), 134, "applying migration", CodeDeployRig.LINE));
        rig.minutesWithoutActor(3);
        assertThat(rig.look().service().loadBalancers().getFirst().targetGroupArn())
                .as("traffic has moved")
                .isEqualTo(rig.group.pair().getLast().arn());

        rig.minutes(10);

        assertThat(rig.writes).containsExactly(new Command.StopCodeDeployDeployment(WEB, id));
        assertThat(rig.look().service().loadBalancers().getFirst().targetGroupArn())
                .isEqualTo(rig.group.pair().getFirst().arn());
        assertThat(end(rig.incident()).outcome()).isEqualTo(Outcome.HEALED);
    }

    @Test
    void whatFailsAfterTheDeploymentHasEndedIsForAPersonWithTheCommandThatLeadsBack() {
        var rig = new CodeDeployRig(Duration.ofMinutes(1), _ -> {});
        var earlier = rig.release(WELL);
        rig.minutes(6);
        rig.release(Behavior.crashingLate(Duration.ofMinutes(6), 134, "applying migration", CodeDeployRig.LINE));
        rig.minutes(6);
        assertThat(rig.statuses()).containsExactly("Succeeded", "Succeeded");

        rig.minutes(5);

        assertThat(rig.writes).isEmpty();
        assertThat(rig.incident().progress()).isInstanceOf(Progress.Advised.class);
        assertThat(rig.notices.getLast().toString())
                .contains("aws deploy create-deployment --region eu-central-1 --application-name shop")
                .contains("--deployment-id " + earlier);
    }

    @Test
    void aDeploymentWithoutAHealthyTaskIsNoticedThoughNothingStops() {
        var rig = new CodeDeployRig();
        rig.release(new Behavior.Unplaceable(""));

        rig.minutes(12);

        assertThat(rig.incident().signs()).anyMatch(sign -> sign.what().contains("without a healthy task"));
        assertThat(rig.incident().deployment())
                .isEqualTo(rig.look().service().primary().orElseThrow().id());
    }

    @Test
    void aDeploymentThatCodeDeployGivesUpAndTakesBackIsExplainedAndNotTouched() {
        var rig = new CodeDeployRig();
        rig.release(Behavior.healthyAfter(Duration.ofDays(1), "waiting"));

        rig.minutes(75);

        assertThat(rig.statuses()).containsExactly("Succeeded", "Failed");
        assertThat(rig.writes).isEmpty();
        assertThat(rig.incident().signs())
                .anyMatch(sign -> sign.what().contains(": FAILURE, The deployment timed out"));
        assertThat(end(rig.incident()).outcome()).isEqualTo(Outcome.RECOVERED);
        assertThat(end(rig.incident()).because()).contains("rolled back to web:1");
    }

    @Test
    void aPersonWhoStopsItFirstIsNotFollowedByTheGuard() {
        var rig = new CodeDeployRig();
        var id = rig.release(CRASHING);
        rig.minutesWithoutActor(2);
        assertThat(rig.incident().progress()).isInstanceOf(Progress.Planned.class);
        rig.stop(id);

        rig.minutes(8);

        assertThat(rig.writes).isEmpty();
        assertThat(rig.statuses()).containsExactly("Succeeded", "Stopped");
        assertThat(rig.incidents().stream().filter(Incident::isTold)).hasSize(1);
        assertThat(end(rig.incident()).outcome()).isEqualTo(Outcome.RECOVERED);
    }

    @Test
    void aPersonWhoStopsItInTheSameSecondIsEnough() {
        var rig = new CodeDeployRig();
        var id = rig.release(CRASHING);
        rig.beforeWrite(() -> rig.stop(id));

        rig.minutes(8);

        assertThat(rig.writes).containsExactly(new Command.StopCodeDeployDeployment(WEB, id));
        assertThat(rig.statuses()).containsExactly("Succeeded", "Stopped");
        assertThat(end(rig.incident()).outcome()).isEqualTo(Outcome.HEALED);
    }

    @Test
    void whoWaitsForTheReleaseIsToldThatItWasRolledBack() {
        var rig = new CodeDeployRig();
        rig.release(CRASHING);
        var waiting = Waiting.begin(
                "arn:aws:ecs:eu-central-1:123456789012:task-definition/web:2",
                rig.account.clock().instant(),
                Duration.ZERO);
        rig.minutesWithoutActor(1);
        var during = waiting.look(rig.look());
        assertThat(during.state()).isEqualTo(Waiting.State.PENDING);

        rig.minutes(4);

        var after = during.next().look(rig.look());
        assertThat(after.state()).as(after.because()).isEqualTo(Waiting.State.ROLLED_BACK);
    }

    /** Ends the process at one of the places that a release's story passes; counts them all. */
    private static final class Life implements Consumer<String> {
        private final int killAt;
        private final List<String> places = new ArrayList<>();

        Life(int killAt) {
            this.killAt = killAt;
        }

        @Override
        public void accept(String place) {
            places.add(place);
            if (places.size() - 1 == killAt) {
                throw new CodeDeployRig.Killed(place);
            }
        }
    }

    private static CodeDeployRig play(Life life) {
        var rig = new CodeDeployRig(Duration.ofMinutes(5), life);
        rig.release(CRASHING);
        rig.minutes(8);
        return rig;
    }

    static IntStream places() {
        var life = new Life(-1);
        play(life);
        return IntStream.range(0, life.places.size());
    }

    @ParameterizedTest
    @MethodSource("places")
    void whereverTheProcessEndsTheDeploymentIsStoppedOnceAndProven(int at) {
        var life = new Life(at);

        var rig = play(life);

        var place = life.places.get(at);
        assertThat(rig.statuses()).as(place).containsExactly("Succeeded", "Stopped");
        assertThat(rig.writes).as(place).hasSize(1);
        assertThat(end(rig.incident()).outcome()).as(place).isEqualTo(Outcome.HEALED);
    }
}
