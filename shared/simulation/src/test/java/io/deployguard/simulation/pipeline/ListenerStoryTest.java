package io.deployguard.simulation.pipeline;

import static io.deployguard.simulation.pipeline.ListenerRig.FORWARD;
import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.decision.Mode;
import io.deployguard.ecs.EndpointAnswer;
import io.deployguard.fixture.Shop;
import io.deployguard.incident.Progress;
import io.deployguard.incident.RevisionLedger;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A release that is well and that no request reaches; its owner wants the listener to forward. */
class ListenerStoryTest {

    private static GuardRig complete(GuardRig rig) {
        rig.deliver(rig.begins());
        rig.deliver(rig.deployment("SERVICE_DEPLOYMENT_COMPLETED", 100));
        return rig;
    }

    private static GuardRig completed(Mode mode) {
        var rig = complete(ListenerRig.of(_ -> {}, mode));
        rig.act("act");
        rig.tell();
        return rig;
    }

    private static Progress.Closed closed(GuardRig rig) {
        return (Progress.Closed) rig.incident().progress();
    }

    @Test
    void theListenerForwardsAndTheEndpointProvesIt() {
        var rig = completed(Mode.AUTO);
        assertThat(rig.writes).containsExactly(FORWARD);

        rig.minutes(4);

        assertThat(rig.writes).containsExactly(FORWARD);
        assertThat(closed(rig).outcome()).isEqualTo(Progress.Outcome.HEALED);
        assertThat(closed(rig).serves()).isTrue();
        assertThat(rig.chat.last().toString())
                .contains("let the listener forward to the service's target group and the service is well")
                .contains("Put back what the guard changed")
                .contains("aws elbv2 modify-listener")
                .contains("\"StatusCode\":\"404\"");
        assertThat(rig.chat.begun()).isEqualTo(1);
        Optional<RevisionLedger.Entry> remembered =
                rig.memory.transact("look", stores -> stores.revisions().find(Shop.WEB, Shop.NEW));
        assertThat(remembered)
                .hasValueSatisfying(entry -> assertThat(entry.isProven()).isTrue());
    }

    @Test
    void whatStillAnswersWronglyIsNotHealed() {
        var rig = ListenerRig.of(_ -> {}, Mode.AUTO);
        rig.effect(_ -> rig.logs.answer(new EndpointAnswer.Given(503, Optional.empty(), "")));
        complete(rig);
        rig.minutes(25);

        assertThat(rig.writes).containsExactly(FORWARD);
        assertThat(closed(rig).outcome()).isEqualTo(Progress.Outcome.NOT_HEALED);
        assertThat(closed(rig).because()).contains("answers 503");
    }

    @Test
    void aPersonIsAskedInModeAsk() {
        var rig = completed(Mode.ASK);
        assertThat(rig.writes).isEmpty();
        assertThat(rig.chat.last().toString()).contains("the guard would let the listener forward");

        rig.people().agree(rig.incident().id(), GuardRig.person("Ada"), Optional.empty());
        rig.minutes(4);

        assertThat(rig.writes).containsExactly(FORWARD);
        assertThat(closed(rig).outcome()).isEqualTo(Progress.Outcome.HEALED);
    }

    @Test
    void observingItTellsTheCommand() {
        var rig = completed(Mode.OBSERVE);

        assertThat(rig.writes).isEmpty();
        assertThat(rig.chat.last().toString())
                .contains("Do what the guard would do")
                .contains("--default-actions Type=forward,TargetGroupArn=");
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void nothingIsChangedThatTheSettingsOrTheTagsDoNotWant(Mode mode) {
        var unset = complete(ListenerRig.of(_ -> {}, mode, Set.of()));
        var untagged = ListenerRig.of(_ -> {}, mode);
        untagged.ecs.show(ListenerRig.well().mode(mode.toString()));
        complete(untagged);
        for (var each : java.util.List.of(unset, untagged)) {
            each.minutes(3);
            assertThat(each.writes).isEmpty();
        }
    }

    /** Its owner is at it, or has made another answer of it. */
    @Test
    void aListenerThatWasChangedSinceTheDiagnosisIsLeftAlone() {
        var rig = complete(ListenerRig.of(_ -> {}, Mode.AUTO));
        rig.ecs.route(ListenerRig.answering(ListenerRig.FORMER.replace("404", "503")));

        rig.act("act");

        assertThat(rig.writes).isEmpty();
        assertThat(rig.incident().decision().orElseThrow().because())
                .startsWith("not done: it would let the default action of port 443 of load balancer shop forward");
    }

    @Test
    void aListenerThatForwardsByNowNeedsNothing() {
        var rig = complete(ListenerRig.of(_ -> {}, Mode.AUTO));
        rig.takeEffect(FORWARD);

        rig.act("act");
        rig.minutes(15);

        assertThat(rig.writes).containsExactly(FORWARD);
        assertThat(closed(rig).outcome()).isEqualTo(Progress.Outcome.RECOVERED);
    }
}
