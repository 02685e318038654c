package io.deployguard.simulation.pipeline;

import static io.deployguard.fixture.DefinitionBuilder.aDefinition;
import static io.deployguard.fixture.DeploymentBuilder.aDeploymentOf;
import static io.deployguard.fixture.RolloutBuilder.aRolloutOf;
import static io.deployguard.fixture.Shop.NEW;
import static io.deployguard.fixture.Shop.NEWER;
import static io.deployguard.fixture.Shop.OLD;
import static io.deployguard.fixture.Shop.OLDER;
import static io.deployguard.fixture.Shop.WEB;
import static io.deployguard.fixture.Shop.attemptOf;
import static io.deployguard.fixture.SnapshotBuilder.aQuietSnapshot;
import static io.deployguard.fixture.SnapshotBuilder.aSnapshot;
import static io.deployguard.fixture.SnapshotBuilder.running;
import static io.deployguard.fixture.TaskBuilder.aTask;
import static io.deployguard.simulation.pipeline.GuardRig.at;
import static io.deployguard.simulation.pipeline.GuardRig.crashed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deployguard.action.Command;
import io.deployguard.action.CommandOutcome;
import io.deployguard.classification.CauseCatalog;
import io.deployguard.classification.CauseId;
import io.deployguard.classification.Classifier;
import io.deployguard.classification.Diagnosis;
import io.deployguard.decision.Decision;
import io.deployguard.decision.Mode;
import io.deployguard.ecs.Container.Health;
import io.deployguard.ecs.GithubDeployment;
import io.deployguard.ecs.ServiceDeployment.Status;
import io.deployguard.ecs.ServiceDescription.Controller;
import io.deployguard.ecs.ServiceRef;
import io.deployguard.ecs.Stop;
import io.deployguard.event.EventKey;
import io.deployguard.event.GuardEvent;
import io.deployguard.evidence.Evidence;
import io.deployguard.evidence.EvidenceBundle;
import io.deployguard.evidence.EvidenceRequest;
import io.deployguard.fault.GuardFault;
import io.deployguard.fixture.DiagnosisBuilder;
import io.deployguard.fixture.Shop;
import io.deployguard.incident.Incident;
import io.deployguard.incident.Progress;
import io.deployguard.incident.Progress.Outcome;
import io.deployguard.notification.ReleaseStatus;
import io.deployguard.pipeline.CatalogDiagnose;
import io.deployguard.pipeline.Handled;
import io.deployguard.pipeline.Responder.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Whole incidents, from the event to the end. */
class PipelineStoryTest {

    private static Outcome outcome(Incident incident) {
        assertThat(incident.progress()).as(incident.toString()).isInstanceOf(Progress.Closed.class);
        return ((Progress.Closed) incident.progress()).outcome();
    }

    private static String because(Incident incident) {
        return incident.decision().orElseThrow().because();
    }

    /** The first crash is enough for a cause that another try cannot cure. */
    private static GuardRig planned() {
        var rig = new GuardRig();
        rig.deliver(rig.begins());
        rig.deliver(rig.crashes("a", 30));
        assertThat(rig.incident().progress()).isInstanceOf(Progress.Planned.class);
        return rig;
    }

    private static GuardRig acted() {
        var rig = planned();
        assertThat(rig.act("act")).singleElement().isInstanceOf(Response.Acted.class);
        return rig;
    }

    @Nested
    class ABadRelease {

