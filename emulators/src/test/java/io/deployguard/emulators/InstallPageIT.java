package io.deployguard.emulators;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.deployguard.simulation.lab.LocalPostgres;
import io.deployguard.simulation.lab.SlackStandIn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.ecs.model.Service;

/**
 * The commands of {@code docs/install.md} as they stand there, pasted into one shell by somebody who changes nothing but the values at the top, until
 * the first message is in the channel. AWS's own command line speaks to moto, which makes no stacks and runs no tasks and functions: what {@code sam
 * deploy} is told is held against the template, and the task and the functions run here. {@link StackIT} makes the stack.
 */
@NeedsPython(localStack = true)
class InstallPageIT {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Pattern BLOCK = Pattern.compile("(?ms)^ *```sh\n(.*?)^ *```$");
    private static final Predicate<String> NOT_CLEANING = block -> !block.contains("aws ecs delete-service");
    private static final Path EVENT = Project.root().resolve("events/task-crash-migration-conflict.json");
    private static final Path SCHEDULE = Project.root().resolve("events/schedule-every-minute.json");
    private static final String CHANNEL = "deployments";
    private static final String TRIAL = "guard-trial";

    /** What the emulator cannot do, before the real command line. */
    private static final String AWS = """
            #!/bin/sh
            case "$1 $2" in
              "cloudformation describe-stack-resource")
                [ "$3 $4 $5 $6" = "--stack-name deploy-guard --logical-resource-id WatchFunction" ] && echo deploy-guard-watch ;;
              "lambda invoke")
                [ "$3 $4 $5" = "--function-name deploy-guard-watch:live /dev/stdout" ] && exec @invoke@ ;;
              "ecs create-service")
                # Without a security group moto fails, where ECS takes the one of the VPC.
                group=$(@aws@ ec2 describe-security-groups --query 'SecurityGroups[0].GroupId' --output text)
                for argument in "$@"; do
                  shift
                  set -- "$@" "$(printf %s "$argument" | sed "s/assignPublicIp=ENABLED/&,securityGroups=[$group]/")"
                done
                exec @aws@ "$@" ;;
              *) exec @aws@ "$@" ;;
            esac
            """;

    private static final String SAM = """
            #!/bin/sh
            printf '%s\\n' "$@" >@arguments@
            """;

    @TempDir
    Path temp;

    @Test
    void leadsFromNothingToTheFirstMessage() throws Exception {
        var page = Files.readString(Project.root().resolve("docs/install.md"));
        var blocks = BLOCK.matcher(page.substring(0, page.indexOf("\n## ")))
                .results()
                .map(block -> block.group(1))
                .toList();
        try (var moto = MotoServer.start();
                var account = new MotoAccount(moto.endpoint());
                var postgres = LocalPostgres.start();
                var slack = SlackStandIn.start(List.of(CHANNEL), Clock.systemUTC())) {
            var shell = shell(moto, postgres).with("DEPLOY_GUARD_SLACK_CHANNEL", slack.channelId(CHANNEL));
            var values = Map.of("TOKEN", SlackStandIn.DEFAULT_TOKEN, "CHANNEL", slack.channelId(CHANNEL));

            var pasted =
                    paste(shell, values, blocks.stream().filter(NOT_CLEANING).toList());
            assertThat(pasted.exit()).as(pasted.out() + pasted.err()).isZero();
            assertThat(pasted.out()).contains("\"outcome\":\"watched\"");
            var parameters = parameters();
            assertThat(parameters).containsEntry("SlackChannel", slack.channelId(CHANNEL));

            crash(account, shell.with("AWS_REGION", MotoAccount.REGION));
            var told = invoke(
                    shell.with("AWS_REGION", MotoAccount.REGION)
                            .with("DEPLOY_GUARD_SLACK_TOKEN_SECRET", requireNonNull(parameters.get("SlackTokenSecret")))
                            .with(
                                    "DEPLOY_GUARD_SLACK_API_URL",
                                    slack.uri().resolve("/api/").toString()),
                    "notify",
                    Project.root().resolve("events/message-incident.json"));
            assertThat(told.exit()).as(told.out() + told.err()).isZero();
            assertThat(slack.messages(CHANNEL))
                    .singleElement()
                    .satisfies(
                            message -> assertThat(message.latest().toString()).contains(TRIAL, "orders"));

            var cleaned = paste(
                    shell.with("AWS_DEFAULT_REGION", MotoAccount.REGION),
                    values,
                    blocks.stream().filter(NOT_CLEANING.negate()).toList());
            assertThat(cleaned.exit()).as(cleaned.out() + cleaned.err()).isZero();
            assertThat(account.ecs().listTaskDefinitions().taskDefinitionArns()).isEmpty();
        }
    }

