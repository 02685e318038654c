package io.deployguard.functions.notify;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.deployguard.runtime.BatchFunction;
import io.deployguard.runtime.CourierWiring;
import io.deployguard.runtime.EmfMeter;
import io.deployguard.runtime.RuntimeSettings;
import io.deployguard.runtime.StructuredLog;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;

/** Brings every channel to show what it should. A message only wakes it: what is to be done stands in the outbox. */
public final class NotifyHandler implements RequestStreamHandler {

    private final BatchFunction function;

    public NotifyHandler() {
        var settings = RuntimeSettings.ofProcess();
        var log = new StructuredLog("notify", settings.clock(), System.out);
        var courier = CourierWiring.courier(settings, new SecretText(settings));
        var meter = EmfMeter.of(settings, log);
        this.function = new BatchFunction(
                new NotifyMessages(courier, log, meter, settings.clock()), log, settings.clock(), meter);
    }

    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        function.handle(
                input, output, context.getAwsRequestId(), Duration.ofMillis(context.getRemainingTimeInMillis()));
    }
}
