package io.deployguard.emulators;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.InputLogEvent;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.LoadBalancer;
import software.amazon.awssdk.services.ecs.model.LogDriver;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.PortMapping;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ProtocolEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetTypeEnum;

/** An AWS account in moto, filled through the AWS SDK as a team would fill theirs. */
final class MotoAccount implements AutoCloseable {

    static final String REGION = "eu-central-1";

    /** What programs need in their environment to be in this account. Moto accepts any key. */
    private static final String KEY = "testing";

    private static final Pattern INSTANT = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final URI endpoint;
    private final String key;
    private final SdkHttpClient http = UrlConnectionHttpClient.builder().build();
    private final EcsClient ecs;
    private final ElasticLoadBalancingV2Client elb;
    private final CloudWatchLogsClient logs;
    private final Set<String> buckets = new HashSet<>();

    MotoAccount(URI endpoint) {
        this(endpoint, KEY);
    }

    private MotoAccount(URI endpoint, String key) {
        this.endpoint = endpoint;
        this.key = key;
        this.ecs = with(EcsClient.builder()).build();
        this.elb = with(ElasticLoadBalancingV2Client.builder()).build();
        this.logs = with(CloudWatchLogsClient.builder()).build();
    }

    /**
     * A service whose task has stopped.
     *
     * @param logStream where awslogs wrote the lines of that task's container
     * @param stopEvent the event that EventBridge delivers when the task begins to stop, which happened half a minute ago
     */
    record CrashingService(
            String cluster,
            String service,
            String serviceArn,
            String deploymentId,
            String taskDefinitionArn,
            String targetGroupArn,
            String logGroup,
            String logStream,
            String stopEvent) {}

    /** Another account, entered by a role of it. */
    MotoAccount other(String account) {
        var answer = post(
                "sts",
                Map.of("Content-Type", "application/x-www-form-urlencoded"),
                "Action=AssumeRole&Version=2011-06-15&RoleSessionName=test&RoleArn=arn:aws:iam::%s:role/test"
                        .formatted(account));
        return new MotoAccount(endpoint, first("<AccessKeyId>([^<]+)</", answer));
    }

    /** What a program needs in its environment to work in this account. */
    Map<String, String> environment() {
        return Map.of(
                "AWS_ENDPOINT_URL", endpoint.toString(),
                "AWS_REGION", REGION,
                "AWS_DEFAULT_REGION", REGION,
                "AWS_ACCESS_KEY_ID", key,
                "AWS_SECRET_ACCESS_KEY", KEY);
    }

    /**
     * Makes the Fargate service behind a load balancer that an event of {@code events/} is about, and the log of the task that crashed.
     *
     * @param event of a task that stopped; the names in it are taken, the ids and times that moto gives are put into it
     * @param lines that the container wrote before it ended, oldest first
     */
    CrashingService crashingService(Path event, List<String> lines) throws IOException {
        var text = Files.readString(event);
        var detail = JSON.readTree(text).path("detail");
        var cluster = lastPart(detail.path("clusterArn").asText());
        var service = detail.path("group").asText().replace("service:", "");
        var container = detail.path("containers").path(0).path("name").asText();
        var logGroup = "/ecs/" + service;
        var logStream =
                "app/%s/%s".formatted(container, lastPart(detail.path("taskArn").asText()));
        ecs.createCluster(request -> request.clusterName(cluster));
        var targetGroupArn = targetGroup(service);
        var taskDefinitionArn = ecs.registerTaskDefinition(request -> request.family(service)
                        .networkMode(NetworkMode.AWSVPC)
                        .cpu("256")
                        .memory("512")
                        .containerDefinitions(container(container, service, logGroup)))
                .taskDefinition()
                .taskDefinitionArn();
        var created = ecs.createService(request -> request.cluster(cluster)
                        .serviceName(service)
                        .taskDefinition(taskDefinitionArn)
                        .desiredCount(2)
                        .launchType(LaunchType.FARGATE)
                        .networkConfiguration(network ->
                                network.awsvpcConfiguration(vpc -> vpc.subnets(firstOf("DescribeSubnets", "subnetId"))
                                        .securityGroups(firstOf("DescribeSecurityGroups", "groupId"))))
                        .loadBalancers(balancer(targetGroupArn, container)))
                .service();
        var deploymentId = created.deployments().getFirst().id();
        var stoppedAt = Instant.now().minusSeconds(30);
        logs.createLogGroup(request -> request.logGroupName(logGroup));
        write(logGroup, logStream, lines, stoppedAt);
        return new CrashingService(
                cluster,
                service,
                created.serviceArn(),
                deploymentId,
                taskDefinitionArn,
                targetGroupArn,
                logGroup,
                logStream,
                movedTo(stoppedAt, text)
                        .replace(detail.path("startedBy").asText(), deploymentId)
                        .replace(detail.path("taskDefinitionArn").asText(), taskDefinitionArn));
    }

    /** An event of a task that stopped, as if it had stopped at another moment. */
    static String movedTo(Instant stoppedAt, String event) throws IOException {
        var stoppingAt = JSON.readTree(event).path("detail").path("stoppingAt").asText();
        var age = Duration.between(Instant.parse(stoppingAt), stoppedAt);
        return INSTANT.matcher(event)
                .replaceAll(match -> Instant.parse(match.group()).plus(age).toString());
    }