        @Test
        void isNamedTurnedAroundAndFoundHealedInOneMessage() {
            var rig = new GuardRig(new CatalogDiagnose(new Classifier(CauseCatalog.load())));
            rig.deliverAll(rig.aBadRelease());
            rig.tell();
            rig.act("act");
            rig.tell();
            rig.minutes(5);

            assertThat(rig.writes).containsExactly(new Command.StopServiceDeployment(WEB, attemptOf(NEW)));
            assertThat(outcome(rig.incident())).isEqualTo(Outcome.HEALED);
            assertThat(rig.incident().diagnosis())
                    .containsInstanceOf(Diagnosis.Identified.class)
                    .get()
                    .extracting(found -> ((Diagnosis.Identified) found).cause())
                    .isEqualTo(new CauseId("migration-conflict"));
            assertThat(rig.chat.begun()).isEqualTo(1);
            assertThat(rig.chat.notices).hasSizeGreaterThanOrEqualTo(3);
            assertThat(rig.chat.references.stream().skip(1)).containsOnly(Optional.of("chat-1"));
            assertThat(rig.chat.notices.getFirst().toString())
                    .contains("clinics")
                    .contains("roll back to web:41");
            assertThat(rig.chat.last().headline()).startsWith("Healed");
            assertThat(rig.history())
                    .anyMatch(what -> what.startsWith("opened"))
                    .anyMatch(what -> what.startsWith("diagnosis migration-conflict"))
                    .anyMatch(what -> what.startsWith("acted"))
                    .anyMatch(what -> what.contains("are healthy, for"));
        }

        @Test
        void isSeenTogetherWithWhatElseFailsInTheSameMinutes() {
            var seen = new ArrayList<EvidenceBundle>();
            var rig = new GuardRig(bundle -> {
                seen.add(bundle);
                return DiagnosisBuilder.UNKNOWN;
            });
            rig.memory.transact("begin to fail", stores -> {
                for (var service : List.of("cart", "long-ago")) {
                    stores.incidents()
                            .insert(Incident.open(
                                    UUID.randomUUID(),
                                    new ServiceRef("aws", "eu-central-1", "123456789012", "shop", service),
                                    NEW,
                                    new Progress.Investigating(at(0), 0),
                                    new Incident.Sign(
                                            "restart-loop", at(service.equals("cart") ? 40 : -4_000), "2 stops")));
                }
                return true;
            });
            rig.deliverAll(rig.aBadRelease());

            assertThat(seen)
                    .isNotEmpty()
                    .allSatisfy(bundle -> assertThat(bundle.only(Evidence.FailingToo.class))
                            .containsExactly(new Evidence.FailingToo(List.of("shop/cart"))));
        }

        @Test
        void isNotBlamedForTheTargetsOfAnotherRevision() {
            var seen = new ArrayList<EvidenceBundle>();
            var rig = new GuardRig(bundle -> {
                seen.add(bundle);
                return DiagnosisBuilder.UNKNOWN;
            });
            rig.ecs.show(aSnapshot()
                    .loadBalancers("group")
                    .tasks(aTask().of(OLD).address("10.0.0.41").build())
                    .target("group", "10.0.0.41", "unhealthy")
                    .target("group", "10.0.0.99", "draining"));
            rig.deliverAll(rig.aBadRelease());

            assertThat(seen)
                    .isNotEmpty()
                    .allSatisfy(bundle -> assertThat(bundle.only(Evidence.TargetReason.class))
                            .extracting(Evidence.TargetReason::state)
                            .containsExactly("draining"));
        }

        @Test
        void isKnownByThePipelinesNameInTheTagsOfTheTaskDefinition() {
            var rig = new GuardRig();
            rig.ecs.show(aSnapshot().tag(GithubDeployment.TAG, "octo/shop/deployments/2"));
            rig.ecs.define(
                    Shop.definitionOf(NEW),
                    aDefinition()
                            .tag(GithubDeployment.TAG, "octo/shop/deployments/1")
                            .build());
            rig.deliverAll(rig.aBadRelease());
            rig.tell();

            assertThat(rig.chat.last().release()).hasValueSatisfying(release -> {
                assertThat(release.deployment()).isEqualTo(new GithubDeployment("octo", "shop", 1));
                assertThat(release.state()).isEqualTo(ReleaseStatus.State.FAILURE);
            });
        }

