package io.deployguard.simulation.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqsBatchTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ARN = "arn:aws:sqs:eu-central-1:123456789012:events";

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static SqsBatch batch() {
        return new SqsBatch(
                ARN,
                List.of(
                        json("""
                                {"MessageId":"m-1","ReceiptHandle":"r-1","MD5OfBody":"5d41","Body":"hello",
                                 "Attributes":{"ApproximateReceiveCount":"1","SentTimestamp":"1763690400000"},
                                 "MD5OfMessageAttributes":"d8ff",
                                 "MessageAttributes":{"kind":{"DataType":"String","StringValue":"stop"},
                                                      "raw":{"DataType":"Binary","BinaryValue":"AQI="}}}"""),
                        json(
                                "{\"MessageId\":\"m-2\",\"ReceiptHandle\":\"r-2\",\"MD5OfBody\":\"7d79\",\"Body\":\"you\"}")));
    }

    @Test
    void makesTheEventThatLambdaMakes() {
        assertThat(json(batch().event())).isEqualTo(json("""
                                {"Records":[
                                  {"messageId":"m-1","receiptHandle":"r-1","body":"hello",
                                   "attributes":{"ApproximateReceiveCount":"1","SentTimestamp":"1763690400000"},
                                   "messageAttributes":{
                                     "kind":{"stringValue":"stop","stringListValues":[],"binaryListValues":[],"dataType":"String"},
                                     "raw":{"binaryValue":"AQI=","stringListValues":[],"binaryListValues":[],"dataType":"Binary"}},
                                   "md5OfBody":"5d41","md5OfMessageAttributes":"d8ff","eventSource":"aws:sqs",
                                   "eventSourceARN":"arn:aws:sqs:eu-central-1:123456789012:events","awsRegion":"eu-central-1"},
                                  {"messageId":"m-2","receiptHandle":"r-2","body":"you","attributes":{},"messageAttributes":{},
                                   "md5OfBody":"7d79","eventSource":"aws:sqs",
                                   "eventSourceARN":"arn:aws:sqs:eu-central-1:123456789012:events","awsRegion":"eu-central-1"}]}"""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "{}", "\"done\"", "{\"batchItemFailures\":[]}", "{\"batchItemFailures\":null}"})
    void allSucceededWhenTheReplyNamesNoFailure(String reply) {
        assertThat(batch().failedIds(reply)).isEmpty();
    }

    @Test
    void onlyTheNamedMessagesFailed() {
        assertThat(batch().failedIds("{\"batchItemFailures\":[{\"itemIdentifier\":\"m-2\"}]}"))
                .isEqualTo(Set.of("m-2"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"batchItemFailures\":",
                "{\"batchItemFailures\":\"m-1\"}",
                "{\"batchItemFailures\":[{\"itemIdentifier\":\"\"}]}",
                "{\"batchItemFailures\":[{\"itemIdentifier\":null}]}",
                "{\"batchItemFailures\":[{\"messageId\":\"m-1\"}]}",
                "{\"batchItemFailures\":[{\"itemIdentifier\":\"m-1\"},{\"itemIdentifier\":\"m-9\"}]}"
            })
    void allFailedWhenTheReplyIsUnusable(String reply) {
        assertThat(batch().failedIds(reply)).isEqualTo(Set.of("m-1", "m-2"));
    }
}
