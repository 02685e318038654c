package io.deployguard.functions.detect;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.deployguard.runtime.GuardFunction;
import io.deployguard.runtime.GuardWiring;
import io.deployguard.runtime.MessageHandler;
import io.deployguard.runtime.PatientHandler;
import io.deployguard.runtime.Stage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;

/** Takes EventBridge's events from its queue, or one event directly. */
public final class DetectHandler implements RequestStreamHandler {

    /** A deployment that ECS gave up: found, diagnosed and decided upon. */
    private static final String REHEARSAL = """
            {"id": "00000000-0000-0000-0000-000000000000", "source": "aws.ecs", "detail-type": "ECS Deployment State Change",
             "account": "123456789012", "region": "eu-central-1", "time": "2026-02-03T09:15:41Z",
             "resources": ["arn:aws:ecs:eu-central-1:123456789012:service/shop/cart"],
             "detail": {"eventType": "ERROR", "eventName": "SERVICE_DEPLOYMENT_FAILED", "deploymentId": "ecs-svc/4821907733112098876",
              "updatedAt": "2026-02-03T09:15:40.9Z", "reason": "ECS deployment circuit breaker: tasks failed to start."}}
            """;

    private final GuardFunction function = GuardFunction.of("detect", DetectHandler::messages, REHEARSAL);

    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        function.handle(
                input, output, context.getAwsRequestId(), Duration.ofMillis(context.getRemainingTimeInMillis()));
    }

    private static MessageHandler messages(Stage stage) {
        var wiring = GuardWiring.on(stage);
        var messages = new DetectMessages(
                wiring.guard(), stage.meter(), stage.clock(), stage.settings().accounts());
        return wiring.putBack()
                .<MessageHandler>map(
                        queue -> new PatientHandler(messages, queue, stage.log(), stage.meter(), stage.clock()))
                .orElse(messages);
    }
}