        /** The next release writes its own name into the service's tags, while the one that failed is still told of. */
        @Test
        void isKnownByTheTagsOfTheServiceAsTheyWereAtFirst() {
            var rig = new GuardRig(GuardRig.CURABLE);
            rig.ecs.show(aSnapshot().mode("observe").tag(GithubDeployment.TAG, "octo/shop/deployments/1"));
            rig.deliver(rig.begins());
            rig.deliver(rig.crashes("a", 30));
            rig.ecs.show(aSnapshot().mode("observe").tag(GithubDeployment.TAG, "octo/shop/deployments/2"));
            rig.deliver(rig.crashes("b", 60));
            rig.tell();

            assertThat(rig.chat.last().release().map(ReleaseStatus::deployment))
                    .contains(new GithubDeployment("octo", "shop", 1));

            var late = new GuardRig();
            late.ecs.show(aQuietSnapshot(NEWER).tag(GithubDeployment.TAG, "octo/shop/deployments/2"));
            late.deliver(late.deployment("SERVICE_DEPLOYMENT_FAILED", 30));
            late.tell();

            assertThat(late.chat.last().release())
                    .as("the service's tags are those of a later release")
                    .isEmpty();
        }

        @Test
        void saysThatThePipelinesNameCannotBeRead() {
            var rig = new GuardRig();
            rig.ecs.show(aSnapshot().tag(GithubDeployment.TAG, "octo/shop:1"));
            rig.deliverAll(rig.aBadRelease());
            rig.tell();

            assertThat(rig.chat.last().toString())
                    .contains("tag deploy-guard:github: expected OWNER/REPOSITORY/deployments/ID");
        }

        /** Only then: for a cause that is known nobody else's log is read. */
        @Test
        void isComparedWithHealthyTasksWhenItsCauseIsNotKnown() {
            var known = planned();
            assertThat(known.logs.asked()).noneMatch(EvidenceRequest.UsualLog.class::isInstance);

            var rig = new GuardRig(new CatalogDiagnose(new Classifier(CauseCatalog.load())));
            rig.logs.log("ERROR telemetry agent 17 misconfigured, going on", "WARN gyroscope drifts");
            rig.logs.usual("ERROR telemetry agent 4 misconfigured, going on");
            rig.deliverAll(rig.aBadRelease());

            assertThat(rig.logs.asked()).anyMatch(EvidenceRequest.UsualLog.class::isInstance);
            assertThat(rig.incident().diagnosis().orElseThrow().proof())
                    .noneMatch(proof -> proof.text().contains("telemetry"))
                    .anyMatch(proof -> proof.text().contains("gyroscope"));
        }

        @Test
        void isOnlyDescribedInModeObserve() {
            var rig = planned();
            rig.minutes(1);
            var observing = new GuardRig(GuardRig.BY_LINE, _ -> {}, Mode.AUTO);
            observing.ecs.show(aSnapshot().mode("observe"));
            observing.deliverAll(observing.aBadRelease());
            observing.minutes(20);

            assertThat(observing.writes).isEmpty();
            assertThat(observing.incident().progress()).isInstanceOf(Progress.Advised.class);
            assertThat(because(observing.incident()))
                    .contains("mode is observe")
                    .contains("web:41");
            assertThat(observing.chat.begun()).isEqualTo(1);
            assertThat(rig.writes).as("the same release in mode auto").hasSize(1);
        }

        @Test
        void endsWithoutTheGuardWhenAPersonDeploysSomethingBetter() {
            var rig = new GuardRig();
            rig.ecs.show(aSnapshot().mode("observe"));
            rig.deliverAll(rig.aBadRelease());
            rig.minutes(3);
            rig.ecs.show(aQuietSnapshot(NEWER));
            rig.minutes(3);

            assertThat(outcome(rig.incident())).isEqualTo(Outcome.SUPERSEDED);
            assertThat(rig.chat.begun()).isEqualTo(1);
        }

