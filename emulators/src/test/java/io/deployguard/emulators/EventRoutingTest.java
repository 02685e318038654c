package io.deployguard.emulators;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.event.ruler.Machine;

/** Which events pass which rule of the template, by AWS's own matcher. */
class EventRoutingTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String ARN = "arn:aws:ecs:%s:%s:".formatted(Template.REGION, Template.ACCOUNT);

    /** Every file of {@code events/} that is an EventBridge event, against {@code routing.txt}. */
    @Nested
    class FilesOfEvents {

        @ParameterizedTest(allowZeroInvocations = true)
        @MethodSource("io.deployguard.emulators.EventRoutingTest#eventFiles")
        void goWhereTheTableSays(Path file) throws Exception {
            var rules = String.join(" ", rulesFor(Files.readString(file), Template.withDefaults()));

            assertThat(table())
                    .as(
                            "the line of emulators/src/test/resources/routing.txt is: %s %s",
                            name(file), rules.isEmpty() ? "-" : rules)
                    .containsEntry(name(file), rules);
        }

        @Test
        void areAllThatTheTableNames() throws IOException {
            assertThat(table().keySet())
                    .isSubsetOf(eventFiles().map(EventRoutingTest::name).toList());
        }
    }

    @Nested
    class TaskStops {

        @ParameterizedTest(name = "{0}, {1}, {2}: {3}")
        @CsvSource({
            "STOPPED, DEPROVISIONING, Essential container in task exited, TaskStopsRule",
            "STOPPED, STOPPED, Essential container in task exited, TaskStopsRule",
            "STOPPED, RUNNING, Your Spot Task was interrupted., TaskStopsRule",
            "STOPPED, DEACTIVATING, Task failed ELB health checks in (target-group arn:aws:x), TaskStopsRule",
            "STOPPED, DEPROVISIONING, CannotPullContainerError: manifest unknown, TaskStopsRule",
            "STOPPED, DEACTIVATING, Scaling activity initiated by (deployment ecs-svc/1), ''",
            "RUNNING, RUNNING, , ''",
            "RUNNING, PENDING, , ''"
        })
        void passUnlessTheyAreScaleInOrReplacement(String desired, String last, String reason, String rule)
                throws Exception {
            assertThat(rulesFor(task("shop", "service:cart", desired, last, reason), Template.withDefaults()))
                    .isEqualTo(rules(rule));
        }

        @Test
        void ofTasksThatTheGuardStartedPass() throws Exception {
            var event = task(
                    "shop",
                    "deploy-guard:9223372036854775042",
                    "STOPPED",
                    "DEPROVISIONING",
                    "Essential container in task exited");
            assertThat(rulesFor(event, Template.withDefaults())).isEqualTo(rules("TaskStopsRule"));
            assertThat(rulesFor(event, Template.withDefaults().with("Cluster", "shop")))
                    .isNotEmpty();
        }

        @Test
        void ofTasksThatNoServiceStartedDoNotPass() throws Exception {
            var event =
                    task("shop", "family:nightly", "STOPPED", "DEPROVISIONING", "Essential container in task exited");
            assertThat(rulesFor(event, Template.withDefaults())).isEmpty();
        }
    }

    @Nested
    class OfServices {

        @ParameterizedTest(name = "{0} {1}: {2}")
        @CsvSource({
            "ECS Deployment State Change, SERVICE_DEPLOYMENT_IN_PROGRESS, DeploymentsRule",
            "ECS Deployment State Change, SERVICE_DEPLOYMENT_COMPLETED, DeploymentsRule",
            "ECS Deployment State Change, SERVICE_DEPLOYMENT_FAILED, DeploymentsRule",
            "ECS Service Action, SERVICE_STEADY_STATE, ''",
            "ECS Service Action, TASKSET_STEADY_STATE, ''",
            "ECS Service Action, SERVICE_DESIRED_COUNT_UPDATED, ''",
            "ECS Service Action, SERVICE_TASK_START_IMPAIRED, ServiceActionsRule",
            "ECS Service Action, SERVICE_TASK_PLACEMENT_FAILURE, ServiceActionsRule",
            "ECS Hook State Change, HOOK_IN_PROGRESS, ''",
            "ECS Hook State Change, HOOK_AWAITING_ACTION, HooksRule",
            "ECS Container Instance State Change, '', ''"
        })
        void passWhenTheySayThatSomethingIsWrongOrNew(String kind, String name, String rule) throws Exception {
            assertThat(rulesFor(ofService("shop", kind, name), Template.withDefaults()))
                    .isEqualTo(rules(rule));
        }
    }

    @Nested
    class Alarms {

        @ParameterizedTest(name = "{0} {1} {2}: {3}")
        @CsvSource({
            "AWS/ApplicationELB, UnHealthyHostCount, ALARM, AlarmsRule",
            "AWS/ApplicationELB, HealthyHostCount, ALARM, AlarmsRule",
            "AWS/NetworkELB, UnHealthyHostCount, ALARM, AlarmsRule",
            "AWS/ApplicationELB, UnHealthyHostCount, OK, AlarmsRule",
            "AWS/ApplicationELB, UnHealthyHostCount, INSUFFICIENT_DATA, ''",
            "AWS/ApplicationELB, HTTPCode_Target_5XX_Count, ALARM, AlarmsRule",
            "AWS/ApplicationELB, RequestCountPerTarget, ALARM, ''",
            "AWS/SQS, ApproximateAgeOfOldestMessage, ALARM, ''"
        })
        void passByTheMetricTheyWatch(String namespace, String metric, String state, String rule) throws Exception {
            assertThat(rulesFor(alarm(namespace, metric, state), Template.withDefaults()))
                    .isEqualTo(rules(rule));
            assertThat(rulesFor(
                            alarm(namespace, metric, state),
                            Template.withDefaults().with("Cluster", "shop")))
                    .as("of one cluster")
                    .isEqualTo(rules(rule));
        }
    }

    /** The rule for one cluster lets pass what the rules for every cluster do, and only from there. */
    @Nested
    class OneCluster {

        private final Template shop = Template.withDefaults().with("Cluster", "shop");

        @ParameterizedTest
        @MethodSource("io.deployguard.emulators.EventRoutingTest#eventsOfShop")
        void passesTheSameEventsOfItsOwn(String event) throws Exception {
            var everywhere = rulesFor(event, Template.withDefaults());
            assertThat(rulesFor(event, shop)).isEqualTo(everywhere.isEmpty() ? List.of() : List.of("ClusterRule"));
        }

        @ParameterizedTest
        @MethodSource("io.deployguard.emulators.EventRoutingTest#eventsOfShop")
        void passesNothingOfOthers(String event) throws Exception {
            assertThat(rulesFor(event.replace("/shop", "/shop-staging"), shop)).isEmpty();
        }
    }

    /** From a listed account, over its own rules and the hub's bus, arrives what the hub takes of its own account; of any other account nothing. */
    @Nested
    class OtherAccounts {

        private static final String LISTED = "210987654321";

        private final Template hub = Template.withDefaults().with("SpokeAccounts", LISTED + ",345678901234");

        @ParameterizedTest
        @MethodSource("io.deployguard.emulators.EventRoutingTest#eventFiles")
        void sendWhatTheHubTakesOfItsOwn(Path file) throws Exception {
            var event = Files.readString(file);
            var sent = event.replace(Template.ACCOUNT, LISTED);

            var rules = rulesFor(event, Template.spoke());
            assertThat(rules).isEqualTo(rulesFor(event, Template.withDefaults()));
            assertThat(rules.isEmpty() || isTaken(sent)).isTrue();
            assertThat(isTaken(event.replace(Template.ACCOUNT, "999999999999"))).isFalse();
        }

        @Test
        void sendNothingThatAwsDoesNotSay() throws Exception {
            var made = event("shop.tools", "ECS Task State Change", ARN + "task/shop/0a1b", JSON.createObjectNode());
            assertThat(isTaken(made.replace(Template.ACCOUNT, LISTED))).isFalse();
        }

        private boolean isTaken(String event) throws Exception {
            return rulesFor(event, hub).contains("SpokesRule");
        }
    }

    @Test
    void patternsStayWithinEventBridgesLimit() {
        Stream.of(
                        Template.withDefaults(),
                        Template.withDefaults().with("Cluster", "c".repeat(255)),
                        Template.withDefaults().with("SpokeAccounts", "123456789012,".repeat(200) + "123456789012"))
                .flatMap(template -> template.resources("AWS::Events::Rule").values().stream())
                .forEach(
                        rule -> assertThat(rule.path("EventPattern").toString()).hasSizeLessThan(4096));
    }

    static Stream<Path> eventFiles() throws IOException {
        var folder = Project.root().resolve("events");
        if (!Files.isDirectory(folder)) {
            return Stream.empty();
        }
        try (var files = Files.list(folder)) {
            return files
                    .filter(file -> name(file).endsWith(".json"))
                    .filter(EventRoutingTest::isFromTheBus)
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    static Stream<String> eventsOfShop() {
        return Stream.concat(
                Stream.of(
                        task("shop", "service:cart", "STOPPED", "DEPROVISIONING", "Essential container in task exited"),
                        task(
                                "shop",
                                "service:cart",
                                "STOPPED",
                                "DEACTIVATING",
                                "Scaling activity initiated by (deployment ecs-svc/1)"),
                        task("shop", "family:nightly", "STOPPED", "STOPPED", "Essential container in task exited")),
                Stream.of(
                                "ECS Deployment State Change:SERVICE_DEPLOYMENT_FAILED",
                                "ECS Service Action:SERVICE_TASK_START_IMPAIRED",
                                "ECS Service Action:SERVICE_STEADY_STATE",
                                "ECS Hook State Change:HOOK_AWAITING_ACTION",
                                "ECS Hook State Change:HOOK_SUCCEEDED")
                        .map(event -> event.split(":", -1))
                        .map(event -> ofService("shop", event[0], event[1])));
    }

    private static boolean isFromTheBus(Path file) {
        try {
            var event = JSON.readTree(file.toFile());
            return event.has("detail-type") && event.has("source");
        } catch (IOException malformed) {
            // Bad input is kept in events/ as well; it comes over no bus.
            return false;
        }
    }

    /** File name → names of the rules it passes, separated by blanks. */
    private static Map<String, String> table() throws IOException {
        return Files.readAllLines(Project.root().resolve("emulators/src/test/resources/routing.txt")).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(line -> line.split("\\s+", 2))
                .collect(Collectors.toMap(
                        words -> words[0],
                        words -> words[1].equals("-") ? "" : words[1].strip(),
                        (a, _) -> a,
                        TreeMap::new));
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    private static List<String> rules(String name) {
        return name.isEmpty() ? List.of() : List.of(name);
    }

    private static List<String> rulesFor(String event, Template template) throws Exception {
        var machine = Machine.builder().build();
        for (var rule : template.resources("AWS::Events::Rule").entrySet()) {
            machine.addRule(rule.getKey(), rule.getValue().path("EventPattern").toString());
        }
        return machine.rulesForJSONEvent(event).stream().sorted().toList();
    }

    private static String task(String cluster, String group, String desired, String last, String reason) {
        var detail = JSON.createObjectNode()
                .put("clusterArn", ARN + "cluster/" + cluster)
                .put("group", group)
                .put("desiredStatus", desired)
                .put("lastStatus", last);
        if (reason != null) {
            detail.put("stoppedReason", reason);
        }
        return event("aws.ecs", "ECS Task State Change", ARN + "task/" + cluster + "/0a1b", detail);
    }

    private static String ofService(String cluster, String kind, String name) {
        var detail = JSON.createObjectNode().put("eventType", "INFO").put("eventName", name);
        // Deployment events have no cluster of their own.
        if (!kind.equals("ECS Deployment State Change")) {
            detail.put("clusterArn", ARN + "cluster/" + cluster);
        }
        return event("aws.ecs", kind, ARN + "service/" + cluster + "/cart", detail);
    }

    private static String alarm(String namespace, String name, String state) {
        var detail = JSON.createObjectNode().put("alarmName", "cart-hosts");
        detail.putObject("state").put("value", state);
        detail.putObject("configuration")
                .putArray("metrics")
                .addObject()
                .putObject("metricStat")
                .putObject("metric")
                .put("namespace", namespace)
                .put("name", name);
        return event(
                "aws.cloudwatch", "CloudWatch Alarm State Change", "arn:aws:cloudwatch:x:1:alarm:cart-hosts", detail);
    }

    private static String event(String source, String kind, String resource, JsonNode detail) {
        var event = JSON.createObjectNode()
                .put("version", "0")
                .put("id", "5d0c7a52-1111-4222-8333-444455556666")
                .put("source", source)
                .put("detail-type", kind)
                .put("account", Template.ACCOUNT)
                .put("region", Template.REGION)
                .put("time", "2026-02-03T09:15:41Z");
        event.putArray("resources").add(resource);
        event.set("detail", detail);
        return event.toString();
    }
}
