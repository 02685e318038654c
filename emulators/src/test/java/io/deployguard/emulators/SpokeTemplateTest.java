package io.deployguard.emulators;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code templates/spoke.yaml} beside {@code template.yaml}: what the hub may do in another account is what it may do in its own. */
class SpokeTemplateTest {

    private static final String LISTED = "210987654321";
    private static final Template HUB = Template.withDefaults()
            .with("SpokeAccounts", LISTED + ",345678901234")
            .with("SpokeExternalId", "x".repeat(16));

    static Stream<Template> choices() {
        var plain = Template.spoke();
        return Stream.of(
                plain, plain.with("ActOn", "all"), plain.with("ActOn", "none"), plain.with("RunMigrations", "yes"));
    }

    @Test
    void sendsTheEventsThatTheHubTakesOfItsOwnAccount() {
        assertThat(patterns(Template.spoke())).isEqualTo(patterns(Template.withDefaults()));
        assertThat(Template.spoke().resources("AWS::Events::Rule").values())
                .allSatisfy(rule -> assertThat(rule.path("Targets"))
                        .singleElement()
                        .satisfies(target -> {
                            assertThat(target.path("Arn").asText()).endsWith(":event-bus/deploy-guard-spokes");
                            assertThat(target.path("RoleArn").asText()).isEqualTo("SendRole.Arn");
                            assertThat(target.path("DeadLetterConfig")
                                            .path("Arn")
                                            .asText())
                                    .isEqualTo("UndeliveredEvents.Arn");
                        }));
    }

    @ParameterizedTest(name = "remedies: {0}")
    @ValueSource(booleans = {false, true})
    void theReadingRoleMayWhatTheHubsFunctionsMayRead(boolean remedies) {
        var hub = remedies ? withRemedies(Template.withDefaults()) : Template.withDefaults();
        var spoke = remedies ? withRemedies(Template.spoke()) : Template.spoke();
        var reads = Stream.of("DetectFunction", "WatchFunction", "ActFunction")
                .flatMap(function -> hub.rightsOf(function).stream())
                .filter(statement -> statement.actions().stream().anyMatch(SpokeTemplateTest::isOfServices))
                .filter(statement -> statement.writes().isEmpty() || isReadUnderAnotherName(statement))
                .collect(Collectors.toSet());

        assertThat(Set.copyOf(spoke.rightsOfRole("ReadingRole"))).isEqualTo(reads);
    }

    @ParameterizedTest(name = "{0}, migrations {2}: as the hub in mode {1}")
    @CsvSource({"tagged, observe, no", "all, auto, no", "tagged, observe, yes", "all, ask, yes"})
    void theActingRoleMayWhatTheHubsActMay(String actOn, String mode, String migrations) {
        var hub = Template.withDefaults().with("Mode", mode).with("RunMigrations", migrations);
        var spoke = Template.spoke().with("ActOn", actOn).with("RunMigrations", migrations);
        var changes = hub.rightsOf("ActFunction").stream()
                .filter(statement -> !statement.writes().isEmpty() && !isReadUnderAnotherName(statement))
                .filter(statement -> statement.actions().stream()
                        .anyMatch(action -> isOfServices(action) || action.equals("iam:PassRole")))
                .collect(Collectors.toSet());

        assertThat(changes).hasSizeGreaterThan(2);
        assertThat(Set.copyOf(spoke.rightsOfRole("ActingRole"))).isEqualTo(changes);
    }

    @Test
    void theActingRoleMayTheOtherRemediesOfTheHub() {
        var changes = withRemedies(Template.withDefaults()).rightsOf("ActFunction").stream()
                .filter(statement -> !statement.writes().isEmpty() && !isReadUnderAnotherName(statement))
                .filter(statement -> statement.actions().stream()
                        .anyMatch(action -> isOfServices(action) || action.equals("iam:PassRole")))
                .collect(Collectors.toSet());

        assertThat(changes.stream().flatMap(statement -> statement.actions().stream()))
                .contains(
                        "ecs:RegisterTaskDefinition",
                        "ecs:TagResource",
                        "elasticloadbalancing:ModifyListener",
                        "codedeploy:StopDeployment");
        assertThat(Set.copyOf(withRemedies(Template.spoke()).rightsOfRole("ActingRole")))
                .isEqualTo(changes);
    }

    private static Template withRemedies(Template template) {
        return template.with("ReRegisterRoles", "arn:aws:iam::123456789012:role/task")
                .with("ForwardListeners", "yes")
                .with("CodeDeployGroups", "shop/*");
    }

    @Test
    void withoutActingThereIsNoRoleForIt() {
        assertThat(Template.spoke().with("ActOn", "none").resources("AWS::IAM::Role"))
                .containsOnlyKeys("SendRole", "ReadingRole");
    }