        @Test
        void isOnlyExplainedWhenEcsTurnsItAroundItself() {
            var rig = new GuardRig();
            rig.ecs.show(GuardRig.beingTurnedAround());
            rig.deliver(rig.deployment("SERVICE_DEPLOYMENT_FAILED", 90));
            rig.tell();

            assertThat(rig.incident().decision())
                    .containsInstanceOf(Decision.StandDown.class)
                    .hasValueSatisfying(
                            decision -> assertThat(decision.because()).contains("a rollback is under way already"));
            rig.ecs.show(rig.rolledBack());
            rig.minutes(5);
            assertThat(outcome(rig.incident())).isEqualTo(Outcome.RECOVERED);
            assertThat(rig.writes).isEmpty();
            assertThat(rig.chat.begun()).isEqualTo(1);
        }

        @Test
        void isToldButNotTouchedUnderAnotherController() {
            var rig = new GuardRig();
            rig.ecs.show(aSnapshot().controller(Controller.EXTERNAL));
            rig.deliverAll(rig.aBadRelease());
            rig.minutes(3);

            assertThat(rig.writes).isEmpty();
            assertThat(because(rig.incident())).contains("EXTERNAL");
        }

        @Test
        void waitsForItsLogAndActsOnceItIsThere() {
            var rig = new GuardRig();
            rig.logs.log("starting");
            rig.deliverAll(rig.aBadRelease());
            assertThat(rig.incident().diagnosis()).containsInstanceOf(Diagnosis.Unknown.class);
            assertThat(rig.incident().progress()).isInstanceOf(Progress.Investigating.class);

            rig.logs.log("starting", GuardRig.LINE);
            rig.minute();

            assertThat(rig.writes).hasSize(1);
        }

        @Test
        void isAPersonsWhenItsLogNeverTells() {
            var rig = new GuardRig();
            rig.logs.log("starting");
            rig.deliverAll(rig.aBadRelease());
            rig.minutes(10);

            assertThat(rig.writes).isEmpty();
            assertThat(rig.incident().progress()).isInstanceOf(Progress.Advised.class);
            assertThat(because(rig.incident())).contains("does not tell the cause");
        }
    }

    @Nested
    class OneStop {

        @Test
        void isOnlyASuspicionThatNobodyHearsOf() {
            var rig = new GuardRig(GuardRig.CURABLE);
            rig.ecs.show(aSnapshot().tasks(running(NEW, 2)));
            rig.deliver(rig.begins());
            rig.deliver(rig.runs("a", 20));
            rig.deliver(rig.crashes("a", 30));
            assertThat(rig.incident().progress()).isInstanceOf(Progress.Suspected.class);
            rig.minutes(12);

            assertThat(rig.incident().progress())
                    .isInstanceOfSatisfying(
                            Progress.Dismissed.class,
                            dismissed -> assertThat(dismissed.because()).isEqualTo("it stopped once and not again"));
            assertThat(rig.chat.notices).isEmpty();
            assertThat(rig.writes).isEmpty();
        }

        @Test
        void becomesALoopWithTheSecond() {
            var rig = new GuardRig(GuardRig.CURABLE);
            rig.deliver(rig.begins());
            rig.deliver(rig.crashes("a", 30));
            rig.deliver(rig.crashes("b", 60));

            assertThat(rig.incident().progress()).isInstanceOf(Progress.Planned.class);
            assertThat(rig.incident().signs()).hasSize(2);
        }

        @Test
        void ofAnEarlierRevisionIsNoConcernWhileTheNextOneIsDeployed() {
            var rig = new GuardRig();
            rig.deliver(GuardRig.event(crashed("o", 30).of(OLD).build(), 30));
            rig.minutes(3);

            assertThat(rig.incident().progress()).isInstanceOf(Progress.Dismissed.class);
            assertThat(because(rig.incident())).contains("no longer the current one");
            assertThat(rig.chat.notices).isEmpty();
            assertThat(rig.writes).isEmpty();
        }
    }

