package io.deployguard.emulators;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
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

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final URI endpoint;
    private final SdkHttpClient http = UrlConnectionHttpClient.builder().build();
    private final EcsClient ecs;
    private final ElasticLoadBalancingV2Client elb;
    private final CloudWatchLogsClient logs;

    MotoAccount(URI endpoint) {
        this.endpoint = endpoint;
        this.ecs = with(EcsClient.builder()).build();
        this.elb = with(ElasticLoadBalancingV2Client.builder()).build();
        this.logs = with(CloudWatchLogsClient.builder()).build();
    }

    /**
     * A service whose task has stopped.
     *
     * @param taskArn of the task; known to the event alone, since moto starts none
     * @param logStream where awslogs wrote the lines of that task's container
     * @param stoppedAt when its container ended
     */
    record CrashingService(
            String cluster,
            String clusterArn,
            String service,
            String serviceArn,
            String deploymentId,
            String taskDefinitionArn,
            String taskArn,
            String container,
            String targetGroupArn,
            String logGroup,
            String logStream,
            Instant stoppedAt) {

        /** The event that EventBridge delivers when the task begins to stop. */
        String stopEvent(int exitCode) {
            var event = JSON.createObjectNode()
                    .put("version", "0")
                    .put("id", UUID.randomUUID().toString())
                    .put("detail-type", "ECS Task State Change")
                    .put("source", "aws.ecs")
                    .put("account", clusterArn.split(":", -1)[4])
                    .put("time", stoppedAt.toString())
                    .put("region", REGION);
            event.putArray("resources").add(taskArn);
            var detail = event.putObject("detail")
                    .put("taskArn", taskArn)
                    .put("clusterArn", clusterArn)
                    .put("taskDefinitionArn", taskDefinitionArn)
                    .put("group", "service:" + service)
                    .put("startedBy", deploymentId)
                    .put("launchType", "FARGATE")
                    .put("lastStatus", "DEPROVISIONING")
                    .put("desiredStatus", "STOPPED")
                    .put("stopCode", "EssentialContainerExited")
                    .put("stoppedReason", "Essential container in task exited")
                    .put("createdAt", stoppedAt.minusSeconds(40).toString())
                    .put("startedAt", stoppedAt.minusSeconds(12).toString())
                    .put("stoppingAt", stoppedAt.toString())
                    .put("executionStoppedAt", stoppedAt.toString())
                    .put("updatedAt", stoppedAt.toString())
                    .put("version", 5);
            detail.putArray("containers")
                    .addObject()
                    .put("containerArn", taskArn.replace(":task/", ":container/") + "/1")
                    .put("taskArn", taskArn)
                    .put("name", container)
                    .put("lastStatus", "STOPPED")
                    .put("exitCode", exitCode)
                    .put("image", "123456789012.dkr.ecr.eu-central-1.amazonaws.com/" + service + ":42");
            return event.toPrettyString();
        }
    }

    /** What a program needs in its environment to work in this account. */
    Map<String, String> environment() {
        return Map.of(
                "AWS_ENDPOINT_URL", endpoint.toString(),
                "AWS_REGION", REGION,
                "AWS_DEFAULT_REGION", REGION,
                "AWS_ACCESS_KEY_ID", KEY,
                "AWS_SECRET_ACCESS_KEY", KEY);
    }

    /**
     * Makes a cluster with a Fargate service behind a load balancer, and the log of one task of it that has just crashed.
     *
     * @param lines that the container wrote before it ended, oldest first
     */
    CrashingService crashingService(String cluster, String service, List<String> lines) {
        var container = "app";
        var logGroup = "/ecs/" + service;
        var clusterArn = ecs.createCluster(request -> request.clusterName(cluster))
                .cluster()
                .clusterArn();
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
        var task = UUID.randomUUID().toString().replace("-", "");
        var logStream = "app/%s/%s".formatted(container, task);
        var stoppedAt = Instant.now().minusSeconds(30);
        write(logGroup, logStream, lines, stoppedAt);
        return new CrashingService(
                cluster,
                clusterArn,
                service,
                created.serviceArn(),
                created.deployments().getFirst().id(),
                taskDefinitionArn,
                clusterArn.replace(":cluster/", ":task/") + "/" + task,
                container,
                targetGroupArn,
                logGroup,
                logStream,
                stoppedAt);
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

    /** The first value of a field in EC2's answer. Two calls of a plain protocol are no reason for its client, which is as large as all others together. */
    private String firstOf(String action, String field) {
        try {
            var connection = (HttpURLConnection) endpoint.toURL().openConnection();
            connection.setRequestMethod("POST");
            connection.setDoOutput(true);
            connection.setRequestProperty("Content-Type", "application/x-www-form-urlencoded");
            // Moto reads the service and the region in the scope of the signature and does not check it.
            connection.setRequestProperty(
                    "Authorization",
                    "AWS4-HMAC-SHA256 Credential=%s/20260101/%s/ec2/aws4_request, SignedHeaders=host, Signature=0"
                            .formatted(KEY, REGION));
            try (var out = connection.getOutputStream()) {
                out.write("Action=%s&Version=2016-11-15".formatted(action).getBytes(StandardCharsets.UTF_8));
            }
            var answer = new String(connection.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            var match = Pattern.compile("<%s>([^<]+)</".formatted(field)).matcher(answer);
            if (!match.find()) {
                throw new IllegalStateException(action + ": no " + field + " in " + answer);
            }
            return match.group(1);
        } catch (IOException unable) {
            throw new UncheckedIOException(action + " at moto", unable);
        }
    }

    private void write(String group, String stream, List<String> lines, Instant end) {
        logs.createLogGroup(request -> request.logGroupName(group));
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
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(KEY, KEY)));
    }
}
