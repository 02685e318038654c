package io.deployguard.incident;

import static io.deployguard.fixture.FixedTime.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.classification.Remedy;
import io.deployguard.incident.Approval.Answer;
import io.deployguard.incident.Approval.Expired;
import io.deployguard.incident.Approval.Granted;
import io.deployguard.incident.Approval.Open;
import io.deployguard.incident.Approval.Person;
import io.deployguard.incident.Approval.Refused;
import io.deployguard.incident.Approval.Request;
import io.deployguard.incident.Approval.Superseded;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What every store of requests promises. */
public abstract class ApprovalStoreContract {

    /** A store each of whose calls is a transaction. */
    protected abstract ApprovalStore store();

    private final Request request =
            new Request(UUID.randomUUID(), new Remedy.Automatic("roll-back"), NOON, NOON.plusSeconds(1_800));
    private final Open open = new Open(request);
    private final Granted granted = new Granted(request, answer("anna"));
    private final Refused refused = new Refused(request, answer("ben"));
    private final Expired expired = new Expired(request, request.until());
    private final Superseded superseded = new Superseded(request, Optional.empty(), NOON, "another took its place");
    private final Superseded afterGrant =
            new Superseded(request, Optional.of(granted.answer()), NOON.plusSeconds(90), "another took its place");

    private static Answer answer(String name) {
        return new Answer(
                new Person(name, Optional.of("arn:aws:iam::123456789012:user/" + name), "command line"),
                Optional.of("it can only get better"),
                NOON.plusSeconds(60));
    }

    @Test
    void findsWhatItStored() {
        assertThat(store().find(request.incident())).isEmpty();
        assertThat(store().open(open)).isTrue();
        assertThat(store().find(request.incident())).contains(open);
    }

    @Test
    void keepsOneRequestPerIncident() {
        assertThat(store().open(open)).isTrue();
        assertThat(store().open(new Open(new Request(request.incident(), request.remedy(), NOON, NOON.plusSeconds(9)))))
                .isFalse();
        assertThat(store().find(request.incident())).contains(open);
    }

    @Test
    void opensNoneThatHasEnded() {
        store().open(open);
        store().end(refused);

        assertThat(store().open(open)).isFalse();
        assertThat(store().find(request.incident())).contains(refused);
    }

    @Test
    void endsARequestOnceWhateverComesSecond() {
        for (var first : List.of(refused, expired, superseded, afterGrant)) {
            for (var second : List.of(granted, refused, expired, superseded, afterGrant)) {
                var own = new Request(UUID.randomUUID(), request.remedy(), NOON, request.until());
                store().open(new Open(own));

                assertThat(store().end(of(own, first))).as("%s first", first).isTrue();
                assertThat(store().end(of(own, second)))
                        .as("%s after %s", second, first)
                        .isFalse();
                assertThat(store().find(own.incident())).contains(of(own, first));
            }
        }
    }

    @Test
    void letsAGrantEndAsSupersededAndAsNothingElse() {
        store().open(open);
        assertThat(store().end(granted)).isTrue();
        assertThat(store().end(granted)).as("twice").isFalse();
        assertThat(store().end(refused)).isFalse();
        assertThat(store().end(expired)).isFalse();
        assertThat(store().find(request.incident())).contains(granted);

        assertThat(store().end(afterGrant)).isTrue();
        assertThat(store().find(request.incident())).contains(afterGrant);
        assertThat(store().end(granted)).isFalse();
    }

    @Test
    void endsNothingThatWasNeverAskedAndNothingAsOpen() {
        assertThat(store().end(granted)).isFalse();
        assertThat(store().find(request.incident())).isEmpty();
        store().open(open);
        assertThat(store().end(open)).isFalse();
    }

    private static Approval of(Request own, Approval like) {
        return switch (like) {
            case Open _ -> new Open(own);
            case Granted(var _, var answer) -> new Granted(own, answer);
            case Refused(var _, var answer) -> new Refused(own, answer);
            case Expired(var _, var at) -> new Expired(own, at);
            case Superseded(var _, var grant, var at, var because) -> new Superseded(own, grant, at, because);
        };
    }
}