    /** The event was late: by now ECS has gone back to a revision that never had trouble to start. */
    @Test
    void whatCouldNotBeStartedIsNotTheRevisionThatEcsHasGoneBackTo() {
        var rig = new GuardRig();
        rig.deliver(rig.begins());
        rig.ecs.show(GuardRig.beingTurnedAround()
                .rollouts(
                        aRolloutOf(OLD).counts(2, 2, 0).build(),
                        aRolloutOf(NEW).active().state("FAILED").counts(0, 0, 0).build()));
        rig.deliver(rig.startImpaired(90));

        assertThat(rig.incident().deployment()).isEqualTo(NEW);
    }

    /** Whatever the number of stops, and although each log ends in an error. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            SERVICE_SCHEDULER_INITIATED | Scaling activity initiated by (deployment ecs-svc/9223372036854775042)
            SERVICE_SCHEDULER_INITIATED | Task stopped for availability zone rebalancing
            USER_INITIATED              | Task stopped by user
            SPOT_INTERRUPTION           | Your Spot Task was interrupted.
            ESSENTIAL_CONTAINER_EXITED  | Host EC2 (instance i-0123456789abcdef0) terminated.
            """)
    void noIncidentComesOfStopsThatSomebodyElseWanted(Stop.Code code, String reason) {
        var rig = new GuardRig();
        rig.deliver(rig.begins());
        for (var number = 0; number < 10; number++) {
            var stopped = aTask().id("t" + number).version(3).stopped(code, reason, at(30 + number));
            assertThat(rig.deliver(GuardRig.event(stopped.build(), 30 + number)))
                    .isInstanceOf(Handled.Noted.class);
        }
        rig.watch();

        assertThat(rig.incidents()).isEmpty();
        assertThat(rig.writes).isEmpty();
    }

    /** Between the decision and the act the world goes on; the actor looks again, inside its lease. */
    @Nested
    class ThePlanIsWithdrawn {

        private void assertWithdrawn(GuardRig rig, String because) {
            assertThat(rig.act("act"))
                    .singleElement()
                    .isInstanceOfSatisfying(
                            Response.Withdrawn.class,
                            withdrawn -> assertThat(withdrawn.outcome()).contains(because));
            rig.tell();
            rig.minutes(2);
            assertThat(rig.incident().progress()).isNotInstanceOf(Progress.Planned.class);
            assertThat(because(rig.incident())).startsWith("not rolled back: ").contains(because);
            assertThat(rig.chat.last().toString()).doesNotContain("about to");
        }

        @Test
        void whenTheTasksOfTheEarlierRevisionHaveBecomeIll() {
            var rig = planned();
            rig.ecs.show(aSnapshot()
                    .tasks(aTask().id("o").of(OLD).health(Health.UNHEALTHY).build()));

            assertWithdrawn(rig, "the tasks of the earlier revision are not healthy either");
            assertThat(rig.writes).isEmpty();
        }

        @Test
        void whenSomebodyDeployedSomethingElse() {
            var rig = planned();
            rig.ecs.show(aSnapshot()
                    .rollouts(
                            aRolloutOf(NEWER).build(),
                            aRolloutOf(OLD).active().counts(2, 2, 0).build())
                    .deployments(aDeploymentOf(NEWER).build()));

            assertWithdrawn(rig, "no longer the primary one");
            assertThat(rig.writes).isEmpty();
        }

        @Test
        void whenEcsRollsBackByItself() {
            var rig = planned();
            rig.ecs.show(aSnapshot()
                    .deployments(
                            aDeploymentOf(NEW).status(Status.ROLLBACK_REQUESTED).build()));

            assertWithdrawn(rig, "a rollback is under way already");
            assertThat(rig.writes).isEmpty();
        }