    /** A terminal in the project's folder after the build: nothing is set in it that the page does not set, but the account's keys. */
    private Command shell(MotoServer moto, LocalPostgres postgres) throws IOException {
        var bin = Files.createDirectories(temp.resolve("bin"));
        var aws = PythonTools.requireLocalStack().program("aws").toString();
        executable(
                bin.resolve("aws"),
                AWS.replace("@aws@", aws)
                        .replace("@invoke@", quoted(cli("invoke", "watch", "--event", SCHEDULE.toString()))));
        executable(bin.resolve("sam"), SAM.replace("@arguments@", arguments().toString()));
        // What it makes is there already: this is a test of that very build.
        executable(temp.resolve("mvnw"), "#!/bin/sh\n");
        return Command.of("sh")
                .in(temp)
                .within(Duration.ofMinutes(4))
                .withOnly(Map.of(
                        "PATH",
                        bin + ":" + System.getenv().getOrDefault("PATH", "/usr/bin:/bin"),
                        "HOME",
                        temp.toString(),
                        "AWS_ENDPOINT_URL",
                        moto.endpoint().toString(),
                        "AWS_ACCESS_KEY_ID",
                        "testing",
                        "AWS_SECRET_ACCESS_KEY",
                        "testing",
                        "DEPLOY_GUARD_DATABASE_URL",
                        postgres.jdbcUrl()));
    }

    private Command.Result paste(Command shell, Map<String, String> values, List<String> blocks) throws IOException {
        var text = String.join("", blocks);
        for (var value : values.entrySet()) {
            text = text.replaceAll(
                    "(?m)^ *%s=\\S+".formatted(value.getKey()), "%s='%s'".formatted(value.getKey(), value.getValue()));
        }
        assertThat(text).as("the page's commands").contains("aws ");
        var script = Files.writeString(temp.resolve("pasted"), text);
        return running(shell, "sh", "-eu", script.toString()).run();
    }

    /** What {@code sam deploy} was told, each as the template wants it. */
    private Map<String, String> parameters() throws IOException {
        var words = Files.readAllLines(arguments());
        assertThat(words.subList(0, 2)).containsExactly("deploy", "--parameter-overrides");
        var template = Template.withDefaults();
        var parameters = new HashMap<String, String>();
        for (var word : words.subList(2, words.size())) {
            var parts = word.split("=", 2);
            assertThat(template.parameters()).contains(parts[0]);
            assertThat(parts[1]).matches(template.pattern(parts[0]));
            parameters.put(parts[0], parts[1]);
        }
        return parameters;
    }

    /** What ECS does with the page's service: its command runs, its output is logged, and its end is an event. */
    private void crash(MotoAccount account, Command shell) throws IOException {
        var service = account.ecs()
                .describeServices(request -> request.cluster(TRIAL).services(TRIAL))
                .services()
                .getFirst();
        var container = account.ecs()
                .describeTaskDefinition(request -> request.taskDefinition(service.taskDefinition()))
                .taskDefinition()
                .containerDefinitions()
                .getFirst();
        var ended = running(shell, container.command().toArray(String[]::new)).run();
        assertThat(ended.exit()).isEqualTo(1);
        var options = container.logConfiguration().options();
        var task = JSON.readTree(EVENT.toFile()).path("detail").path("taskArn").asText();
        var stoppedAt = Instant.now().minusSeconds(30);
        account.write(
                requireNonNull(options.get("awslogs-group")),
                "%s/%s/%s"
                        .formatted(
                                options.get("awslogs-stream-prefix"),
                                container.name(),
                                task.substring(task.lastIndexOf('/') + 1)),
                ended.out().lines().toList(),
                stoppedAt);

        var handled = invoke(shell, "detect", Files.writeString(temp.resolve("event.json"), stop(service, stoppedAt)));

        assertThat(handled.exit()).as(handled.out() + handled.err()).isZero();
        assertThat(JSON.readTree(handled.out()).path("cause").asText()).isEqualTo("migration-conflict");
    }

    private static String stop(Service service, Instant stoppedAt) throws IOException {
        return MotoAccount.movedTo(stoppedAt, Files.readString(EVENT))
                .replace("/shop", "/" + TRIAL)
                .replace("service:clinic-api", "service:" + TRIAL)
                .replaceAll("ecs-svc/\\d+", service.deployments().getFirst().id())
                .replaceAll("arn:[^\"]*:task-definition/clinic-api:42", service.taskDefinition());
    }

    private static Command.Result invoke(Command shell, String function, Path event) {
        var words = cli("invoke", function, "--event", event.toString());
        return running(shell, words.toArray(String[]::new)).run();
    }

    private static Command running(Command shell, String... words) {
        return new Command(shell.folder(), shell.environment(), List.of(words), shell.input(), shell.patience());
    }

    private static List<String> cli(String... arguments) {
        var cli = Project.root().resolve("cli/target/deploy-guard.jar");
        if (!Project.isCi()) {
            assumeTrue(Files.exists(cli), () -> cli + " is not built; ./mvnw verify builds it");
        }
        var words = new java.util.ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "--enable-native-access=ALL-UNNAMED",
                "-Ddeployguard.home=" + Project.root(),
                "-jar",
                cli.toString()));
        words.addAll(List.of(arguments));
        return words;
    }

    private static String quoted(List<String> words) {
        return words.stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
    }

    private Path arguments() {
        return temp.resolve("sam-arguments");
    }

    private static void executable(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
