package io.deployguard.benchmarks;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.deployguard.aws.AwsClients;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

/** The least that a function can be which has the clients of {@code detect}, {@code watch} and {@code act}, and asks the database one question. */
public final class BareGuard implements RequestStreamHandler {

    private final AwsClients clients = AwsClients.in(System.getenv().getOrDefault("AWS_REGION", "eu-central-1"));
    private final List<Object> made = List.of(clients.ecs(), clients.elb(), clients.sqs());

    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        BareCourier.answer(input, output, made.size());
    }
}
