package io.deployguard.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.crac.Context;
import org.crac.Resource;
import org.junit.jupiter.api.Test;

class GuardFunctionTest {

    private static final Context<Resource> NOBODY = new Context<>() {
        @Override
        public void beforeCheckpoint(Context<? extends Resource> context) {}

        @Override
        public void afterRestore(Context<? extends Resource> context) {}

        @Override
        public void register(Resource resource) {}
    };

    private final List<String> handled = new ArrayList<>();

    private MessageHandler recording(Stage stage) {
        return (body, _) -> {
            handled.add((stage.settings().isRehearsal() ? "rehearsed " : "handled ") + body);
            return Map.of("outcome", "done");
        };
    }

    @Test
    void rehearsesOnAStageOfItsOwnBeforeASnapshotAndHandlesOnTheRealOneAfterIt() throws Exception {
        var function = GuardFunction.of(
                "test",
                this::recording,
                "\"a\"",
                stage -> handled.add("more on " + stage.settings().region()));

        function.beforeCheckpoint(NOBODY);
        function.afterRestore(NOBODY);
        handle(function, "\"b\"");

        assertThat(handled).containsExactly("rehearsed \"a\"", "more on eu-central-1", "handled \"b\"");
    }

    /** Lambda then publishes no version, and the deployment fails. */
    @Test
    void aRehearsalThatFailsFailsTheStart() {
        var function = GuardFunction.of(
                "test",
                _ -> (_, _) -> {
                    throw new IllegalStateException("forgot its lines");
                },
                "\"a\"");

        assertThatThrownBy(() -> function.beforeCheckpoint(NOBODY)).hasMessage("forgot its lines");
    }

    @Test
    void closesWhatARehearsalOpenedAndNothingElse() throws Exception {
        var rehearsalClosed = new AtomicBoolean();
        var realClosed = new AtomicBoolean();
        var function = GuardFunction.of(
                "test",
                stage -> {
                    stage.keep(
                            stage.settings().isRehearsal() ? rehearsalClosed : realClosed, closed -> closed.set(true));
                    return recording(stage);
                },
                "\"a\"");

        function.beforeCheckpoint(NOBODY);

        assertThat(rehearsalClosed).isTrue();
        assertThat(realClosed).isFalse();
    }

    /** As the schedules of the template send it. */
    @Test
    void aCallThatKeepsItWarmReachesNoHandler() throws IOException {
        var function = GuardFunction.of("test", this::recording, "\"a\"");
        var call = "{\"source\": \"deploy-guard\", \"detail-type\": \"Deploy Guard Keep Warm\", \"detail\": {}}";

        assertThat(handle(function, call)).isEqualTo("{\"outcome\":\"kept warm\"}");
        assertThat(handled).isEmpty();
    }

    private static String handle(GuardFunction function, String message) throws IOException {
        var output = new ByteArrayOutputStream();
        function.handle(
                new ByteArrayInputStream(message.getBytes(StandardCharsets.UTF_8)), output, "1", Duration.ofMinutes(1));
        return output.toString(StandardCharsets.UTF_8);
    }
}