        @ParameterizedTest
        @EnumSource(
                value = Mode.class,
                names = {"OBSERVE", "ASK"})
        void whenThePersonHasChangedTheMode(Mode mode) {
            var rig = planned();
            rig.ecs.show(aSnapshot().mode(mode.toString()));

            assertWithdrawn(rig, "the mode of the service is " + mode);
            assertThat(rig.writes).isEmpty();
        }

        @Test
        void whenTheServiceIsGone() {
            var rig = planned();
            rig.ecs.show(aSnapshot().status("DRAINING"));

            assertThat(rig.act("act")).singleElement().isInstanceOf(Response.Withdrawn.class);
            rig.minutes(2);
            assertThat(outcome(rig.incident())).isEqualTo(Outcome.SUPERSEDED);
            assertThat(rig.writes).isEmpty();
        }

        @Test
        void whenAwsRefusesItAndThenItIsNotTriedAgain() {
            var rig = planned();
            rig.answer(_ -> new CommandOutcome.Refused("the deployment has ended"));

            assertWithdrawn(rig, "AWS refused it: the deployment has ended");
            rig.deliver(rig.crashes("c", 200));
            rig.minutes(5);
            assertThat(rig.writes).hasSize(1);
        }
    }

    @Nested
    class AfterTheAct {

        @Test
        void theGuardSaysWhenTheServiceIsStillNotWell() {
            var rig = acted();
            rig.ecs.show(rig.rolledBack().tasks(running(OLD, 1)));
            rig.minutes((int) GuardRig.patience().toMinutes() + 2);

            assertThat(outcome(rig.incident())).isEqualTo(Outcome.NOT_HEALED);
            assertThat(rig.chat.last().headline()).startsWith("Not healed");
            assertThat(rig.writes).hasSize(1);
        }

        /** A person has it; the same loop is no second message. It is one once it has been quiet. */
        @Test
        void whatGoesOnAfterItWasToldAsNotHealedIsNoNews() {
            var rig = acted();
            rig.deliver(new GuardEvent.DeploymentStateChange(
                    new EventKey("back"),
                    GuardRig.at(100),
                    WEB,
                    "SERVICE_DEPLOYMENT_IN_PROGRESS",
                    OLD,
                    "rolling back"));
            rig.ecs.show(rig.rolledBack().tasks(running(OLD, 1)));
            rig.minutes((int) GuardRig.patience().toMinutes() + 2);
            var told = rig.time.instant().getEpochSecond() - GuardRig.at(0).getEpochSecond();

            for (var minute = 1; minute <= 60; minute += 20) {
                rig.deliver(crash(told + minute * 60L));
                rig.deliver(crash(told + minute * 60L + 5));
            }
            assertThat(rig.incidents()).hasSize(1);

            rig.deliver(crash(told + 3 * 3_600L));
            assertThat(rig.incidents()).hasSize(2);
        }

        private static GuardEvent crash(long second) {
            return GuardRig.event(crashed("late" + second, second).of(OLD).build(), second);
        }

        @Test
        void noRollbackIsRolledBack() {
            var rig = acted();
            for (var second = 200; second < 260; second += 10) {
                rig.deliver(GuardRig.event(crashed("o" + second, second).of(OLD).build(), second));
                rig.act("act");
            }
            rig.minutes(3);

            assertThat(rig.incidents())
                    .as("they are signs of the same incident")
                    .hasSize(1);
            assertThat(rig.incident().signs()).hasSizeGreaterThan(1);
            assertThat(rig.writes).hasSize(1);
        }

        /** The claim outlives the incident. */
        @Test
        void theTargetIsNotRolledBackEvenWhenItsIncidentIsOver() {
            var rig = acted();
            rig.minutes(11);
            assertThat(outcome(rig.incident())).isEqualTo(Outcome.HEALED);

            rig.ecs.show(aSnapshot()
                    .rollouts(aRolloutOf(OLD).state("COMPLETED").counts(2, 2, 0).build())
                    .deployments(
                            aDeploymentOf(OLD).status(Status.IN_PROGRESS).build(),
                            aDeploymentOf(OLDER).status(Status.SUCCESSFUL).build())
                    .tasks());
            for (var second = 600; second < 640; second += 10) {
                rig.deliver(GuardRig.event(crashed("o" + second, second).of(OLD).build(), second));
                rig.act("act");
            }
            rig.minutes(3);

            assertThat(rig.writes).hasSize(1);
            assertThat(rig.incidents()).hasSize(2);
            assertThat(because(rig.incidents().getFirst())).contains("was taken before, or a rollback put it there");
        }

