package io.deployguard.simulation.pipeline;

import static io.deployguard.fixture.DeploymentBuilder.aDeploymentOf;
import static io.deployguard.fixture.RolloutBuilder.aRolloutOf;
import static io.deployguard.fixture.Shop.NEW;
import static io.deployguard.fixture.Shop.NEWER;
import static io.deployguard.fixture.Shop.OLD;
import static io.deployguard.fixture.Shop.WEB;
import static io.deployguard.fixture.SnapshotBuilder.aQuietSnapshot;
import static io.deployguard.simulation.pipeline.GuardRig.at;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deployguard.action.Command;
import io.deployguard.ecs.EndpointAnswer;
import io.deployguard.ecs.ServiceDeployment.Status;
import io.deployguard.event.EventKey;
import io.deployguard.event.EventReader;
import io.deployguard.event.EventReading;
import io.deployguard.event.GuardEvent;
import io.deployguard.evidence.EvidenceRequest;
import io.deployguard.fixture.DiagnosisBuilder;
import io.deployguard.fixture.Shop;
import io.deployguard.fixture.SnapshotBuilder;
import io.deployguard.incident.Incident;
import io.deployguard.incident.Progress;
import io.deployguard.incident.RevisionLedger;
import io.deployguard.pipeline.Handled;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Releases that ECS calls complete and that are not what their owner wanted, from the event to the end. */
class CompletedReleaseStoryTest {

    private static final String GROUP = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/web/0a";

    private final GuardRig rig = new GuardRig(_ -> DiagnosisBuilder.UNKNOWN);

    private SnapshotBuilder completed() {
        return aQuietSnapshot(NEW)
                .rollouts(aRolloutOf(NEW)
                        .state("COMPLETED")
                        .counts(2, 2, 0)
                        .createdAt(at(0))
                        .build())
                .deployments(
                        aDeploymentOf(NEW).status(Status.SUCCESSFUL).build(),
                        aDeploymentOf(OLD).status(Status.SUCCESSFUL).build());
    }

    private Handled complete(SnapshotBuilder snapshot) {
        rig.ecs.show(snapshot);
        rig.deliver(rig.begins());
        return rig.deliver(rig.deployment("SERVICE_DEPLOYMENT_COMPLETED", 100));
    }

    private Optional<RevisionLedger.Entry> ledger() {
        return rig.memory.transact("look", stores -> stores.revisions().find(WEB, NEW));
    }

    @Nested
    class AnEndpoint {

        private final SnapshotBuilder reachable =
                completed().tag("deploy-guard:endpoint", "https://api.example.com/health");

        private static EndpointAnswer of(int status) {
            return new EndpointAnswer.Given(status, Optional.of("awselb/2.0"), "");
        }

        @Test
        void thatAnswersWellIsNoIncident() {
            assertThat(complete(reachable)).isInstanceOf(Handled.Noted.class);
            assertThat(rig.incidents()).isEmpty();
        }

        @Test
        void thatAnswersWronglyIsToldAndStaysOpenUntilItAnswersWell() {
            rig.logs.answer(of(404));
            complete(reachable);
            rig.minutes(30);

            assertThat(rig.incident().progress()).isInstanceOf(Progress.Advised.class);
            assertThat(rig.chat.notices.getFirst().toString()).contains("answers 404 from the load balancer itself");
            assertThat(rig.writes).isEmpty();

            rig.logs.answer(of(200));
            rig.minutes(2);

            assertThat(rig.incident().progress())
                    .isInstanceOfSatisfying(
                            Progress.Closed.class,
                            closed -> assertThat(closed.outcome()).isEqualTo(Progress.Outcome.RECOVERED));
            assertThat(rig.chat.begun()).isEqualTo(1);
        }

        /** The listener was wrong, not the release: it stays a revision that can be gone back to. */
        @Test
        void saysNothingAgainstTheRevision() {
            rig.logs.answer(of(404));
            complete(reachable);
            rig.minutes(3);

            assertThat(ledger())
                    .hasValueSatisfying(entry -> assertThat(entry.isProven()).isTrue());
        }

