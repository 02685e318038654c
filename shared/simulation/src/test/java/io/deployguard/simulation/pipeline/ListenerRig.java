package io.deployguard.simulation.pipeline;

import static io.deployguard.fixture.DeploymentBuilder.aDeploymentOf;
import static io.deployguard.fixture.RolloutBuilder.aRolloutOf;
import static io.deployguard.fixture.Shop.NEW;
import static io.deployguard.fixture.Shop.OLD;
import static io.deployguard.fixture.Shop.WEB;
import static io.deployguard.fixture.SnapshotBuilder.aQuietSnapshot;
import static io.deployguard.fixture.TaskBuilder.aTask;

import io.deployguard.action.Command;
import io.deployguard.classification.RollbackHelps;
import io.deployguard.decision.Mode;
import io.deployguard.decision.ModeSettings;
import io.deployguard.ecs.EndpointAnswer;
import io.deployguard.ecs.ListenerRule;
import io.deployguard.ecs.ServiceDeployment.Status;
import io.deployguard.evidence.Evidence;
import io.deployguard.fixture.DiagnosisBuilder;
import io.deployguard.fixture.SnapshotBuilder;
import io.deployguard.pipeline.Diagnose;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The rig over a release that is well and that no request reaches, in a shop that wants its listener to forward. */
final class ListenerRig {

    static final String ACTION = "forward-listener";

    private static final String BALANCER = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:";
    private static final String LISTENER = BALANCER + "listener/app/shop/0a/1b";
    private static final String GROUP = BALANCER + "targetgroup/web/2c";
    static final String FORMER = "[{\"Type\":\"fixed-response\",\"FixedResponseConfig\":{\"StatusCode\":\"404\"}}]";

    static final Command.Forward FORWARD = new Command.Forward(WEB, LISTENER, Optional.empty(), 443, GROUP, FORMER);

    /** The endpoint's answer tells, whatever is logged. */
    static final Diagnose BY_ANSWER = bundle -> bundle.only(Evidence.EndpointAnswered.class).stream()
                    .anyMatch(
                            asked -> asked.endpoint().complaint(asked.answer()).isPresent())
            ? DiagnosisBuilder.aDiagnosis()
                    .cause("listener-misrouted")
                    .rollback(RollbackHelps.DOES_NOT_HELP)
                    .remedy(ACTION)
                    .build()
            : DiagnosisBuilder.UNKNOWN;

    private ListenerRig() {}

    static GuardRig of(GuardRig.Passage passage, Mode mode) {
        return of(passage, mode, Set.of(ACTION));
    }

    static GuardRig of(GuardRig.Passage passage, Mode mode, Set<String> remedies) {
        var rig = new GuardRig(BY_ANSWER, passage, ModeSettings.of(mode), remedies);
        rig.ecs.show(well().mode(mode.toString(), "deploy-guard:listener", "forward"));
        rig.ecs.route(answering(FORMER));
        rig.logs.answer(new EndpointAnswer.Given(404, Optional.of("awselb/2.0"), ""));
        rig.effect(_ -> {
            rig.ecs.route(new ListenerRule(
                    LISTENER, 443, Optional.empty(), List.of(), List.of("forward"), List.of(GROUP), "[]"));
            rig.logs.answer(new EndpointAnswer.Given(200, Optional.empty(), "ok"));
        });
        return rig;
    }

    /** The default action, as it answers by itself. */
    static ListenerRule answering(String actions) {
        return new ListenerRule(
                LISTENER, 443, Optional.empty(), List.of(), List.of("fixed-response"), List.of(), actions);
    }

    static Well well() {
        return new Well();
    }

    /** A completed release with two healthy targets, whose tags are chosen last. */
    static final class Well {

        SnapshotBuilder mode(String mode, String... more) {
            var snapshot = aQuietSnapshot(NEW)
                    .rollouts(aRolloutOf(NEW)
                            .state("COMPLETED")
                            .counts(2, 2, 0)
                            .createdAt(GuardRig.at(0))
                            .build())
                    .deployments(
                            aDeploymentOf(NEW).status(Status.SUCCESSFUL).build(),
                            aDeploymentOf(OLD).status(Status.SUCCESSFUL).build())
                    .loadBalancers(GROUP)
                    .target(GROUP, "10.0.0.1", "healthy")
                    .target(GROUP, "10.0.0.2", "healthy")
                    .tasks(
                            aTask().id("one").of(NEW).address("10.0.0.1").build(),
                            aTask().id("two").of(NEW).address("10.0.0.2").build())
                    .mode(mode)
                    .tag("deploy-guard:endpoint", "https://qa.example.com/health");
            for (var at = 0; at < more.length; at += 2) {
                snapshot.tag(more[at], more[at + 1]);
            }
            return snapshot;
        }
    }
}