        @Test
        void theFailingRevisionIsNoTargetForTheNextOne() {
            var rig = acted();
            rig.minutes(5);
            var next = aSnapshot()
                    .rollouts(aRolloutOf(NEWER).build())
                    .deployments(
                            aDeploymentOf(NEWER).from(NEW).build(),
                            aDeploymentOf(NEW).status(Status.SUCCESSFUL).build(),
                            aDeploymentOf(OLD).status(Status.SUCCESSFUL).build());
            rig.ecs.show(next);
            for (var second = 600; second < 640; second += 10) {
                rig.deliver(
                        GuardRig.event(crashed("n" + second, second).of(NEWER).build(), second));
                rig.act("act");
            }

            assertThat(rig.writes)
                    .as("ECS itself would go back to the condemned one")
                    .hasSize(1);
            assertThat(because(rig.incidents().getFirst())).contains("found failing before");
        }
    }

    @Nested
    class TheWatch {

        @Test
        void hearsADeploymentThatHangs() {
            var rig = new GuardRig();
            rig.deliver(rig.begins());
            rig.logs.log("Database not ready, waiting...");
            rig.minutes(2);
            assertThat(rig.incidents()).isEmpty();
            rig.minutes(4);

            assertThat(rig.incident().signs().getFirst().kind()).isEqualTo("silence");
            assertThat(rig.chat.begun()).isEqualTo(1);
        }

        /** ECS brings the old rollout back as it was made, long ago. */
        @Test
        void givesARollbackAsMuchTimeAsADeployment() {
            var rig = new GuardRig();
            rig.ecs.show(aSnapshot()
                    .rollouts(
                            aRolloutOf(OLD).createdAt(at(-7_200)).build(),
                            aRolloutOf(NEW)
                                    .active()
                                    .state("FAILED")
                                    .counts(0, 0, 0)
                                    .build())
                    .tasks());
            rig.deliver(new GuardEvent.DeploymentStateChange(
                    new EventKey("back"), at(100), WEB, "SERVICE_DEPLOYMENT_IN_PROGRESS", OLD, "rolling back"));
            rig.minutes(3);
            assertThat(rig.incidents()).isEmpty();

            rig.minutes(4);
            assertThat(rig.incident().signs().getFirst().kind()).isEqualTo("silence");
        }

        @Test
        void takesUpAnIncidentThatNobodyCouldLookAt() {
            var rig = new GuardRig();
            rig.deliver(rig.begins());
            rig.ecs.fail(new GuardFault.Unavailable("ECS is away", null));
            assertThatThrownBy(() -> rig.deliver(rig.crashes("a", 30))).isInstanceOf(GuardFault.Unavailable.class);
            assertThat(rig.incident().diagnosis()).isEmpty();

            rig.ecs.show(aSnapshot());
            rig.minute();

            assertThat(rig.incident().diagnosis()).isPresent();
            assertThat(rig.writes).hasSize(1);
        }

