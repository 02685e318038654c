package io.deployguard.action;

import static io.deployguard.fixture.DeploymentBuilder.aDeploymentOf;
import static io.deployguard.fixture.FixedTime.NOON;
import static io.deployguard.fixture.RolloutBuilder.aRolloutOf;
import static io.deployguard.fixture.Shop.NEW;
import static io.deployguard.fixture.Shop.NEWER;
import static io.deployguard.fixture.Shop.OLD;
import static io.deployguard.fixture.Shop.WEB;
import static io.deployguard.fixture.Shop.definitionOf;
import static io.deployguard.fixture.SnapshotBuilder.aSnapshot;
import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.action.ActionPlan.Preparation;
import io.deployguard.action.ActionPlan.Refused;
import io.deployguard.action.ActionPlan.Steps;
import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.ServiceDeployment.Status;
import io.deployguard.ecs.ServiceDescription.Controller;
import io.deployguard.ecs.ServiceSnapshot;
import io.deployguard.fixture.SnapshotBuilder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReRegisterThenRollBackTest {

    private static final ReRegisterThenRollBack ACTION = new ReRegisterThenRollBack();
    private static final Command.RegisterCopy REGISTER = new Command.RegisterCopy(WEB, definitionOf(OLD));
    private static final String COPY = definitionOf(NEWER);

    /** ECS calls the failing release successful, so that it cannot be stopped any more. */
    private static SnapshotBuilder completed() {
        return aSnapshot()
                .rollouts(aRolloutOf(NEW).state("COMPLETED").counts(2, 2, 0).build())
                .deployments(
                        aDeploymentOf(NEW).status(Status.SUCCESSFUL).build(),
                        aDeploymentOf(OLD).status(Status.SUCCESSFUL).build())
                .tasks(List.of());
    }

    private static ActionPlan next(SnapshotBuilder snapshot, Optional<String> twin, CommandJournal.Entry... entries) {
        return ACTION.next(snapshot.build(), NEW, Set.of(), new Course(List.of(entries), twin));
    }

    private static CommandJournal.Entry sent(Optional<String> outcome) {
        return new CommandJournal.Entry(
                new UUID(0, 2), new UUID(0, 1), REGISTER, 1, NOON, outcome, outcome, outcome.map(_ -> NOON));
    }

    @Test
    void registersACopyFirst() {
        assertThat(next(completed(), Optional.empty())).isEqualTo(new Preparation(REGISTER));
    }

    @Test
    void asksForATwinOfWhatItWouldGoBackTo() {
        assertThat(ACTION.lookup(completed().build(), NEW, Set.of(), List.of()))
                .contains(new Lookup.ActiveTwin(definitionOf(OLD)));
        assertThat(ACTION.lookup(aSnapshot().build(), NEW, Set.of(), List.of())).isEmpty();
    }

    @Test
    void deploysTheCopyByItsFullArn() {
        assertThat(next(completed(), Optional.of(COPY), sent(Optional.of("done"))))
                .isEqualTo(new Steps(
                        List.of(new Command.UpdateService(WEB, COPY)),
                        "back to web:43, which is web:41 once more",
                        COPY));
    }

    /** Whoever registered it: a person did what the message advised. */
    @Test
    void registersNothingWhereATwinIsThere() {
        assertThat(next(completed(), Optional.of(COPY))).isInstanceOf(Steps.class);
    }

    @Test
    void sendsAgainWhatWasBegunAndHadNoEffect() {
        assertThat(next(completed(), Optional.empty(), sent(Optional.empty()))).isEqualTo(new Preparation(REGISTER));
    }

    @Test
    void neverRegistersASecondCopy() {
        assertThat(next(completed(), Optional.empty(), sent(Optional.of("done"))))
                .isEqualTo(new Refused("ECS does not list the copy of web:41 that was registered"));
    }

    static Stream<SnapshotBuilder> objectionable() {
        return Stream.of(
                completed().status("DRAINING"),
                completed().controller(Controller.CODE_DEPLOY),
                completed().desired(0),
                completed().rollouts(aRolloutOf(NEWER).build()),
                completed().deployments(),
                completed()
                        .deployments(aDeploymentOf(NEW)
                                .status(Status.ROLLBACK_FAILED)
                                .rollbackTo(OLD)
                                .build()),
                aSnapshot());
    }

    /** The conditions of a rollback are its own, and a deployment that runs is stopped. */
    @ParameterizedTest
    @MethodSource("objectionable")
    void isARollbackInEverythingElse(SnapshotBuilder snapshot) {
        assertThat(next(snapshot, Optional.of(COPY))).isEqualTo(new RollBack().plan(snapshot.build(), NEW, Set.of()));
    }

    @Test
    void neverGoesBackToWhatIsCondemned() {
        assertThat(ACTION.next(
                        completed().build(), NEW, Set.<DeploymentId>of(OLD), new Course(List.of(), Optional.of(COPY))))
                .isInstanceOf(Refused.class);
    }

    @Test
    void saysWhatItWouldDo() {
        ServiceSnapshot snapshot = completed().build();
        assertThat(ACTION.inWords(snapshot, next(completed(), Optional.empty())))
                .isEqualTo("register web:41 once more and roll back to the copy");
        assertThat(ACTION.inWords(snapshot, next(completed(), Optional.of(COPY))))
                .isEqualTo("roll back to web:43, which is web:41 once more");
    }

    @Test
    void isAllowedByTheSettingsAndTheModeAlone() {
        assertThat(ACTION.isWantedBy(Map.of())).isTrue();
    }
}
