package io.deployguard.notification;

import io.deployguard.ecs.ServiceRef;
import io.deployguard.incident.Situation.LogStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * Addresses of the AWS console, in whichever partition the service runs. AWS documents none of them; they are what the console itself shows.
 *
 * @see <a href="https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html">Partitions</a>
 */
public final class ConsoleLinks {

    private ConsoleLinks() {}

    public static String service(ServiceRef service) {
        return ecs(service, "/services/" + encode(service.name()) + "/health");
    }

    /** The list of the service's deployments. */
    public static String deployments(ServiceRef service) {
        return ecs(service, "/services/" + encode(service.name()) + "/deployments");
    }

    public static String task(ServiceRef service, String taskId) {
        return ecs(service, "/services/" + encode(service.name()) + "/tasks/" + encode(taskId) + "/configuration");
    }

    /** A log stream. The part after {@code #} is percent-encoded twice, and the outer percent sign is written {@code $}. */
    public static String logStream(String partition, LogStream log) {
        return "%s/cloudwatch/home?region=%s#logsV2:log-groups/log-group/%s/log-events/%s"
                .formatted(
                        host(partition, log.region()), encode(log.region()), twice(log.group()), twice(log.stream()));
    }

    private static String ecs(ServiceRef service, String path) {
        return "%s/ecs/v2/clusters/%s%s?region=%s"
                .formatted(
                        host(service.partition(), service.region()),
                        encode(service.cluster()),
                        path,
                        encode(service.region()));
    }

    private static String host(String partition, String region) {
        var domain = switch (partition) {
            case "aws-cn" -> "console.amazonaws.cn";
            case "aws-us-gov" -> "console.amazonaws-us-gov.com";
            default -> "console.aws.amazon.com";
        };
        return "https://" + encode(region) + "." + domain;
    }

    private static String twice(String text) {
        return encode(encode(text)).replace('%', '$');
    }

    /** Percent-encoding of one path segment; {@link URLEncoder} alone is for forms and writes a space as plus. */
    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
