package io.deployguard.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deployguard.fault.GuardFault;
import io.deployguard.postgres.Rehearsal;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CourierWiringTest {

    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private int read;
    private boolean secretsAreAway;

    private CourierWiring wiring(String clock) {
        var settings = RuntimeSettings.of(Map.of(
                RuntimeSettings.DATABASE_URL,
                Rehearsal.URL,
                RuntimeSettings.CLOCK,
                clock,
                SlackChannel.CHANNEL,
                "C0000000",
                SlackChannel.TOKEN_SECRET,
                "arn:of-the-secret"));
        var stage = new Stage("notify", settings, new PrintStream(log, true, StandardCharsets.UTF_8));
        return new CourierWiring(stage, _ -> {
            if (secretsAreAway) {
                throw new GuardFault.Unavailable("Secrets Manager is away", null);
            }
            read++;
            return "token";
        });
    }

    private static String now(int speed) {
        var now = System.currentTimeMillis();
        return "%d@%dx%d".formatted(now, now, speed);
    }

    @Test
    void readsNoSecretBeforeTheFirstMessageAndThenOnce() {
        var wiring = wiring(now(1));
        assertThat(read).isZero();

        assertThat(wiring.get()).isSameAs(wiring.get());
        assertThat(read).isOne();
    }

    /** Twenty minutes pass here in a few milliseconds. */
    @Test
    void readsThemAgainAfterAQuarterOfAnHour() throws InterruptedException {
        var wiring = wiring(now(400_000));
        var first = wiring.get();
        TimeUnit.MILLISECONDS.sleep(5);

        assertThat(wiring.get()).isNotSameAs(first);
        assertThat(read).isEqualTo(2);
    }

    @Test
    void keepsTheFormerOnesWhileTheyCannotBeReadAgain() throws InterruptedException {
        var wiring = wiring(now(400_000));
        var first = wiring.get();
        secretsAreAway = true;
        TimeUnit.MILLISECONDS.sleep(5);

        assertThat(wiring.get()).isSameAs(first);
        assertThat(log.toString(StandardCharsets.UTF_8)).contains("secrets not read again", "away");
    }

    @Test
    void failsTheMessageWhileTheyNeverCouldBeRead() {
        secretsAreAway = true;
        var wiring = wiring(now(1));

        assertThatThrownBy(wiring::get).isInstanceOf(GuardFault.Unavailable.class);
        secretsAreAway = false;
        assertThat(wiring.get()).isNotNull();
    }
}