        @Test
        void saysThatItIsBlindAfterFiveMinutes() {
            var rig = new GuardRig();
            rig.deliver(rig.begins());
            rig.ecs.fail(new GuardFault.Denied("describe service: denied; allow ecs:DescribeServices", null));
            assertThatThrownBy(() -> rig.deliver(rig.crashes("a", 100))).isInstanceOf(GuardFault.Denied.class);
            assertThatThrownBy(() -> rig.deliver(rig.crashes("b", 110))).isInstanceOf(GuardFault.Denied.class);
            rig.minutes(3);
            assertThat(rig.chat.notices).isEmpty();
            rig.minutes(3);

            assertThat(rig.chat.last().toString()).contains("allow ecs:DescribeServices");
            assertThat(rig.writes).isEmpty();

            rig.ecs.show(aSnapshot());
            rig.minutes(2);
            assertThat(rig.writes).as("with its sight back it goes on").hasSize(1);
        }

        @Test
        void leavesAPlanToAPersonThatNobodyCarriesOut() {
            var rig = planned();
            for (var minute = 0; minute < 16; minute++) {
                rig.time.passMinutes(1);
                rig.watch();
                rig.tell();
            }

            assertThat(rig.incident().progress()).isInstanceOf(Progress.Advised.class);
            assertThat(because(rig.incident())).contains("nobody carried the plan out within 15 minutes");
            assertThat(rig.act("late")).isEmpty();
            assertThat(rig.writes).isEmpty();
        }

        @Test
        void endsWhatIsAboutAServiceThatWasDeleted() {
            var rig = new GuardRig();
            rig.ecs.show(aSnapshot().mode("observe"));
            rig.deliverAll(rig.aBadRelease());
            rig.ecs.fail(new GuardFault.NotFound("service web does not exist", null));
            rig.minutes(2);

            assertThat(outcome(rig.incident())).isEqualTo(Outcome.SUPERSEDED);
        }

        /** Delivered again such an event would fail again, until it is a dead letter. */
        @Test
        void notesEventsOfAServiceThatWasDeletedAndTellsNobody() {
            var rig = new GuardRig();
            rig.deliver(rig.begins());
            rig.ecs.fail(new GuardFault.NotFound("service web does not exist", null));
            var events = new ArrayList<>(rig.aBadRelease());
            events.add(rig.deployment("SERVICE_DEPLOYMENT_COMPLETED", 100));
            events.add(rig.deployment("SERVICE_DEPLOYMENT_FAILED", 110));
            for (var times = 0; times < 2; times++) {
                assertThat(events)
                        .map(rig::deliver)
                        .noneMatch(Handled.Pursued.class::isInstance)
                        .anySatisfy(handled -> assertThat(handled.outcome()).contains("does not exist any more"));
            }
            rig.minutes(2);

            assertThat(rig.incident().progress())
                    .isInstanceOfSatisfying(
                            Progress.Dismissed.class,
                            dismissed -> assertThat(dismissed.because()).isEqualTo("the service was deleted"));
            assertThat(rig.chat.notices).isEmpty();
        }

        @Test
        void findsADeploymentWhoseFailureNobodyReported() {
            var rig = new GuardRig();
            rig.deliver(rig.begins());
            rig.ecs.show(aSnapshot()
                    .rollouts(
                            aRolloutOf(NEW).state("FAILED").build(),
                            aRolloutOf(OLD).active().counts(2, 2, 0).build()));
            rig.minute();

            assertThat(rig.incident().signs().getFirst().isEcsOwnVerdict()).isTrue();
        }
    }

    @Test
    void aSuspicionIsNotCalledAnOutageBecauseItsOnlyTaskStopped() {
        var rig = new GuardRig(new CatalogDiagnose(new Classifier(CauseCatalog.load())));
        rig.logs.log("listening on 8080");
        rig.ecs.show(aQuietSnapshot(NEW)
                .desired(1)
                .tasks(aTask().id("b").status("PENDING", "RUNNING").build()));
        rig.deliver(rig.crashes("a", 30));

        assertThat(rig.incident().progress()).isInstanceOf(Progress.Suspected.class);
        var named = rig.incident().diagnosis().stream()
                .filter(Diagnosis.Identified.class::isInstance)
                .map(found -> ((Diagnosis.Identified) found).cause().value());
        assertThat(named).doesNotContain("silent-outage");
    }
}