    /**
     * Stores a secret.
     *
     * @return its ARN
     */
    String secret(String name, String text) {
        var answer = post(
                "secretsmanager",
                Map.of("Content-Type", "application/x-amz-json-1.1", "X-Amz-Target", "secretsmanager.CreateSecret"),
                JSON.createObjectNode()
                        .put("Name", name)
                        .put("SecretString", text)
                        .toString());
        return first("\"ARN\": *\"([^\"]+)\"", answer);
    }

    /** Stores a text in a bucket, which is made if it is not there. */
    void object(String bucket, String key, String text) {
        if (buckets.add(bucket)) {
            send(
                    "PUT",
                    "/" + bucket,
                    "s3",
                    Map.of(),
                    "<CreateBucketConfiguration><LocationConstraint>%s</LocationConstraint></CreateBucketConfiguration>"
                            .formatted(REGION));
        }
        send("PUT", "/" + bucket + "/" + key, "s3", Map.of(), text);
    }

    /** Stores a text in Systems Manager. */
    void parameter(String name, String text) {
        var type = JSON.createObjectNode().put("Name", name).put("Value", text).put("Type", "String");
        post(
                "ssm",
                Map.of("Content-Type", "application/x-amz-json-1.1", "X-Amz-Target", "AmazonSSM.PutParameter"),
                type.put("Tier", text.length() > 4_096 ? "Advanced" : "Standard")
                        .put("Overwrite", true)
                        .toString());
    }

    EcsClient ecs() {
        return ecs;
    }

    ElasticLoadBalancingV2Client elb() {
        return elb;
    }

    CloudWatchLogsClient logs() {
        return logs;
    }

    @Override
    public void close() {
        ecs.close();
        elb.close();
        logs.close();
        http.close();
    }

    private static LoadBalancer balancer(String targetGroupArn, String container) {
        return LoadBalancer.builder()
                .targetGroupArn(targetGroupArn)
                .containerName(container)
                .containerPort(8080)
                .build();
    }

    private static ContainerDefinition container(String name, String service, String logGroup) {
        return ContainerDefinition.builder()
                .name(name)
                .image("123456789012.dkr.ecr.eu-central-1.amazonaws.com/" + service + ":42")
                .essential(true)
                .portMappings(PortMapping.builder().containerPort(8080).build())
                .logConfiguration(log -> log.logDriver(LogDriver.AWSLOGS)
                        .options(Map.of(
                                "awslogs-group", logGroup, "awslogs-region", REGION, "awslogs-stream-prefix", "app")))
                .build();
    }

    /** In the default VPC that moto has from the start. */
    private String targetGroup(String service) {
        return elb.createTargetGroup(request -> request.name(service)
                        .protocol(ProtocolEnum.HTTP)
                        .port(8080)
                        .targetType(TargetTypeEnum.IP)
                        .vpcId(firstOf("DescribeVpcs", "vpcId"))
                        .healthCheckPath("/health"))
                .targetGroups()
                .getFirst()
                .targetGroupArn();
    }

    /** The first value of a field in EC2's answer. */
    private String firstOf(String action, String field) {
        var answer = post(
                "ec2",
                Map.of("Content-Type", "application/x-www-form-urlencoded"),
                "Action=%s&Version=2016-11-15".formatted(action));
        return first("<%s>([^<]+)</".formatted(field), answer);
    }

    /** What a service answers. A call or two of a plain protocol are no reason for its client: that of EC2 is as large as all others together. */
    private String post(String service, Map<String, String> headers, String body) {
        return send("POST", "/", service, headers, body);
    }

    private String send(String method, String path, String service, Map<String, String> headers, String body) {
        try {
            var connection = (HttpURLConnection) endpoint.resolve(path).toURL().openConnection();
            connection.setRequestMethod(method);
            connection.setDoOutput(true);
            headers.forEach(connection::setRequestProperty);
            // Moto reads the service and the region in the scope of the signature and does not check it.
            connection.setRequestProperty(
                    "Authorization",
                    "AWS4-HMAC-SHA256 Credential=%s/20260101/%s/%s/aws4_request, SignedHeaders=host, Signature=0"
                            .formatted(key, REGION, service));
            try (var out = connection.getOutputStream()) {
                out.write(body.getBytes(StandardCharsets.UTF_8));
            }
            return new String(connection.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unable) {
            throw new UncheckedIOException(service + " at moto", unable);
        }
    }

    private static String first(String pattern, String answer) {
        var match = Pattern.compile(pattern).matcher(answer);
        if (!match.find()) {
            throw new IllegalStateException("no " + pattern + " in " + answer);
        }
        return match.group(1);
    }

    private static String lastPart(String arn) {
        return arn.substring(arn.lastIndexOf('/') + 1);
    }

    /** Writes the log of a container that ended; its group is there. */
    void write(String group, String stream, List<String> lines, Instant end) {
        logs.createLogStream(request -> request.logGroupName(group).logStreamName(stream));
        var events = new ArrayList<InputLogEvent>();
        for (var index = 0; index < lines.size(); index++) {
            var at = end.minus(Duration.ofMillis(100L * (lines.size() - index)));
            var line = lines.get(index);
            events.add(InputLogEvent.builder()
                    .timestamp(at.toEpochMilli())
                    .message(line)
                    .build());
        }
        logs.putLogEvents(
                request -> request.logGroupName(group).logStreamName(stream).logEvents(events));
    }

    private <B extends AwsClientBuilder<B, ?> & AwsSyncClientBuilder<B, ?>> B with(B builder) {
        return builder.httpClient(http)
                .endpointOverride(endpoint)
                .region(Region.of(REGION))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(key, KEY)));
    }
}
