package io.deployguard.aws;

import io.deployguard.fault.GuardFault;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * The SDK's clients, each made on first use: one HTTP client for all, few retries, and a limit on every call, so that one slow answer never costs
 * the others theirs. Thread-safe.
 *
 * <p>Unless they are given, credentials and an endpoint other than AWS's come from where the SDK looks for them ({@code AWS_ENDPOINT_URL} for instance).
 */
public final class AwsClients implements AutoCloseable {

    private static final Duration CALL = Duration.ofSeconds(10);
    private static final Duration ATTEMPT = Duration.ofSeconds(4);
    private static final Duration CONNECT = Duration.ofSeconds(2);

    private final Region region;
    private final Optional<URI> endpoint;
    private final Supplier<SdkHttpClient> transport;
    private final SdkHttpClient http;
    private final AwsCredentialsProvider credentials;
    private final Map<String, SdkClient> clients = new ConcurrentHashMap<>();

    private AwsClients(
            Region region,
            Optional<URI> endpoint,
            AwsCredentialsProvider credentials,
            Supplier<SdkHttpClient> transport) {
        this.region = region;
        this.endpoint = endpoint;
        this.credentials = credentials;
        this.transport = transport;
        this.http = transport.get();
    }

    private static SdkHttpClient overTheNetwork() {
        return UrlConnectionHttpClient.builder()
                .connectionTimeout(CONNECT)
                .socketTimeout(ATTEMPT)
                .build();
    }

    private static AwsCredentialsProvider usualCredentials() {
        return DefaultCredentialsProvider.builder().build();
    }

    /** Clients of one region at AWS, or where the environment says. */
    public static AwsClients in(String region) {
        return new AwsClients(Region.of(region), Optional.empty(), usualCredentials(), AwsClients::overTheNetwork);
    }

    /** Clients that sign, send and read as all others do, but whose requests are answered in this process, as of an account with one failed service. */
    public static AwsClients rehearsing(String region) {
        var answers = RehearsalConnection.opening();
        return new AwsClients(
                Region.of(region),
                Optional.empty(),
                StaticCredentialsProvider.create(AwsBasicCredentials.create("rehearsal", "rehearsal")),
                () -> UrlConnectionHttpClient.create(answers::apply));
    }

    /**
     * The region that the AWS CLI would use: from the environment, the profile, or the instance.
     *
     * @throws GuardFault.NotFound when none of them names one
     */
    public static String usualRegion() {
        try {
            return new DefaultAwsRegionProviderChain().getRegion().id();
        } catch (SdkClientException none) {
            throw new GuardFault.NotFound(
                    "region: expected --region, AWS_REGION or a region in the AWS profile, got none", none);
        }
    }

    /** Clients that talk to another address than AWS's. */
    public static AwsClients at(URI endpoint, String region) {
        return new AwsClients(Region.of(region), Optional.of(endpoint), usualCredentials(), AwsClients::overTheNetwork);
    }

    /** Clients of another region, with the same credentials. */
    public AwsClients elsewhere(String otherRegion) {
        return elsewhere(otherRegion, credentials);
    }

    /** Clients of another region or account. */
    public AwsClients elsewhere(String otherRegion, AwsCredentialsProvider others) {
        return new AwsClients(Region.of(otherRegion), endpoint, others, transport);
    }

    /** The region of those clients that are not asked for by region. */
    public String region() {
        return region.id();
    }

    /**
     * The keys that the AWS CLI would sign with now, of whatever region.
     *
     * @throws GuardFault.Denied when there are none
     */
    public static Keys keys() {
        try (var provider = DefaultCredentialsProvider.builder().build()) {
            var identity = provider.resolveCredentials();
            return new Keys(
                    identity.accessKeyId(),
                    identity.secretAccessKey(),
                    identity instanceof AwsSessionCredentials session
                            ? Optional.of(session.sessionToken())
                            : Optional.empty());
        } catch (SdkClientException none) {
            throw new GuardFault.Denied("credentials of AWS: " + none.getMessage(), none);
        }
    }

    /** Keys of the caller. */
    public record Keys(String accessKeyId, String secretAccessKey, Optional<String> sessionToken) {

        @Override
        public String toString() {
            return "keys " + accessKeyId;
        }
    }

    public EcsClient ecs() {
        return client(
                "ecs",
                EcsClient.class,
                () -> with(EcsClient.builder(), region, RetryMode.STANDARD).build());
    }

    /** A client that sends every request once: for commands, whose effect after a lost answer is looked up instead of sent again. */
    public EcsClient ecsOnce() {
        return client(
                "ecs-once",
                EcsClient.class,
                () -> once(EcsClient.builder(), region).build());
    }

    /** The same for load balancers. */
    public ElasticLoadBalancingV2Client elbOnce() {
        return client(
                "elb-once",
                ElasticLoadBalancingV2Client.class,
                () -> once(ElasticLoadBalancingV2Client.builder(), region).build());
    }

    public ElasticLoadBalancingV2Client elb() {
        return client(
                "elb",
                ElasticLoadBalancingV2Client.class,
                () -> with(ElasticLoadBalancingV2Client.builder(), region, RetryMode.STANDARD)
                        .build());
    }

    public SqsClient sqs() {
        return client(
                "sqs",
                SqsClient.class,
                () -> with(SqsClient.builder(), region, RetryMode.STANDARD).build());
    }

    /** Log groups may be in another region than the cluster. */
    public CloudWatchLogsClient logs(String logRegion) {
        return client(
                "logs-" + logRegion,
                CloudWatchLogsClient.class,
                () -> with(CloudWatchLogsClient.builder(), Region.of(logRegion), RetryMode.STANDARD)
                        .build());
    }

    /** Calls of a service that has no client here, such as {@code s3}. */
    public SignedCalls signed(String service) {
        return signed(service, service);
    }

    /**
     * The same of a service whose address begins otherwise than its name.
     *
     * @param prefix of its address, such as {@code api.ecr}
     */
    public SignedCalls signed(String service, String prefix) {
        return new SignedCalls(
                service, prefix, SignedCalls.Tries.TWICE, region, endpoint, http, credentials::resolveCredentials);
    }

    /** The same, each sent once, as by {@link #ecsOnce()}. */
    public SignedCalls signedOnce(String service) {
        return new SignedCalls(
                service, service, SignedCalls.Tries.ONCE, region, endpoint, http, credentials::resolveCredentials);
    }

    private <C extends SdkClient> C client(String name, Class<C> type, Supplier<C> make) {
        return type.cast(clients.computeIfAbsent(name, _ -> make.get()));
    }

    private <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> B with(
            B builder, Region where, RetryMode mode) {
        return configure(builder, where, ClientOverrideConfiguration.builder().retryStrategy(mode));
    }

    private <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> B once(B builder, Region where) {
        return configure(
                builder,
                where,
                ClientOverrideConfiguration.builder()
                        .retryStrategy(software.amazon.awssdk.retries.DefaultRetryStrategy.doNotRetry()));
    }

    private <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> B configure(
            B builder, Region where, ClientOverrideConfiguration.Builder override) {
        builder.region(where)
                .credentialsProvider(credentials)
                .httpClient(http)
                .overrideConfiguration(override.apiCallTimeout(CALL)
                        .apiCallAttemptTimeout(ATTEMPT)
                        .build());
        endpoint.ifPresent(builder::endpointOverride);
        return builder;
    }

    @Override
    public void close() {
        clients.values().forEach(SdkClient::close);
        http.close();
    }
}
