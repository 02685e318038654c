package io.deployguard.functions.act;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.deployguard.runtime.GuardFunction;
import io.deployguard.runtime.ResponderWiring;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;

/** Carries decisions out, one message per incident. */
public final class ActHandler implements RequestStreamHandler {

    private static final List<String> REHEARSAL = List.of("{\"incident\":\"00000000-0000-0000-0000-000000000000\"}");

    private final GuardFunction function =
            GuardFunction.of("act", stage -> new ActMessages(ResponderWiring.responder(stage)), REHEARSAL);

    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        function.handle(
                input, output, context.getAwsRequestId(), Duration.ofMillis(context.getRemainingTimeInMillis()));
    }
}
