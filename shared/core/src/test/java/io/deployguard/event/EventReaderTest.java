package io.deployguard.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deployguard.ecs.Accounts;
import io.deployguard.ecs.CodeDeployRef;
import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.ServiceRef;
import io.deployguard.ecs.Stop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventReaderTest {

    private static final Path EVENTS = Path.of("../../events");
    private static final JsonMapper JSON = new JsonMapper();
    private static final Map<String, Class<? extends GuardEvent>> KINDS = Map.of(
            "task", GuardEvent.TaskStateChange.class,
            "deployment", GuardEvent.DeploymentStateChange.class,
            "service", GuardEvent.ServiceAction.class,
            "alarm", GuardEvent.AlarmStateChange.class,
            "hook", GuardEvent.HookStateChange.class,
            "codedeploy", GuardEvent.CodeDeployStateChange.class,
            "host", GuardEvent.HostChange.class);

    static List<Path> eventFiles() throws IOException {
        try (var files = Files.list(EVENTS)) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .filter(file -> KINDS.containsKey(kind(file)))
                    .sorted()
                    .toList();
        }
    }

    private static String kind(Path file) {
        return String.valueOf(file.getFileName()).replaceFirst("-.*", "");
    }

    @ParameterizedTest
    @MethodSource("eventFiles")
    void readsEveryFileAsTheKindItsNameSays(Path file) throws IOException {
        assertThat(understood(Files.readString(file))).isInstanceOf(KINDS.get(kind(file)));
    }

    @Test
    void readsTheDeploymentThatCodeDeploySpeaksOf() throws IOException {
        assertThat(understood(Files.readString(EVENTS.resolve("codedeploy-failure.json"))))
                .isInstanceOfSatisfying(GuardEvent.CodeDeployStateChange.class, change -> {
                    assertThat(change.deployment())
                            .isEqualTo(new CodeDeployRef(
                                    "aws", "eu-central-1", "123456789012", "cart-app", "cart", "d-4K8ZQ1XYZ"));
                    assertThat(change.ecsName()).contains("SERVICE_DEPLOYMENT_FAILED");
                    assertThat(CodeDeployRef.find(change.deployment().arn())).contains(change.deployment());
                });
    }

    @Test
    void readsWhatATaskSaysAboutItsEnd() throws IOException {
        var change = task("task-crash-migration-conflict");

        assertThat(change.service())
                .contains(new ServiceRef("aws", "eu-central-1", "123456789012", "shop", "clinic-api"));
        assertThat(change.task().deployment()).contains(new DeploymentId("ecs-svc/4821907733112098876"));
        assertThat(change.task().stop().map(Stop::code)).contains(Stop.Code.ESSENTIAL_CONTAINER_EXITED);
        assertThat(change.task().containers().getFirst().exitCode()).contains(134);
        assertThat(change.task().privateIp()).contains("10.0.3.17");
        assertThat(change.key()).isEqualTo(new EventKey("task:" + change.task().arn() + ":5"));
    }

    @Test
    void readsArnsAndNumbersOfOldTimes() throws IOException {
        var change = task("task-old-format");

        assertThat(change.task().id()).isEqualTo("b99d40b3-5176-4f71-9a52-9dbd6f1cebef");
        assertThat(change.task().version()).isEqualTo(4);
        assertThat(change.task().containers().getFirst().exitCode()).contains(1);
        assertThat(change.task().stop().map(Stop::code)).contains(Stop.Code.OTHER);
        assertThat(change.service().map(ServiceRef::name)).contains("legacy");
    }

    @Test
    void leavesATaskOfNoServiceWithoutOne() throws IOException {
        var change = task("task-one-off-migration");

        assertThat(change.service()).isEmpty();
        assertThat(change.task().deployment()).isEmpty();
        assertThat(change.task().command()).containsExactly("npm", "run", "migrate");
    }

    @Test
    void readsTheOffsetWithoutAColonOfAlarms() throws IOException {
        var alarm = (GuardEvent.AlarmStateChange)
                understood(Files.readString(EVENTS.resolve("alarm-unhealthy-hosts.json")));

        assertThat(alarm.targetGroup()).contains("targetgroup/cart/0123456789abcdef");
        assertThat(alarm.muted()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"alarm-service-errors.json", "alarm-container-restarts.json"})
    void readsWhichServiceAnAlarmWatches(String file) throws IOException {
        var alarm = (GuardEvent.AlarmStateChange) understood(Files.readString(EVENTS.resolve(file)));

        assertThat(alarm.service()).contains(new ServiceRef("aws", "eu-central-1", "123456789012", "shop", "cart"));
        assertThat(alarm.isOn()).isTrue();
        assertThat(((GuardEvent.AlarmStateChange) understood(Files.readString(EVENTS.resolve("alarm-over.json"))))
                        .isOver())
                .isTrue();
    }

    @Test
    void namesTheFieldThatIsMissing() throws IOException {
        var event = (ObjectNode) JSON.readTree(Files.readString(EVENTS.resolve("task-scale-in.json")));
        ((ObjectNode) event.path("detail")).remove("taskDefinitionArn");

        assertThat(EventReader.read(event))
                .isEqualTo(new EventReading.Malformed("detail.taskDefinitionArn", "a non-blank text"));
    }

    @Test
    void saysWhyAnEventIsNoneOfTheGuards() {
        assertThat(EventReader.read("{\"detail-type\":\"EC2 Instance State-change Notification\",\"detail\":{}}"))
                .isEqualTo(new EventReading.NotForUs(
                        "detail-type EC2 Instance State-change Notification is none of the guard's"));
    }

    @ParameterizedTest
    @MethodSource("eventFiles")
    void takesEventsOfAwsFromAwsAlone(Path file) throws IOException {
        var event = (ObjectNode) JSON.readTree(Files.readString(file));
        event.put("source", "shop.tools");

        assertThat(EventReader.read(event))
                .isEqualTo(new EventReading.NotForUs("source shop.tools does not send "
                        + event.path("detail-type").asText()));
    }

    @ParameterizedTest
    @MethodSource("eventFiles")
    void refusesEventsOfAccountsThatAreNotListed(Path file) throws IOException {
        var event = Files.readString(file);
        var known = EventReader.read(event) instanceof EventReading.Understood;
        var ours = new Accounts(Optional.of("123456789012"), Set.of(), Map.of());
        var others = new Accounts(Optional.of("210987654321"), Set.of(), Map.of());

        assertThat(EventReader.read(event, ours)).isEqualTo(EventReader.read(event));
        assertThat(EventReader.read(event, others))
                .isEqualTo(
                        known
                                ? new EventReading.Refused("event of account 123456789012, which is not listed")
                                : EventReader.read(event));
    }

    /** A listed account speaks for itself only. */
    @Test
    void refusesAnEventOfOneAccountAboutAnother() throws IOException {
        var event = (ObjectNode) JSON.readTree(Files.readString(EVENTS.resolve("deployment-failed.json")));
        event.put("account", "210987654321");
        var both = new Accounts(Optional.of("123456789012"), Set.of("210987654321"), Map.of());

        assertThat(EventReader.read(event.toString(), both))
                .isEqualTo(new EventReading.Refused("event of account 210987654321 about account 123456789012"));
    }

    @Test
    void refusesAShortServiceArnSinceItNamesNoCluster() throws IOException {
        var event = (ObjectNode) JSON.readTree(Files.readString(EVENTS.resolve("deployment-failed.json")));
        event.putArray("resources").add("arn:aws:ecs:eu-central-1:123456789012:service/cart");

        assertThat(EventReader.read(event))
                .isInstanceOfSatisfying(
                        EventReading.NotForUs.class,
                        reading -> assertThat(reading.because()).contains("serviceLongArnFormat"));
    }

    @Test
    void keepsAKeyThatIsTheSameForEveryDelivery() throws IOException {
        var event = (ObjectNode) JSON.readTree(Files.readString(EVENTS.resolve("deployment-failed.json")));
        event.remove("id");

        assertThat(understood(event.toString()).key())
                .isEqualTo(understood(event.toString()).key());
    }

    @Test
    void readsAnEventOfNineHundredKilobytes() throws IOException {
        var event = (ObjectNode) JSON.readTree(Files.readString(EVENTS.resolve("task-scale-in.json")));
        ((ObjectNode) event.path("detail")).put("note", "x".repeat(900_000));

        assertThat(understood(event.toString())).isInstanceOf(GuardEvent.TaskStateChange.class);
    }

    @ParameterizedTest
    @MethodSource("eventFiles")
    void neverThrowsWhateverTheText(Path file) throws IOException {
        var text = Files.readString(file);
        var random = new Random(7);
        for (var round = 0; round < 400; round++) {
            var broken = new StringBuilder(text);
            for (var wound = 0; wound < 1 + random.nextInt(4); wound++) {
                var at = random.nextInt(broken.length());
                switch (random.nextInt(3)) {
                    case 0 -> broken.setCharAt(at, (char) random.nextInt(256));
                    case 1 -> broken.delete(at, Math.min(broken.length(), at + random.nextInt(40)));
                    default -> broken.insert(at, "[{\"a\":null".repeat(random.nextInt(3)));
                }
                if (broken.isEmpty()) {
                    broken.append('{');
                }
            }
            assertThat(EventReader.read(broken.toString())).isNotNull();
        }
        assertThat(EventReader.read("[".repeat(100_000))).isInstanceOf(EventReading.Malformed.class);
    }

    private static GuardEvent.TaskStateChange task(String name) throws IOException {
        return (GuardEvent.TaskStateChange) understood(Files.readString(EVENTS.resolve(name + ".json")));
    }

    private static GuardEvent understood(String text) {
        return Optional.of(EventReader.read(text))
                .filter(EventReading.Understood.class::isInstance)
                .map(reading -> ((EventReading.Understood) reading).event())
                .orElseThrow(() -> new AssertionError(EventReader.read(text).toString()));
    }
}
