package io.deployguard.functions.act;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.deployguard.runtime.BatchFunction;
import io.deployguard.runtime.EmfMeter;
import io.deployguard.runtime.ResponderWiring;
import io.deployguard.runtime.RuntimeSettings;
import io.deployguard.runtime.StructuredLog;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;

/** Carries decisions out, one message per incident. */
public final class ActHandler implements RequestStreamHandler {

    private final BatchFunction function;

    public ActHandler() {
        var settings = RuntimeSettings.ofProcess();
        var log = new StructuredLog("act", settings.clock(), System.out);
        var meter = EmfMeter.of(settings, log);
        var responder = ResponderWiring.responder(settings, log, meter);
        this.function = new BatchFunction(new ActMessages(responder), log, settings.clock(), meter);
    }

    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        function.handle(
                input, output, context.getAwsRequestId(), Duration.ofMillis(context.getRemainingTimeInMillis()));
    }
}
