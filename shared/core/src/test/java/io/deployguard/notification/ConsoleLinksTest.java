package io.deployguard.notification;

import static org.assertj.core.api.Assertions.assertThat;

import io.deployguard.ecs.ServiceRef;
import io.deployguard.incident.Situation.LogStream;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConsoleLinksTest {

    private static final ServiceRef WEB = new ServiceRef("aws", "eu-west-1", "123456789012", "prod", "web");

    @Test
    void encodesLogGroupAndStreamTwice() {
        assertThat(ConsoleLinks.logStream("aws", new LogStream("eu-west-1", "/ecs/web", "app/web/4f2c")))
                .isEqualTo("https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1"
                        + "#logsV2:log-groups/log-group/$252Fecs$252Fweb/log-events/app$252Fweb$252F4f2c");
    }

    @Test
    void encodesTheSignsThatLambdaPutsIntoStreamNames() {
        assertThat(ConsoleLinks.logStream("aws", new LogStream("eu-west-1", "g", "2025/11/08/[$LATEST]a b")))
                .endsWith("/log-events/2025$252F11$252F08$252F$255B$2524LATEST$255Da$2520b");
    }

    @Test
    void leadsToServiceDeploymentsAndTask() {
        var cluster = "https://eu-west-1.console.aws.amazon.com/ecs/v2/clusters/prod";

        assertThat(ConsoleLinks.service(WEB)).isEqualTo(cluster + "/services/web/health?region=eu-west-1");
        assertThat(ConsoleLinks.deployments(WEB)).isEqualTo(cluster + "/services/web/deployments?region=eu-west-1");
        assertThat(ConsoleLinks.task(WEB, "4f2c"))
                .isEqualTo(cluster + "/services/web/tasks/4f2c/configuration?region=eu-west-1");
    }

    @ParameterizedTest(name = "{0} is at {2}")
    @CsvSource({
        "aws, eu-west-1, eu-west-1.console.aws.amazon.com",
        "aws-cn, cn-north-1, cn-north-1.console.amazonaws.cn",
        "aws-us-gov, us-gov-west-1, us-gov-west-1.console.amazonaws-us-gov.com",
    })
    void knowsThePartitions(String partition, String region, String host) {
        var service = new ServiceRef(partition, region, "123456789012", "prod", "web");

        assertThat(URI.create(ConsoleLinks.service(service)).getHost()).isEqualTo(host);
    }

    @Test
    void cannotBeLedElsewhereByAName() {
        var hostile = new ServiceRef("aws", "eu-west-1", "1", "../..", "x?y#z&\" @evil.example");

        assertThat(ConsoleLinks.service(hostile))
                .isEqualTo("https://eu-west-1.console.aws.amazon.com/ecs/v2/clusters/..%2F..%2Fservices"
                        .replace("%2Fservices", "/services/x%3Fy%23z%26%22%20%40evil.example/health?region=eu-west-1"));
    }
}
