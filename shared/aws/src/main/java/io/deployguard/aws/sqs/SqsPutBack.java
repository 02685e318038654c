package io.deployguard.aws.sqs;

import io.deployguard.aws.AwsFaults;
import io.deployguard.fault.GuardFault;
import java.time.Duration;
import java.util.function.Consumer;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * Puts a message back into the queue that it came from, as a new one that is hidden for a while: its tries are counted from the start. Thread-safe.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-delay-queues.html">Delays</a>
 */
public final class SqsPutBack implements Consumer<String> {

    /** How long it is hidden. */
    public static final Duration DELAY = Duration.ofSeconds(20);

    private final SqsClient sqs;
    private final String queueUrl;

    public SqsPutBack(SqsClient sqs, String queueUrl) {
        this.sqs = sqs;
        this.queueUrl = queueUrl;
    }

    /**
     * Sends it.
     *
     * @throws GuardFault when SQS cannot be asked; the message is then where it was
     */
    @Override
    public void accept(String body) {
        AwsFaults.ask(
                "sqs:SendMessage",
                queueUrl,
                () -> sqs.sendMessage(
                        request -> request.queueUrl(queueUrl).messageBody(body).delaySeconds((int) DELAY.toSeconds())));
    }
}
