package io.deployguard.aws.sqs;

import io.deployguard.aws.AwsFaults;
import io.deployguard.fault.GuardFault;
import io.deployguard.pipeline.Nudge;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Wakes the functions {@code act} and {@code notify} through their queues. Thread-safe. */
public final class SqsNudge implements Nudge {

    private final SqsClient sqs;
    private final Optional<String> actQueueUrl;
    private final Optional<String> notifyQueueUrl;
    private final Consumer<GuardFault> lost;

    /** @param lost hears of a nudge that could not be sent; its work stands in the database and is found by the watch */
    public SqsNudge(
            SqsClient sqs, Optional<String> actQueueUrl, Optional<String> notifyQueueUrl, Consumer<GuardFault> lost) {
        this.sqs = sqs;
        this.actQueueUrl = actQueueUrl;
        this.notifyQueueUrl = notifyQueueUrl;
        this.lost = lost;
    }

    @Override
    public void act(UUID incident) {
        actQueueUrl.ifPresent(url -> send(url, incident));
    }

    @Override
    public void deliver(UUID incident) {
        notifyQueueUrl.ifPresent(url -> send(url, incident));
    }

    private void send(String url, UUID incident) {
        try {
            AwsFaults.ask(
                    "sqs:SendMessage",
                    url,
                    () -> sqs.sendMessage(
                            request -> request.queueUrl(url).messageBody("{\"incident\":\"" + incident + "\"}")));
        } catch (GuardFault fault) {
            lost.accept(fault);
        }
    }
}
