package io.deployguard.runtime;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;

/**
 * A function of the guard as Lambda starts it: put together when the process begins, and, where Lambda takes a snapshot of the process, rehearsed
 * before that.
 *
 * <p>A rehearsal puts the function together a second time, on settings that are written down in the code, and hands it a message: the database and AWS
 * answer from inside the process. So everything that the first real message needs is loaded and has run, and the snapshot holds no connection, no
 * secret, no credentials and no name that must be unique: the real function has done nothing yet. What it needs of that kind it gets with the first
 * message, as it does without a snapshot. Nothing is left to be done after a snapshot was restored.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/snapstart-runtime-hooks-java.html">Hooks around a snapshot</a>
 */
public final class GuardFunction implements Resource {

    private static final Duration ENOUGH = Duration.ofMinutes(1);

    private final String name;
    private final Function<Stage, MessageHandler> parts;
    private final String message;
    private final Consumer<Stage> more;
    private final Stage stage;
    private final BatchFunction function;

    private GuardFunction(String name, Function<Stage, MessageHandler> parts, String message, Consumer<Stage> more) {
        this.name = name;
        this.parts = parts;
        this.message = message;
        this.more = more;
        this.stage = Stage.ofProcess(name);
        this.function = on(stage);
    }

    /**
     * Puts a function together.
     *
     * @param parts makes what handles its messages; opens nothing, reads no secret and makes no name that must be unique
     * @param message of the rehearsal, which has to succeed
     */
    public static GuardFunction of(String name, Function<Stage, MessageHandler> parts, String message) {
        return of(name, parts, message, _ -> {});
    }

    /**
     * The same with more to rehearse.
     *
     * @param more what handling the message does not come to, as the database of a rehearsal knows nothing
     */
    public static GuardFunction of(
            String name, Function<Stage, MessageHandler> parts, String message, Consumer<Stage> more) {
        var function = new GuardFunction(name, parts, message, more);
        // The context forgets what nobody else holds: the handler keeps this.
        Core.getGlobalContext().register(function);
        return function;
    }

    /** One invocation, as {@link BatchFunction#handle} describes it. */
    public void handle(InputStream input, OutputStream output, String requestId, Duration remaining)
            throws IOException {
        function.handle(input, output, requestId, remaining);
    }

    /**
     * Rehearses.
     *
     * @throws Exception what the rehearsal failed with; Lambda then publishes no version
     */
    @Override
    public void beforeCheckpoint(Context<? extends Resource> context) throws Exception {
        var begun = System.nanoTime();
        var output = new ByteArrayOutputStream();
        try (var rehearsal = Stage.ofRehearsal(name)) {
            // Handed over directly, a message that fails ends with its own exception.
            on(rehearsal)
                    .handle(
                            new ByteArrayInputStream(message.getBytes(StandardCharsets.UTF_8)),
                            output,
                            "rehearsal",
                            ENOUGH);
            more.accept(rehearsal);
        }
        greet();
        stage.log()
                .info(
                        "rehearsed",
                        Map.of(
                                "outcome",
                                "ready for a snapshot",
                                "rehearsal",
                                output.toString(StandardCharsets.UTF_8),
                                "duration_ms",
                                Duration.ofNanos(System.nanoTime() - begun).toMillis()));
    }

    @Override
    public void afterRestore(Context<? extends Resource> context) {
        stage.log().info("restored", Map.of("outcome", "ready"));
    }

    private BatchFunction on(Stage where) {
        return new BatchFunction(parts.apply(where), where.log(), where.clock(), where.meter());
    }

    /** The first words of a TLS client, to nobody: the certificates that Java trusts are read, and what encrypts is loaded. */
    private static void greet() throws Exception {
        var engine = SSLContext.getDefault().createSSLEngine();
        engine.setUseClientMode(true);
        engine.beginHandshake();
        engine.wrap(
                ByteBuffer.allocate(0), ByteBuffer.allocate(engine.getSession().getPacketBufferSize()));
        URI.create("https://localhost/").toURL().openConnection();
    }
}
