package io.deployguard.functions.notify;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.deployguard.runtime.CourierWiring;
import io.deployguard.runtime.GuardFunction;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;

/** Brings every channel to show what it should. A message only wakes it: what is to be done stands in the outbox. */
public final class NotifyHandler implements RequestStreamHandler {

    private static final String REHEARSAL = "{\"incident\":\"00000000-0000-0000-0000-000000000000\"}";

    private final GuardFunction function = GuardFunction.of(
            "notify",
            stage -> new NotifyMessages(
                    new CourierWiring(stage, new SecretText(stage.settings())),
                    stage.log(),
                    stage.meter(),
                    stage.clock()),
            REHEARSAL,
            CourierWiring::rehearse);

    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        function.handle(
                input, output, context.getAwsRequestId(), Duration.ofMillis(context.getRemainingTimeInMillis()));
    }
}
