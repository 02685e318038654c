package io.deployguard.incident;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.detection.Detection;
import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.ServiceRef;
import io.deployguard.fixture.FixedTime;
import org.junit.jupiter.api.Test;

class SignTest {

    private static final ServiceRef SERVICE =
            ServiceRef.parse("arn:aws:ecs:eu-central-1:123456789012:service/shop/web");
    private static final DeploymentId DEPLOYMENT = new DeploymentId("ecs-svc/1234567890123456789");

    /** An alarm's reason is whatever somebody wrote; the sign of it is stored and shown. */
    @Test
    void holdsNeitherSecretsNorWhatATerminalObeys() {
        var sign = Incident.Sign.of(new Detection.Alarm(
                SERVICE,
                DEPLOYMENT,
                FixedTime.NOON,
                "web-5xx",
                "alarm web-5xx went off: \u001b[31mredis://:hunter2hunter2@cache.internal:6379/0\u202e"));

        assertThat(sign.what()).isEqualTo("alarm web-5xx went off: redis://:[redacted]@cache.internal:6379/0");
        assertThat(sign.subject()).contains("web-5xx");
        assertThat(sign.isEndedBy(Incident.Sign.ofAlarmOver("web-5xx", FixedTime.NOON.plusSeconds(60))))
                .isTrue();
    }

    /** A name may hold the very words of the sentence that tells of it. */
    @Test
    void isEndedByItsOwnAlarmWhateverItsName() {
        var name = "web went off too often";
        var sign = Incident.Sign.of(new Detection.Alarm(
                SERVICE, DEPLOYMENT, FixedTime.NOON, name, "alarm " + name + " went off: Threshold Crossed"));

        assertThat(sign.isEndedBy(Incident.Sign.ofAlarmOver(name, FixedTime.NOON.plusSeconds(60))))
                .isTrue();
        assertThat(sign.isEndedBy(Incident.Sign.ofAlarmOver("web", FixedTime.NOON.plusSeconds(60))))
                .isFalse();
    }
}
