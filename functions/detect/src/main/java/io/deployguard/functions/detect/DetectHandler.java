package io.deployguard.functions.detect;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.deployguard.runtime.BatchFunction;
import io.deployguard.runtime.EmfMeter;
import io.deployguard.runtime.GuardWiring;
import io.deployguard.runtime.MessageHandler;
import io.deployguard.runtime.PatientHandler;
import io.deployguard.runtime.RuntimeSettings;
import io.deployguard.runtime.StructuredLog;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;

/** Takes EventBridge's events from its queue, or one event directly. */
public final class DetectHandler implements RequestStreamHandler {

    private final BatchFunction function;

    public DetectHandler() {
        var settings = RuntimeSettings.ofProcess();
        var log = new StructuredLog("detect", settings.clock(), System.out);
        var meter = EmfMeter.of(settings, log);
        var wiring = GuardWiring.of(settings, log, meter);
        var messages = new DetectMessages(wiring.guard(), meter, settings.clock(), settings.accounts());
        this.function = new BatchFunction(
                wiring.putBack()
                        .<MessageHandler>map(queue -> new PatientHandler(messages, queue, log, meter, settings.clock()))
                        .orElse(messages),
                log,
                settings.clock(),
                meter);
    }

    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        function.handle(
                input, output, context.getAwsRequestId(), Duration.ofMillis(context.getRemainingTimeInMillis()));
    }
}