        /** What a healthy task logs may sound like a cause. */
        @Test
        void neverLeadsToAnAction() {
            var scared = new GuardRig();
            scared.logs.answer(of(404));
            scared.ecs.show(reachable);
            scared.deliver(scared.begins());
            scared.deliver(scared.deployment("SERVICE_DEPLOYMENT_COMPLETED", 100));
            scared.minutes(3);

            assertThat(scared.incident().progress()).isInstanceOf(Progress.Advised.class);
            assertThat(scared.incident().decision())
                    .hasValueSatisfying(
                            decision -> assertThat(decision.because()).contains("its tasks are healthy"));
            assertThat(scared.writes).isEmpty();
        }

        @Test
        void isNotAskedWithATagThatCannotBeRead() {
            assertThat(complete(completed().tag("deploy-guard:endpoint", "api.example.com")))
                    .isInstanceOfSatisfying(
                            Handled.Noted.class,
                            noted -> assertThat(noted.outcome())
                                    .contains("not seen: tag deploy-guard:endpoint: expected http:// or https://"));
            assertThat(rig.logs.asked()).isEmpty();
        }

        @Test
        void isAskedOnceForEachEventAndNotForItsCopies() {
            rig.logs.answer(of(404));
            complete(reachable);
            var told = rig.incident();

            assertThat(rig.deliver(rig.deployment("SERVICE_DEPLOYMENT_COMPLETED", 100)))
                    .isInstanceOf(Handled.Duplicate.class);
            assertThat(rig.incident().signs()).isEqualTo(told.signs());
        }
    }

    @Nested
    class TheSameImage {

        private final SnapshotBuilder stale = completed()
                .tag("deploy-guard:unchanged-image", "tell")
                .image(OLD, "web:1", "sha256:0a")
                .image(NEW, "web:2", "sha256:0a");

        @Test
        void isToldOnceAndEndsWithTheNextRelease() {
            complete(stale);
            rig.minutes(60);

            assertThat(rig.incident().isOpen()).isTrue();
            assertThat(rig.incident().hasSign(Incident.Sign.UNCHANGED)).isTrue();
            assertThat(ledger())
                    .hasValueSatisfying(entry -> assertThat(entry.isProven()).isTrue());

            rig.ecs.show(aQuietSnapshot(NEWER));
            rig.minutes(3);

            assertThat(rig.incident().progress())
                    .isInstanceOfSatisfying(
                            Progress.Closed.class,
                            closed -> assertThat(closed.outcome()).isEqualTo(Progress.Outcome.SUPERSEDED));
            assertThat(ledger())
                    .hasValueSatisfying(entry -> assertThat(entry.isProven()).isTrue());
        }
    }

    @Nested
    class AnAlarm {

        private static GuardEvent alarm(String state, long second, boolean byService) {
            return new GuardEvent.AlarmStateChange(
                    new EventKey("alarm" + state + second),
                    at(second),
                    "arn:aws:cloudwatch:eu-central-1:123456789012:alarm:web-5xx",
                    "web-5xx",
                    state,
                    "Threshold Crossed",
                    false,
                    byService ? Optional.of(WEB) : Optional.empty(),
                    byService ? Optional.empty() : Optional.of("targetgroup/web/0a"));
        }

        /** The same alarm as another account has it. */
        private static GuardEvent elsewhere(GuardEvent event) {
            var alarm = (GuardEvent.AlarmStateChange) event;
            return new GuardEvent.AlarmStateChange(
                    new EventKey("elsewhere" + alarm.key().value()),
                    alarm.at(),
                    alarm.alarmArn().replace("123456789012", "210987654321"),
                    alarm.name(),
                    alarm.state(),
                    alarm.reason(),
                    alarm.muted(),
                    alarm.service(),
                    alarm.targetGroup());
        }