    @ParameterizedTest
    @MethodSource("choices")
    void theHubIsLetInByItsRolesAndTheExternalIdAlone(Template spoke) {
        var trusts = spoke.resources("AWS::IAM::Role").entrySet().stream()
                .filter(role -> !role.getKey().equals("SendRole"))
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        role -> Template.elements(role.getValue()
                                        .path("AssumeRolePolicyDocument")
                                        .path("Statement"))
                                .toList()));

        assertThat(trusts)
                .containsKey("ReadingRole")
                .allSatisfy((name, statements) -> assertThat(statements)
                        .singleElement()
                        .satisfies(statement -> {
                            assertThat(statement
                                            .path("Condition")
                                            .path("StringEquals")
                                            .path("sts:ExternalId")
                                            .asText())
                                    .isEqualTo("4f6f1c1e-8f0b-4b7e");
                            assertThat(principals(statement))
                                    .isEqualTo(
                                            name.equals("ActingRole")
                                                    ? List.of("arn:aws:iam::999999999999:role/act")
                                                    : List.of(
                                                            "arn:aws:iam::999999999999:role/detect",
                                                            "arn:aws:iam::999999999999:role/act"));
                        }));
    }

    @ParameterizedTest
    @MethodSource("choices")
    void nothingIsWrittenEverywhere(Template spoke) {
        assertThat(spoke.resources("AWS::IAM::Role").keySet())
                .flatMap(spoke::rightsOfRole)
                .filteredOn(statement -> !statement.writes().isEmpty())
                .isNotEmpty()
                .allSatisfy(statement -> {
                    assertThat(statement.resources()).doesNotContain("*", "");
                    assertThat(statement.actions()).noneMatch(action -> action.endsWith("*"));
                });
    }

    @Test
    void whatEventBridgeMayDoIsBoundToThisAccountOrItsOwnRules() {
        var spoke = Template.spoke();
        var documents = Stream.concat(
                spoke.resources("AWS::IAM::Role").values().stream().map(role -> role.path("AssumeRolePolicyDocument")),
                spoke.resources("AWS::SQS::QueuePolicy").values().stream()
                        .map(policy -> policy.path("PolicyDocument")));

        assertThat(documents
                        .flatMap(document -> Template.elements(document.path("Statement")))
                        .filter(statement -> statement.path("Principal").has("Service")))
                .hasSize(2)
                .allSatisfy(statement -> assertThat(statement.path("Condition").properties().stream()
                                .flatMap(operator -> operator.getValue().properties().stream())
                                .map(Map.Entry::getKey))
                        .containsAnyOf("aws:SourceArn", "aws:SourceAccount"));
    }

    /** The code of the hub knows the names. */
    @Test
    void theRolesAreNamedAsTheHubExpectsThem() {
        var spoke = Template.spoke();
        assertThat(spoke.resource("ReadingRole").path("RoleName").asText()).isEqualTo("deploy-guard-read-eu-central-1");
        assertThat(spoke.resource("ActingRole").path("RoleName").asText()).isEqualTo("deploy-guard-act-eu-central-1");
    }

    @Test
    void theHubTakesEventsOfListedAccountsOnly() {
        var policy = HUB.resource("SpokesMaySend").path("Statement");
        assertThat(principals(policy)).containsExactly(LISTED, "345678901234");
        assertThat(policy.path("Action").asText()).isEqualTo("events:PutEvents");
        assertThat(policy.path("Resource").asText()).isEqualTo("SpokeBus.Arn");
    }

    @ParameterizedTest(name = "{0} takes {1}")
    @CsvSource({
        "DetectFunction, deploy-guard-read-",
        "WatchFunction, deploy-guard-read-",
        "ActFunction, deploy-guard-read- deploy-guard-act-",
        "NotifyFunction, ''",
        "MigrateFunction, ''"
    })
    void theHubTakesTheRolesOfListedAccountsOnly(String function, String roles) {
        var taken = HUB.rightsOf(function).stream()
                .filter(statement -> statement.actions().contains("sts:AssumeRole"))
                .toList();

        assertThat(taken.stream().flatMap(statement -> statement.resources().stream()))
                .containsExactlyElementsOf(Stream.of(roles.split(" ", -1))
                        .filter(role -> !role.isEmpty())
                        .map(role -> "arn:aws:iam::*:role/" + role + "*")
                        .toList());
        assertThat(taken).allSatisfy(statement -> {
            assertThat(statement.holdsFor(Map.of("aws:ResourceAccount", LISTED)))
                    .isTrue();
            assertThat(statement.holdsFor(Map.of("aws:ResourceAccount", Template.HUB)))
                    .isFalse();
        });
    }

    @Test
    void withoutListedAccountsThereIsNoBusAndNoRight() {
        var alone = Template.withDefaults();
        assertThat(alone.resources("AWS::Events::EventBus")).isEmpty();
        assertThat(alone.outputs()).doesNotContainKey("SpokeStep");
        assertThat(alone.functions().keySet())
                .flatMap(alone::rightsOf)
                .flatMap(Statement::actions)
                .doesNotContain("sts:AssumeRole");
    }

    /** What the hub prints is what the spoke asks for, one parameter for one. */
    @Test
    void theHubSaysHowASpokeIsSetUp() {
        var named = Stream.of(HUB.outputs().getOrDefault("SpokeStep", "").split(" ", -1))
                .filter(word -> word.contains("="))
                .map(word -> word.replaceFirst("=.*", ""))
                .toList();
        assertThat(named).containsExactly("HubBus", "HubReadingRoles", "HubActingRole", "ExternalId");
        assertThat(Template.spoke().parameters()).containsAll(named);
        assertThat(Template.spoke().outputs()).containsKeys("NextStep", "ActingRoleArn");
    }

    private static boolean isOfServices(String action) {
        return Set.of("ecs", "logs", "ecr", "elasticloadbalancing", "codedeploy")
                        .contains(action.replaceFirst(":.*", ""))
                && !action.startsWith("logs:Put")
                && !action.startsWith("logs:Create");
    }

    private static boolean isReadUnderAnotherName(Statement statement) {
        return statement.actions().equals(List.of("logs:FilterLogEvents"));
    }

    private static Map<String, JsonNode> patterns(Template template) {
        return template.resources("AWS::Events::Rule").entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, rule -> rule.getValue().path("EventPattern")));
    }

    private static List<String> principals(JsonNode statement) {
        var principal = statement.path("Principal").path("AWS");
        return principal.isTextual()
                ? List.of(principal.asText())
                : Template.elements(principal).map(JsonNode::asText).toList();
    }
}
