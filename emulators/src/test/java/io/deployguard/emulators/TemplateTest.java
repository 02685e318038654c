package io.deployguard.emulators;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code template.yaml} promises, for every choice of its parameters that changes it. */
class TemplateTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String MODE_TAG = "aws:ResourceTag/deploy-guard:mode";
    private static final List<String> ALWAYS =
            List.of("ecs:UpdateService", "ecs:StopServiceDeployment", "ecs:ContinueServiceDeployment");

    /** What a copy of a task definition may do is what its roles may do, and these are listed. */
    private static final List<String> TAKES_NO_RESOURCE = List.of("ecs:RegisterTaskDefinition");

    private static final String TASK_ROLES =
            "arn:aws:iam::123456789012:role/ecs-tasks/web,arn:aws:iam::123456789012:role/ecs-tasks/pull";
    private static final String SECRET = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:slack-AbCdEf";

    private static final String DATABASE_USER = "arn:aws:rds-db:eu-central-1:123456789012:dbuser:cluster-ABC/guard";
    private static final String DATABASE_ADDRESS =
            "postgres://guard@db.cluster-abc.eu-central-1.rds.amazonaws.com:5432/guard?auth=iam&sslrootcert=/opt/rds-ca.pem";

    private static Template withPassword() {
        return Template.withDefaults().with("DatabaseUrlSecret", SECRET);
    }

    private static Template withRds() {
        return Template.withDefaults().with("DatabaseAddress", DATABASE_ADDRESS).with("DatabaseUserArn", DATABASE_USER);
    }

    static Stream<Template> choices() {
        var plain = Template.withDefaults();
        return Stream.of(
                plain,
                withPassword(),
                withRds(),
                plain.with("Mode", "auto"),
                plain.with("RunMigrations", "yes"),
                plain.with("ReRegisterRoles", TASK_ROLES),
                plain.with("ForwardListeners", "yes"),
                plain.with("ScaleDown", "yes"),
                plain.with("CodeDeployGroups", "shop/*"),
                plain.with("Cluster", "shop").with("TaskRoles", "ecs-tasks/*").with("TaskLogGroups", "/ecs/*"),
                plain.with("SlackChannel", "C0123ABCD").with("SlackTokenSecret", SECRET),
                plain.with("SlackWebhookSecret", SECRET)
                        .with("SlackSecretKey", "arn:aws:kms:eu-central-1:123456789012:key/1"),
                plain.with("GithubTokenSecret", SECRET),
                plain.with("RulesLocation", "s3://acme-rules/deploy-guard/"),
                plain.with("RulesLocation", "ssm:/deploy-guard/rules"),
                plain.with("SpokeAccounts", "210987654321,345678901234").with("SpokeExternalId", "4f6f1c1e-8f0b-4b7e"),
                plain.with("SubnetIds", "subnet-0a,subnet-0b").with("SecurityGroupIds", "sg-0a"));
    }

    @Nested
    class Rights {

        @ParameterizedTest
        @MethodSource("io.deployguard.emulators.TemplateTest#choices")
        void onlyActMayChangeEcs(Template template) {
            var changes = new HashMap<String, Set<String>>();
            template.functions()
                    .keySet()
                    .forEach(function -> template.rightsOf(function).stream()
                            .flatMap(statement -> statement.writes().stream())
                            .filter(action -> action.startsWith("ecs:") || action.startsWith("elasticloadbalancing:"))
                            .forEach(action -> changes.computeIfAbsent(function, _ -> new HashSet<>())
                                    .add(action)));

            assertThat(changes).containsOnlyKeys("ActFunction");
            assertThat(changes.get("ActFunction"))
                    .containsAll(ALWAYS)
                    .isSubsetOf(Stream.concat(
                                    ALWAYS.stream(),
                                    Stream.of(
                                            "ecs:RunTask",
                                            "ecs:RegisterTaskDefinition",
                                            "ecs:TagResource",
                                            "elasticloadbalancing:ModifyListener",
                                            "elasticloadbalancing:ModifyRule"))
                            .toList());
        }

        @Test
        void theDefaultMayOnlyGoBack() {
            assertThat(Template.withDefaults().rightsOf("ActFunction").stream()
                            .flatMap(statement -> statement.writes().stream())
                            .filter(action -> action.startsWith("ecs:")))
                    .hasSameElementsAs(ALWAYS);
        }

        /** Each is off until its parameter names it. */
        @ParameterizedTest(name = "{0}: {2}")
        @CsvSource({
            "RunMigrations, yes, run-migration-then-redeploy",
            "ReRegisterRoles, arn:aws:iam::123456789012:role/web, re-register-then-roll-back",
            "ForwardListeners, yes, forward-listener",
            "ScaleDown, yes, scale-down"
        })
        void remediesAreAllowedOneByOne(String parameter, String value, String remedy) {
            assertThat(remedies(Template.withDefaults())).isEmpty();
            assertThat(remedies(Template.withDefaults().with(parameter, value))).containsExactly(remedy);
        }

        private static List<String> remedies(Template template) {
            return Stream.of(template.globals()
                            .path("Environment")
                            .path("Variables")
                            .path("DEPLOY_GUARD_REMEDIES")
                            .asText()
                            .split(",", -1))
                    .filter(id -> !id.isEmpty())
                    .toList();
        }

        /** What runs with the roles of tasks is for their owners to choose. */
        @ParameterizedTest(name = "tagged {0}, in cluster {1}: {2}")
        @CsvSource({"migration, shop, true", "migration, bank, false", "other, shop, false", ", shop, false"})
        void onlyTaskDefinitionsThatAreTaggedForItAreRun(String tag, String cluster, boolean allowed) {
            var context =
                    new HashMap<>(Map.of("ecs:cluster", "arn:aws:ecs:eu-central-1:123456789012:cluster/" + cluster));
            if (tag != null) {
                context.put("aws:ResourceTag/deploy-guard:run", tag);
            }
            assertThat(Template.withDefaults()
                            .with("RunMigrations", "yes")
                            .with("Cluster", "shop")
                            .rightsOf("ActFunction"))
                    .filteredOn(statement -> statement.actions().contains("ecs:RunTask"))
                    .singleElement()
                    .satisfies(statement -> {
                        assertThat(statement.resources())
                                .containsExactly("arn:aws:ecs:eu-central-1:123456789012:task-definition/*:*");
                        assertThat(statement.holdsFor(context)).isEqualTo(allowed);
                    });
        }

        @ParameterizedTest
        @MethodSource("io.deployguard.emulators.TemplateTest#choices")
        void nothingIsWrittenEverywhere(Template template) {
            assertThat(template.resources("AWS::IAM::Role").keySet())
                    .flatMap(template::rightsOfRole)
                    .filteredOn(statement -> !statement.writes().isEmpty())
                    .filteredOn(statement -> !statement.writes().equals(TAKES_NO_RESOURCE))
                    .isNotEmpty()
                    .allSatisfy(statement -> {
                        assertThat(statement.resources()).doesNotContain("*", "");
                        assertThat(statement.actions()).noneMatch(action -> action.endsWith("*"));
                    });
        }

        /** CodeDeploy knows no tag of the service, so that the installation names the groups. */
        @Test
        void onlyDeploymentGroupsThatAreNamedMayBeStopped() {
            assertThat(Template.withDefaults().functions().keySet())
                    .flatMap(Template.withDefaults()::rightsOf)
                    .noneMatch(statement -> statement.actions().contains("codedeploy:StopDeployment"));

            var named = Template.withDefaults().with("CodeDeployGroups", "shop/*");
            assertThat(named.functions().keySet().stream()
                            .filter(function -> named.rightsOf(function).stream()
                                    .anyMatch(statement -> statement.writes().contains("codedeploy:StopDeployment"))))
                    .containsExactly("ActFunction");
            assertThat(named.rightsOf("ActFunction"))
                    .filteredOn(statement -> statement.writes().contains("codedeploy:StopDeployment"))
                    .singleElement()
                    .satisfies(statement -> assertThat(statement.resources())
                            .containsExactly("arn:aws:codedeploy:eu-central-1:123456789012:deploymentgroup:shop/*"));
        }

        @Test
        void areAllExplainedOnTheirPage() throws IOException {
            var explained = Files.readAllLines(Project.root().resolve("docs/permissions.md")).stream()
                    .filter(line -> line.startsWith("| `"))
                    .map(line -> line.split("`", -1)[1])
                    .toList();
            var given = Stream.concat(choices(), Stream.of(Template.spoke().with("RunMigrations", "yes")))
                    .flatMap(template -> Stream.of("AWS::IAM::Role", "AWS::IAM::ManagedPolicy", "AWS::SQS::QueuePolicy")
                            .flatMap(type -> template.resources(type).values().stream()))
                    .flatMap(resource -> Stream.concat(
                                    Template.elements(resource.path("Policies")).map(own -> own.path("PolicyDocument")),
                                    Stream.of(resource.path("PolicyDocument")))
                            .flatMap(document -> Template.elements(document.path("Statement"))))
                    .filter(statement -> statement.path("Effect").asText().equals("Allow"))
                    .map(statement -> statement.path("Sid").asText())
                    .distinct()
                    .toList();

            assertThat(explained).containsExactlyInAnyOrderElementsOf(given);
        }

        /** Else another customer's account could have the service of AWS use what is ours. */
        @ParameterizedTest
        @MethodSource("io.deployguard.emulators.TemplateTest#choices")
        void whatAServiceOfAwsMayDoIsBoundToThisAccountOrItsOwnResources(Template template) {
            var trusts = template.resources("AWS::IAM::Role").values().stream()
                    .map(role -> role.path("AssumeRolePolicyDocument"));
            var policies = template.resources("AWS::SQS::QueuePolicy").values().stream()
                    .map(policy -> policy.path("PolicyDocument"));

            assertThat(Stream.concat(trusts, policies)
                            .flatMap(document -> Template.elements(document.path("Statement")))
                            .filter(statement -> statement.path("Principal").has("Service")))
                    .hasSizeGreaterThan(6)
                    .allSatisfy(statement -> assertThat(statement.path("Condition").properties().stream()
                                    .flatMap(operator -> operator.getValue().properties().stream())
                                    .map(Map.Entry::getKey))
                            .containsAnyOf("aws:SourceArn", "aws:SourceAccount"));
        }

        @ParameterizedTest(name = "{0}")
        @CsvSource({"DetectFunction", "WatchFunction", "ActFunction", "NotifyFunction", "MigrateFunction"})
        void logInToTheGuardsOwnDatabaseOnlyAndOnlyMigrateAsItsAdministrator(String function) {
            assertThat(logins(Template.withDefaults(), function))
                    .containsExactly(
                            function.equals("MigrateFunction")
                                    ? "dsql:DbConnectAdmin on Database.ResourceArn"
                                    : "dsql:DbConnect on Database.ResourceArn");
            assertThat(logins(withRds(), function)).containsExactly("rds-db:connect on " + DATABASE_USER);
            assertThat(logins(withPassword(), function)).isEmpty();
        }

        private static List<String> logins(Template template, String function) {
            return template.rightsOf(function).stream()
                    .flatMap(statement -> statement.actions().stream()
                            .filter(action -> action.matches("(dsql|rds-db|rds):.*"))
                            .map(action -> action + " on " + String.join(", ", statement.resources())))
                    .toList();
        }

        @ParameterizedTest(name = "{0}: {1}")
        @CsvSource({
            "'', true",
            "postgres://guard@db.cluster-abc.eu-central-1.rds.amazonaws.com:5432/guard?auth=iam&sslrootcert=/opt/rds-ca.pem, true",
            "postgres://guard@p.proxy-abc.eu-central-1.rds.amazonaws.com/guard?auth=iam, true",
            "postgres://guard:hunter2@db.cluster-abc.eu-central-1.rds.amazonaws.com:5432/guard?auth=iam, false",
            "postgres://guard@db.cluster-abc.eu-central-1.rds.amazonaws.com:5432/guard, false",
            "postgres://guard@db.example.com:5432/guard?auth=iam, false"
        })
        void anAddressWithAPasswordIsNoParameter(String address, boolean taken) {
            assertThat(address.matches(Template.withDefaults().pattern("DatabaseAddress")))
                    .isEqualTo(taken);
        }

        @Test
        void secretsAreParametersByTheirArnOnly() {
            var template = Template.withDefaults();
            assertThat(List.of("DatabaseUrlSecret", "SlackTokenSecret", "SlackWebhookSecret", "GithubTokenSecret"))
                    .allSatisfy(parameter -> {
                        assertThat(SECRET).matches(template.pattern(parameter));
                        assertThat("xoxb-12-ab").doesNotMatch(template.pattern(parameter));
                        assertThat("postgres://guard:pw@db/guard").doesNotMatch(template.pattern(parameter));
                    });
            assertThat(template.parameters())
                    .as("a secret of another kind needs its line above")
                    .filteredOn(name -> name.matches(".*(Secret|Token|Password|Webhook|Url)"))
                    .containsExactlyInAnyOrder(
                            "DatabaseUrlSecret", "SlackTokenSecret", "SlackWebhookSecret", "GithubTokenSecret");
        }

        /** The owner of a service has the last word: the tag observe forbids in every mode. */
        @ParameterizedTest(name = "in mode {0} a service tagged {1} may be changed: {2}")
        @CsvSource({
            "observe,        , false",
            "observe, observe, false",
            "observe, ask    , true",
            "observe, Auto   , true",
            "ask    ,        , true",
            "ask    , OBSERVE, false",
            "auto   ,        , true",
            "auto   , observe, false",
            "auto   , auto   , true"
        })
        void changesFollowTheTagOfTheService(String mode, String tag, boolean allowed) {
            Map<String, String> context = tag == null ? Map.of() : Map.of(MODE_TAG, tag);
            var onServices = Template.withDefaults().with("Mode", mode).rightsOf("ActFunction").stream()
                    .filter(statement ->
                            statement.resources().stream().anyMatch(resource -> resource.contains(":service/")))
                    .filter(statement -> !statement.writes().isEmpty())
                    .toList();

            assertThat(onServices).singleElement().satisfies(statement -> {
                assertThat(statement.actions()).hasSameElementsAs(ALWAYS);
                assertThat(statement.holdsFor(context)).isEqualTo(allowed);
            });
        }

        /** A mode of a cause counts for services without a tag; the code decides for which cause. */
        @ParameterizedTest
        @CsvSource({", true", "observe, false", "ask, true", "auto, true"})
        void aModeOfCausesReachesServicesWithoutATag(String tag, boolean allowed) {
            Map<String, String> context = tag == null ? Map.of() : Map.of(MODE_TAG, tag);
            assertThat(Template.withDefaults()
                            .with("ModeOfCauses", "migration-conflict=auto")
                            .rightsOf("ActFunction"))
                    .filteredOn(statement ->
                            statement.resources().stream().anyMatch(resource -> resource.contains(":service/"))
                                    && !statement.writes().isEmpty())
                    .singleElement()
                    .satisfies(
                            statement -> assertThat(statement.holdsFor(context)).isEqualTo(allowed));
        }

        /** It is not known whether a service deployment carries tags. Without any, it must not stand in the way of what the service allows. */
        @ParameterizedTest(name = "in mode {0} with {1} on the service deployment: {2}")
        @CsvSource({
            "observe,, true",
            "observe, auto, true",
            "observe, observe, false",
            "auto,, true",
            "auto, observe, false"
        })
        void aServiceDeploymentWithoutTagsIsNoObstacle(String mode, String tag, boolean allowed) {
            Map<String, String> context = tag == null ? Map.of() : Map.of(MODE_TAG, tag);
            assertThat(Template.withDefaults().with("Mode", mode).rightsOf("ActFunction"))
                    .filteredOn(statement -> statement.sid().equals("StopTheDeploymentOfSuchAService"))
                    .singleElement()
                    .satisfies(statement -> {
                        assertThat(statement.actions())
                                .containsExactly("ecs:StopServiceDeployment", "ecs:ContinueServiceDeployment");
                        assertThat(statement.holdsFor(context)).isEqualTo(allowed);
                    });
        }

        @Test
        void rolesArePassedToTasksOnly() {
            var template = Template.withDefaults().with("TaskRoles", "ecs-tasks/*");
            assertThat(template.functions().keySet())
                    .flatMap(template::rightsOf)
                    .filteredOn(statement -> statement.actions().contains("iam:PassRole"))
                    .singleElement()
                    .satisfies(statement -> {
                        assertThat(statement.resources()).containsExactly("arn:aws:iam::123456789012:role/ecs-tasks/*");
                        assertThat(statement.holdsFor(Map.of("iam:PassedToService", "ecs-tasks.amazonaws.com")))
                                .isTrue();
                        assertThat(statement.holdsFor(Map.of("iam:PassedToService", "ec2.amazonaws.com")))
                                .isFalse();
                    });
        }

        @Test
        void copiesMayOnlyHaveTheRolesThatAreListed() {
            var rights = Template.withDefaults()
                    .with("TaskRoles", "*")
                    .with("ReRegisterRoles", TASK_ROLES)
                    .rightsOf("ActFunction");

            assertThat(rights)
                    .filteredOn(statement -> statement.actions().contains("iam:PassRole"))
                    .singleElement()
                    .satisfies(statement -> {
                        assertThat(statement.resources()).containsExactly(TASK_ROLES.split(",", -1));
                        assertThat(statement.holdsFor(Map.of("iam:PassedToService", "ec2.amazonaws.com")))
                                .isFalse();
                    });
            assertThat(rights)
                    .filteredOn(statement -> statement.actions().contains("ecs:TagResource"))
                    .singleElement()
                    .satisfies(statement -> {
                        assertThat(statement.holdsFor(Map.of("ecs:CreateAction", "RegisterTaskDefinition")))
                                .isTrue();
                        assertThat(statement.holdsFor(Map.of())).isFalse();
                    });
        }

        @ParameterizedTest(name = "tagged {0}: {1}")
        @CsvSource({"forward, true", "no, false", ", false"})
        void onlyListenersThatAreTaggedForItAreChanged(String tag, boolean allowed) {
            Map<String, String> context = tag == null ? Map.of() : Map.of("aws:ResourceTag/deploy-guard:listener", tag);
            assertThat(Template.withDefaults().with("ForwardListeners", "yes").rightsOf("ActFunction"))
                    .filteredOn(statement -> statement.actions().contains("elasticloadbalancing:ModifyListener"))
                    .singleElement()
                    .satisfies(statement -> {
                        assertThat(statement.resources())
                                .allMatch(resource -> resource.matches(".*:listener(-rule)?/app/\\*"));
                        assertThat(statement.holdsFor(context)).isEqualTo(allowed);
                    });
        }

        @ParameterizedTest(name = "{0}: {1}")
        @CsvSource({
            "'', true",
            "'arn:aws:iam::123456789012:role/web,arn:aws:iam::123456789012:role/ecs/pull', true",
            "arn:aws:iam::123456789012:role/*, false",
            "web, false",
            "*, false"
        })
        void rolesOfCopiesAreNamedOneByOne(String roles, boolean taken) {
            assertThat(roles.matches(Template.withDefaults().pattern("ReRegisterRoles")))
                    .isEqualTo(taken);
        }

        @Test
        void notifyReadsNoSecretThatItIsNotGivenAndNothingOfEcs() {
            var actions = Template.withDefaults().rightsOf("NotifyFunction").stream()
                    .flatMap(statement -> statement.actions().stream());
            assertThat(actions).noneMatch(action -> action.startsWith("ecs:") || action.startsWith("secretsmanager:"));
        }

        @ParameterizedTest
        @ValueSource(strings = {"SlackTokenSecret", "SlackWebhookSecret", "GithubTokenSecret"})
        void notifyReadsTheSecretThatItIsGiven(String parameter) {
            assertThat(Template.withDefaults().with(parameter, SECRET).rightsOf("NotifyFunction"))
                    .filteredOn(statement -> statement.actions().contains("secretsmanager:GetSecretValue"))
                    .singleElement()
                    .satisfies(statement -> assertThat(statement.resources()).containsExactly(SECRET));
        }

        @ParameterizedTest(name = "{0}")
        @CsvSource({"DetectFunction", "WatchFunction", "ActFunction", "NotifyFunction", "MigrateFunction"})
        void rulesAreReadWhereTheyAreByWhoClassifies(String function) {
            var classifies = function.equals("DetectFunction") || function.equals("WatchFunction");

            assertThat(rules(function, "")).isEmpty();
            assertThat(rules(function, "s3://acme-rules/deploy-guard/"))
                    .containsExactlyElementsOf(
                            classifies
                                    ? List.of(
                                            "[s3:ListBucket] on [arn:aws:s3:::acme-rules] if {\"StringEquals\":{\"s3:prefix\":\"deploy-guard/\"}}",
                                            "[s3:GetObject] on [arn:aws:s3:::acme-rules/deploy-guard/*]")
                                    : List.of());
            assertThat(rules(function, "ssm:/deploy-guard/rules"))
                    .containsExactlyElementsOf(
                            classifies
                                    ? List.of("[ssm:GetParametersByPath, ssm:GetParameter] on ["
                                            + "arn:aws:ssm:eu-central-1:123456789012:parameter/deploy-guard/rules, "
                                            + "arn:aws:ssm:eu-central-1:123456789012:parameter/deploy-guard/rules/*]")
                                    : List.of());
        }

        private static List<String> rules(String function, String location) {
            return Template.withDefaults().with("RulesLocation", location).rightsOf(function).stream()
                    .filter(statement -> statement.actions().stream().anyMatch(action -> action.matches("(s3|ssm):.*")))
                    .map(statement -> statement.actions() + " on " + statement.resources()
                            + (statement.condition().isEmpty() ? "" : " if " + statement.condition()))
                    .toList();
        }

        @ParameterizedTest(name = "{0}: {1}")
        @CsvSource({
            "'', true",
            "s3://acme-rules/deploy-guard/, true",
            "s3://acme-rules/deploy-guard, false",
            "s3://acme-rules/, false",
            "s3://acme-rules/a/b/, false",
            "ssm:/deploy-guard/rules, true",
            "ssm:/deploy-guard/rules/, false",
            "ssm:/, false",
            "ssm:/deploy-guard/*, false",
            "/opt/rules, false"
        })
        void onlyAPlaceThatRightsCanBeNarrowedToIsTaken(String location, boolean taken) {
            assertThat(location.matches(Template.withDefaults().pattern("RulesLocation")))
                    .isEqualTo(taken);
        }

        @Test
        void oneClusterNarrowsEveryRightOnServices() {
            var template = Template.withDefaults().with("Cluster", "shop");
            assertThat(template.functions().keySet())
                    .flatMap(template::rightsOf)
                    .flatMap(Statement::resources)
                    .filteredOn(resource -> resource.startsWith("arn:aws:ecs:"))
                    .isNotEmpty()
                    .allMatch(resource -> resource.endsWith("/shop/*"));
        }

        @Test
        void everyFunctionHasARoleOfItsOwn() {
            var roles = Template.withDefaults().functions().values().stream()
                    .map(function -> function.path("Role").asText());
            assertThat(roles).doesNotHaveDuplicates().allMatch(role -> role.endsWith("Role.Arn"));
        }
    }

    @Nested
    class Queues {

        private final Template template = Template.withDefaults();
        private final Map<String, JsonNode> queues = template.resources("AWS::SQS::Queue");

        @Test
        void everyQueueThatIsWorkedOffHasADeadLetterQueue() {
            assertThat(consumers())
                    .containsOnlyKeys("EventQueue", "ActQueue", "NotifyQueue")
                    .allSatisfy((queue, function) -> {
                        var redrive = require(queues, queue).path("RedrivePolicy");
                        assertThat(redrive.path("maxReceiveCount").asInt()).isEqualTo(5);
                        assertThat(queues)
                                .containsKey(redrive.path("deadLetterTargetArn")
                                        .asText()
                                        .replace(".Arn", ""));
                        assertThat(visibility(template, queue))
                                .isGreaterThanOrEqualTo((queue.equals("EventQueue") ? 1 : 6)
                                        * function.path("Timeout").asInt());
                    });
        }

        /** After a function was killed its event comes again within a minute, where no other function can take its concurrency. */
        @Test
        void anEventComesAgainWithinAMinuteWhereConcurrencyIsReserved() {
            var timeout = template.resource("DetectFunction").path("Timeout").asInt();

            assertThat(visibility(template, "EventQueue"))
                    .isLessThanOrEqualTo(60)
                    .isGreaterThan(timeout);
            assertThat(visibility(template.with("ReserveConcurrency", "no"), "EventQueue"))
                    .isGreaterThanOrEqualTo(6 * timeout);
        }

        /** Else Lambda takes what is put back, while the database is away, for a loop and ends it. */
        @Test
        void detectMayPutAnEventBackIntoItsQueue() {
            assertThat(template.rightsOf("DetectFunction"))
                    .filteredOn(statement -> statement.sid().equals("PutBackWhatMustWait"))
                    .singleElement()
                    .satisfies(statement -> {
                        assertThat(statement.actions()).containsExactly("sqs:SendMessage");
                        assertThat(statement.resources()).containsExactly("EventQueue.Arn");
                    });
            var detect = template.resource("DetectFunction");
            assertThat(detect.path("RecursiveLoop").asText()).isEqualTo("Allow");
            assertThat(detect.path("Environment")
                            .path("Variables")
                            .path("DEPLOY_GUARD_EVENT_QUEUE_URL")
                            .asText())
                    .isEqualTo("EventQueue");
        }

        private static int visibility(Template choice, String queue) {
            return require(choice.resources("AWS::SQS::Queue"), queue)
                    .path("VisibilityTimeout")
                    .asInt();
        }

        @Test
        void deadLettersAreKeptForTwoWeeksAndAllIsEncrypted() {
            assertThat(queues).allSatisfy((_, queue) -> {
                assertThat(queue.path("SqsManagedSseEnabled").asBoolean()).isTrue();
                if (!queue.has("RedrivePolicy")) {
                    assertThat(queue.path("MessageRetentionPeriod").asInt()).isEqualTo(1_209_600);
                }
            });
        }

        @Test
        void aBatchIsAnsweredMessageByMessageAndNeverAboveTheReservedConcurrency() {
            assertThat(template.functions())
                    .allSatisfy((_, function) -> queueEvents(function).forEach(event -> {
                        assertThat(event.path("FunctionResponseTypes").path(0).asText())
                                .isEqualTo("ReportBatchItemFailures");
                        assertThat(event.path("ScalingConfig")
                                        .path("MaximumConcurrency")
                                        .asInt())
                                .isLessThanOrEqualTo(function.path("ReservedConcurrentExecutions")
                                        .asInt());
                    }));
        }

        @ParameterizedTest
        @MethodSource("io.deployguard.emulators.TemplateTest#choices")
        void everyRuleSetsAsideWhatItCannotHandOver(Template choice) {
            var rules = choice.resources("AWS::Events::Rule");
            assertThat(rules)
                    .isNotEmpty()
                    .allSatisfy((_, rule) -> assertThat(rule.path("Targets"))
                            .singleElement()
                            .satisfies(target -> {
                                assertThat(target.path("Arn").asText()).isEqualTo("EventQueue.Arn");
                                assertThat(target.path("DeadLetterConfig")
                                                .path("Arn")
                                                .asText())
                                        .isEqualTo("UndeliveredEvents.Arn");
                                assertThat(target.path("RetryPolicy")
                                                .path("MaximumRetryAttempts")
                                                .asInt())
                                        .isPositive();
                            }));
            var admitted = choice.resource("RulesMaySend")
                    .path("PolicyDocument")
                    .path("Statement")
                    .get(0);
            assertThat(Template.elements(
                                    admitted.path("Condition").path("ArnEquals").path("aws:SourceArn"))
                            .map(JsonNode::asText))
                    .containsExactlyElementsOf(
                            rules.keySet().stream().map(name -> name + ".Arn").toList());
        }

        @Test
        void everyScheduleSetsAsideWhatItCannotHandOver() {
            assertThat(template.functions().values())
                    .flatMap(function ->
                            Template.elements(function.path("Events")).toList())
                    .filteredOn(event -> event.path("Type").asText().equals("ScheduleV2"))
                    .hasSize(4)
                    .allSatisfy(event -> assertThat(event.path("Properties")
                                    .path("DeadLetterConfig")
                                    .path("Arn")
                                    .asText())
                            .isEqualTo("UndeliveredEvents.Arn"));
        }

        private Map<String, JsonNode> consumers() {
            var consumers = new HashMap<String, JsonNode>();
            template.functions()
                    .values()
                    .forEach(function -> queueEvents(function)
                            .forEach(event ->
                                    consumers.put(event.path("Queue").asText().replace(".Arn", ""), function)));
            return consumers;
        }

        private static List<JsonNode> queueEvents(JsonNode function) {
            return Template.elements(function.path("Events"))
                    .filter(event -> event.path("Type").asText().equals("SQS"))
                    .map(event -> event.path("Properties"))
                    .toList();
        }
    }

    @Nested
    class Functions {

        private final Template template = Template.withDefaults();

        @Test
        void runOnTheNewestJavaOnGraviton() {
            assertThat(template.globals().path("Runtime").asText()).isEqualTo("java25");
            assertThat(template.globals().path("Architectures").path(0).asText())
                    .isEqualTo("arm64");
        }

        @Test
        void writeToALogThatIsForgottenOneDay() {
            var groups = template.resources("AWS::Logs::LogGroup");
            assertThat(template.functions())
                    .allSatisfy((_, function) -> assertThat(require(
                                            groups,
                                            function.path("LoggingConfig")
                                                    .path("LogGroup")
                                                    .asText())
                                    .path("RetentionInDays")
                                    .asInt())
                            .isPositive());
        }

        /** All but the one that tells whether their settings have changed. */
        private Map<String, JsonNode> published() {
            var published = new HashMap<>(template.functions());
            published.remove("MigrateFunction");
            return published;
        }

        @Test
        void areCalledByAnAliasWhoseVersionsAreOfAChangedSettingToo() {
            assertThat(template.resource("MigrateFunction").has("AutoPublishAlias"))
                    .as("its own settings decide the hash")
                    .isFalse();
            assertThat(published()).hasSize(4).allSatisfy((_, function) -> {
                assertThat(function.path("AutoPublishAlias").asText()).isEqualTo("live");
                assertThat(function.path("AutoPublishAliasAllProperties").asBoolean())
                        .isTrue();
                assertThat(function.path("VersionDeletionPolicy").asText()).isEqualTo("Delete");
                assertThat(function.path("VersionDescription").asText())
                        .as("makes another version")
                        .isEqualTo("Settings.Hash");
                assertThat(function.path("Environment")
                                .path("Variables")
                                .path("DEPLOY_GUARD_SETTINGS")
                                .asText())
                        .as("makes the function another one, or no version could be published of it")
                        .isEqualTo("Settings.Hash");
            });
        }

        /** What a version holds and a parameter or resource decides: who refers to something new adds it to the resource Settings. */
        @Test
        void haveAVersionForEachOfTheirSettings() {
            var notHeldByAVersion =
                    Set.of("Events", "EventInvokeConfig", "ReservedConcurrentExecutions", "VersionDescription", "Tags");
            var decide = new HashSet<>(template.referencesOfGlobals(notHeldByAVersion));
            published().keySet().forEach(name -> decide.addAll(template.references(name, notHeldByAVersion)));
            decide.remove("Settings.Hash");

            assertThat(decide).contains("Mode", "SlackTokenSecret", "EventQueue", "DetectRole.Arn");
            assertThat(decide).allSatisfy(name -> {
                var isParameter = template.parameters().contains(name);
                var chosen = isParameter ? template.with(name, "a value of its own") : template;
                assertThat(Template.elements(chosen.resource("Settings").path("Values"))
                                .map(JsonNode::asText))
                        .contains(isParameter ? "a value of its own" : name);
            });
        }

        @Test
        void areAllPublishedAnewByARelease() throws IOException {
            assertThat(template.resource("Settings").path("Release").asText())
                    .isEqualTo(template.metadata()
                            .path("AWS::ServerlessRepo::Application")
                            .path("SemanticVersion")
                            .asText());
        }

        @ParameterizedTest
        @CsvSource({"SnapStart, yes, PublishedVersions", "SnapStart, no, None", "DatabaseUrlSecret, a secret, None"})
        void beginFromASnapshotUnlessAPasswordIsInTheirEnvironment(String parameter, String value, String snapshots) {
            var chosen = template.with(parameter, value);
            assertThat(published().keySet())
                    .allSatisfy(name -> assertThat(chosen.resource(name)
                                    .path("SnapStart")
                                    .path("ApplyOn")
                                    .asText())
                            .isEqualTo(snapshots));
        }

        /** Lambda drops the snapshot of a version that is not called for 14 days; watch is called every minute. */
        @Test
        void areCalledAtLeastOnceADay() {
            assertThat(published())
                    .allSatisfy((_, function) -> assertThat(Template.elements(function.path("Events"))
                                    .filter(event -> event.path("Type").asText().equals("ScheduleV2"))
                                    .map(event -> event.path("Properties")
                                            .path("ScheduleExpression")
                                            .asText()))
                            .singleElement()
                            .isIn("rate(1 minute)", "rate(5 minutes)", "rate(1 day)"));
            assertThat(published().values().stream()
                            .flatMap(function -> Template.elements(function.path("Events")))
                            .map(event -> event.path("Properties").path("Input").asText())
                            .filter(input -> !input.isEmpty()))
                    .hasSize(3)
                    .allSatisfy(input -> assertThat(
                                    JSON.readTree(input).path("detail-type").asText())
                            .isEqualTo("Deploy Guard Keep Warm"));
        }

        @Test
        void areStartedByTheirSchedulesThroughTheAlias() {
            assertThat(template.rightsOfRole("ScheduleRole"))
                    .filteredOn(statement -> statement.actions().contains("lambda:InvokeFunction"))
                    .singleElement()
                    .satisfies(statement -> assertThat(statement.resources())
                            .containsExactlyInAnyOrderElementsOf(published().keySet().stream()
                                    .map(name -> name + ".Alias")
                                    .toList()));
        }

        @Test
        void waitForTheSchema() throws IOException {
            var newest = Files.readAllLines(
                            Project.root().resolve("shared/postgres/src/main/resources/db/migrations.txt"))
                    .stream()
                    .filter(line -> line.startsWith("V"))
                    .mapToInt(line -> Integer.parseInt(line.substring(1, line.indexOf("__"))))
                    .max();
            assertThat(template.resource("Schema").path("Version").asText())
                    .as(
                            "with a new file of the schema the template's Version goes up, or CloudFormation does not apply it")
                    .isEqualTo(String.valueOf(newest.orElseThrow()));
        }

        @Test
        void getTheVariablesThatEnvJsonSetsLocally() throws IOException {
            var names = new HashSet<String>();
            Stream.concat(Stream.of(template.globals()), template.functions().values().stream())
                    .forEach(function -> function.path("Environment")
                            .path("Variables")
                            .fieldNames()
                            .forEachRemaining(names::add));
            var local = new HashSet<String>();
            JSON.readTree(Project.root().resolve("env.json").toFile())
                    .path("Parameters")
                    .fieldNames()
                    .forEachRemaining(local::add);

            assertThat(local).isEqualTo(names);
        }

        @Test
        void takeTheDatabaseOfTheStackUnlessAParameterNamesAnother() {
            assertThat(databaseOf(Template.withDefaults(), "MigrateFunction"))
                    .isEqualTo("postgres://admin@Database.Endpoint/postgres");
            assertThat(databaseOf(Template.withDefaults(), "DetectFunction"))
                    .isEqualTo("postgres://deploy_guard@Database.Endpoint/postgres");
            for (var function : List.of("MigrateFunction", "DetectFunction")) {
                assertThat(databaseOf(withRds(), function)).isEqualTo(DATABASE_ADDRESS);
                assertThat(databaseOf(withPassword(), function))
                        .isEqualTo("{{resolve:secretsmanager:%s:SecretString}}".formatted(SECRET));
            }
        }

        private static String databaseOf(Template template, String function) {
            return Stream.of(template.resource(function), template.globals())
                    .map(level -> level.path("Environment").path("Variables").path("DEPLOY_GUARD_DATABASE_URL"))
                    .filter(JsonNode::isTextual)
                    .findFirst()
                    .orElseThrow()
                    .asText();
        }

        @Test
        void findTheirDatabaseThereWhenTheStackIsGone() {
            var plain = Template.withDefaults();

            assertThat(plain.resources("AWS::DSQL::Cluster")).containsOnlyKeys("Database");
            assertThat(plain.resource("Database")
                            .path("DeletionProtectionEnabled")
                            .asBoolean())
                    .isTrue();
            assertThat(plain.whenItGoes("Database")).isEqualTo("Retain");
            assertThat(withPassword().resources("AWS::DSQL::Cluster")).isEmpty();
            assertThat(withRds().resources("AWS::DSQL::Cluster")).isEmpty();
        }

        @Test
        void areLetInByTheSchemaStepWhereIamDecides() {
            assertThat(Template.elements(
                                    Template.withDefaults().resource("Schema").path("Grantees"))
                            .map(JsonNode::asText))
                    .containsExactlyInAnyOrder("DetectRole.Arn", "WatchRole.Arn", "ActRole.Arn", "NotifyRole.Arn");
            assertThat(withRds().resource("Schema").has("Grantees")).isFalse();
        }

        @Test
        void haveTheCertificatesOfRdsWhereALayerBringsThem() {
            var layer = "arn:aws:lambda:eu-central-1:123456789012:layer:rds-ca:1";
            assertThat(withRds()
                            .with("DatabaseCertificates", layer)
                            .globals()
                            .path("Layers")
                            .path(0)
                            .asText())
                    .isEqualTo(layer);
            assertThat(withRds().globals().has("Layers")).isFalse();
        }
    }

    /** What the repository refuses otherwise, when a release is published. */
    @Test
    void canBePublishedInTheServerlessApplicationRepositoryUnderTheVersionOfTheBuild() throws IOException {
        var application = Template.withDefaults().metadata().path("AWS::ServerlessRepo::Application");
        var built = Files.readString(Project.root().resolve("pom.xml"))
                .replaceFirst("(?s)^.*?<version>([^<]*?)(-SNAPSHOT)?</version>.*$", "$1");

        assertThat(application.path("SemanticVersion").asText()).isEqualTo(built);
        assertThat(application.path("Description").asText()).isNotEmpty().hasSizeLessThanOrEqualTo(256);
        assertThat(application.path("Author").asText()).matches("[a-z0-9]+(-[a-z0-9]+)*");
        assertThat(Template.elements(application.path("Labels")).map(JsonNode::asText))
                .hasSizeBetween(1, 10)
                .allMatch(label -> label.matches("[a-zA-Z0-9+:/@_-]{1,127}"));
        for (var page : List.of("LicenseUrl", "ReadmeUrl")) {
            assertThat(Project.root().resolve(application.path(page).asText())).isNotEmptyFile();
        }
    }

    @Test
    void observesUntilSomebodyChoosesOtherwise() {
        assertThat(Template.withDefaults()
                        .globals()
                        .path("Environment")
                        .path("Variables")
                        .path("DEPLOY_GUARD_MODE")
                        .asText())
                .isEqualTo("observe");
    }

    private static JsonNode require(Map<String, JsonNode> resources, String name) {
        var found = resources.get(name);
        if (found == null) {
            throw new AssertionError("the template has no " + name);
        }
        return found;
    }
}
