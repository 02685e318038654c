package io.deployguard.functions.act;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.deployguard.runtime.GuardFunction;
import io.deployguard.runtime.ResponderWiring;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;

/** Carries decisions out, one message per incident. */
public final class ActHandler implements RequestStreamHandler {

    private static final String REHEARSAL = "{\"incident\":\"00000000-0000-0000-0000-000000000000\"}";

    private final GuardFunction function = GuardFunction.of(
            "act", stage -> new ActMessages(ResponderWiring.responder(stage)), REHEARSAL, ResponderWiring::rehearse);

    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        function.handle(
                input, output, context.getAwsRequestId(), Duration.ofMillis(context.getRemainingTimeInMillis()));
    }
}