        @Test
        void ofAnotherAccountIsAnotherOneWhateverItsName() {
            released();
            rig.deliver(elsewhere(alarm("ALARM", 200, false)));
            assertThat(rig.incidents()).isEmpty();

            rig.deliver(alarm("ALARM", 200, false));
            rig.deliver(elsewhere(alarm("OK", 260, false)));

            assertThat(rig.incident().signs()).extracting(Incident.Sign::kind).containsExactly(Incident.Sign.ALARM);
        }

        private void released() {
            complete(completed().loadBalancers(GROUP));
            assertThat(rig.incidents()).isEmpty();
        }

        @Test
        void onTheServiceIsToldAndOverWhenItSaysSo() {
            complete(completed());
            rig.deliver(alarm("ALARM", 200, true));
            rig.minutes(30);

            assertThat(rig.incident().isOpen()).isTrue();
            assertThat(rig.chat.notices.getFirst().toString()).contains("alarm web-5xx went off");

            rig.deliver(alarm("OK", 1_900, true));
            rig.minutes(30);

            assertThat(rig.incident().progress())
                    .isInstanceOfSatisfying(
                            Progress.Closed.class,
                            closed -> assertThat(closed.outcome()).isEqualTo(Progress.Outcome.RECOVERED));
            assertThat(rig.chat.begun()).isEqualTo(1);
        }

        /** What its restart policy restarts stops no task: the running one's log is all there is. */
        @Test
        void onRestartsOfContainersReadsTheLogOfARunningTaskAndGoesBack() throws IOException {
            var event = (ObjectNode) new ObjectMapper()
                    .readTree(Path.of("../../events/alarm-container-restarts.json")
                            .toFile());
            var alarm = ((EventReading.Understood) EventReader.read(ofWeb(event))).event();
            var named = new GuardRig();
            named.ecs.show(completed());
            named.deliver(named.begins());
            named.deliver(named.deployment("SERVICE_DEPLOYMENT_COMPLETED", 100));

            named.deliver(alarm);

            assertThat(named.logs.asked())
                    .anySatisfy(asked -> assertThat(asked)
                            .isInstanceOfSatisfying(
                                    EvidenceRequest.ContainerLog.class,
                                    log -> assertThat(log.stoppedAt()).isEmpty()));
            named.minutes(1);
            assertThat(named.writes).containsExactly(new Command.UpdateService(WEB, Shop.definitionOf(OLD)));
        }

        private static ObjectNode ofWeb(ObjectNode event) {
            ((ObjectNode) event.at("/detail/configuration/metrics/0/metricStat/metric/dimensions"))
                    .put("ServiceName", "web");
            ((ObjectNode) event.at("/detail/state")).put("timestamp", at(200).toString());
            return event.put("time", at(200).toString());
        }

        @Test
        void onItsTargetGroupIsFoundToBeItsOwn() {
            released();
            rig.deliver(alarm("ALARM", 200, false));

            assertThat(rig.incident().service()).isEqualTo(WEB);
        }

        @Test
        void onAnotherTargetGroupIsNobodysBusiness() {
            complete(completed().loadBalancers(GROUP + "b"));

            assertThat(rig.deliver(alarm("ALARM", 200, false))).isInstanceOf(Handled.Noted.class);
            assertThat(rig.incidents()).isEmpty();
        }

        @Test
        void longAfterTheReleaseIsNotHeldAgainstIt() {
            released();
            rig.time.passMinutes(120);

            assertThat(rig.deliver(alarm("ALARM", 7_300, true))).isInstanceOf(Handled.Noted.class);
            assertThat(rig.incidents()).isEmpty();
        }

        @Test
        void onAServiceThatWasNotDeployedIsNobodysBusiness() {
            rig.ecs.show(completed());

            assertThat(rig.deliver(alarm("ALARM", 200, true))).isInstanceOf(Handled.Noted.class);
            assertThat(rig.incidents()).isEmpty();
        }

        @Test
        void thatIsOverBeforeAnybodyHeardOfItIsNoted() {
            released();

            assertThat(rig.deliver(alarm("OK", 200, true))).isInstanceOf(Handled.Noted.class);
            assertThat(rig.deliver(alarm("OK", 200, true))).isInstanceOf(Handled.Duplicate.class);
        }
    }
}
