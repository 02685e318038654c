package io.deployguard.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.deployguard.action.Command;
import io.deployguard.action.CommandOutcome;
import io.deployguard.aws.ecr.EcrImages;
import io.deployguard.aws.ecs.EcsCommandExecutor;
import io.deployguard.aws.ecs.EcsSnapshotSource;
import io.deployguard.aws.ecs.OneOffTasks;
import io.deployguard.aws.elb.ListenerRules;
import io.deployguard.aws.endpoint.EndpointProbe;
import io.deployguard.aws.endpoint.Networks;
import io.deployguard.aws.logs.CloudWatchLogs;
import io.deployguard.ecs.Container;
import io.deployguard.ecs.ImageState;
import io.deployguard.ecs.ServiceDeployment;
import io.deployguard.ecs.ServiceDescription;
import io.deployguard.ecs.ServiceRef;
import io.deployguard.ecs.ServiceRevision;
import io.deployguard.ecs.ServiceSnapshot;
import io.deployguard.ecs.Stop;
import io.deployguard.ecs.TargetHealth;
import io.deployguard.ecs.Task;
import io.deployguard.evidence.Evidence;
import io.deployguard.evidence.EvidenceRequest;
import io.deployguard.fault.GuardFault;
import io.deployguard.simulation.account.LoadBalancer;
import io.deployguard.simulation.account.TargetGroup;
import io.deployguard.simulation.account.wire.Call;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AwsAdaptersIT {

    private static final UUID INCIDENT = UUID.randomUUID();

    private final SimulatedShop shop = new SimulatedShop();

    @AfterEach
    void close() {
        assertThat(shop.endpoint().refusals()).isEmpty();
        shop.close();
    }

    @Test
    void seesAHealthyService() {
        var snapshot = look();

        assertThat(snapshot.gaps()).isEmpty();
        assertThat(snapshot.service().desired()).isEqualTo(2);
        assertThat(snapshot.service().tags()).containsEntry("deploy-guard:mode", "auto");
        assertThat(snapshot.currentDeployment().map(ServiceDeployment::status))
                .contains(ServiceDeployment.Status.SUCCESSFUL);
        assertThat(snapshot.tasks()).hasSize(2).allMatch(Task::isRunning);
        assertThat(snapshot.targets()).hasSize(2).allMatch(TargetHealth::isHealthy);
        assertThat(snapshot.findRevision(
                        snapshot.service().primary().orElseThrow().id()))
                .isPresent();
    }

    @Test
    void seesTheTasksOfAFailingReleaseWithTheirEnd() {
        shop.release();
        var snapshot = look();

        var failing = snapshot.service().primary().orElseThrow().id();
        assertThat(snapshot.currentDeployment().map(ServiceDeployment::status))
                .contains(ServiceDeployment.Status.IN_PROGRESS);
        assertThat(snapshot.tasksOf(failing).stream().filter(Task::isStopping))
                .isNotEmpty()
                .allSatisfy(task -> {
                    assertThat(task.stop().map(Stop::code)).contains(Stop.Code.ESSENTIAL_CONTAINER_EXITED);
                    assertThat(task.containers().getFirst().exitCode()).contains(134);
                });
    }

    @Test
    void readsATaskDefinitionOnce() {
        var source = source();
        var arn = look().service().taskDefinitionArn();

        var definition = source.describeTaskDefinition(arn);
        source.describeTaskDefinition(arn);

        assertThat(definition
                        .findContainer("app")
                        .orElseThrow()
                        .healthCheck()
                        .orElseThrow()
                        .patience())
                .isEqualTo(Duration.ofSeconds(20 + 3 * 30));
        assertThat(definition.tags()).containsEntry("deploy-guard:github", "octo/shop/deployments/1");
        assertThat(shop.endpoint().calls("DescribeTaskDefinition")).hasSize(1);
    }

    @Test
    void saysThatAServiceDoesNotExist() {
        assertThatThrownBy(
                        () -> source().describe(new ServiceRef("aws", "eu-central-1", "123456789012", "shop", "none")))
                .isInstanceOf(GuardFault.NotFound.class)
                .hasMessageContaining("shop/none");
    }

    @Test
    void readsTheLastLinesOfAStoppedContainer() {
        var stopped = stoppedTask();
        var lines = logs(shop.account().clock().instant()).read(log(stopped), Instant.MAX.minusSeconds(1_000_000));

        assertThat(lines).map(line -> ((Evidence.LogLine) line).text()).endsWith(SimulatedShop.LINE);
    }

    @Test
    void readsTheNewestLogOfTasksThatEcsHasForgotten() {
        var stopped = stoppedTask();
        var others = look().tasks().stream()
                .filter(task -> !task.deployment().equals(stopped.deployment()))
                .map(Task::id)
                .collect(Collectors.toSet());
        var recent = new EvidenceRequest.RecentLog(
                "app", "/ecs/web", "web/app/", "eu-central-1", Instant.EPOCH, others, 100);

        var lines = logs(shop.account().clock().instant()).read(recent, Instant.MAX);

        assertThat(lines).map(line -> ((Evidence.LogLine) line).text()).endsWith(SimulatedShop.LINE);
        assertThat(lines)
                .map(line -> ((Evidence.LogLine) line).task())
                .doesNotContainAnyElementsOf(others)
                .containsOnly(((Evidence.LogLine) lines.getFirst()).task());
    }

    @Test
    void asksAgainUntilTheLogOfAContainerThatJustDiedHasSettled() {
        var stopped = stoppedTask();
        var missing = new EvidenceRequest.ContainerLog(
                "nobody", "app", "/ecs/web", "web/app/nobody", "eu-central-1", stoppedAt(stopped), 100);
        var now = new Instant[] {stoppedAt(stopped).orElseThrow()};
        var logs = new CloudWatchLogs(shop.clients()::logs, () -> now[0], pause -> now[0] = now[0].plus(pause));

        assertThatThrownBy(() -> logs.read(missing, now[0].plusSeconds(60)))
                .isInstanceOf(GuardFault.NotFound.class)
                .hasMessageContaining("web/app/nobody");
        assertThat(shop.endpoint().calls("GetLogEvents")).hasSize(6);
    }

    @Test
    void readsTheRulesThatLeadToATargetGroup() {
        var rules = new ListenerRules(shop.clients().elb())
                .read(new EvidenceRequest.ListenerRules(List.of(shop.targetGroup())));

        assertThat(rules).singleElement().isInstanceOfSatisfying(Evidence.ListenerRule.class, rule -> {
            assertThat(rule.isDefault()).isTrue();
            assertThat(rule.action()).isEqualTo("forward");
            assertThat(rule.targetGroupArns()).containsExactly(shop.targetGroup());
        });
    }

    @Test
    void answersARefusedQuestionAsMissingAndTheOthersAllTheSame() {
        var source = new AwsEvidenceSource(
                logs(Instant.EPOCH),
                new ListenerRules(shop.clients().elb()),
                new OneOffTasks(shop.clients().ecs()),
                new EndpointProbe(Networks.allowing("127.0.0.0/8"), _ -> {}),
                Instant::now);
        var evidence = source.gather(
                SimulatedShop.WEB,
                List.of(
                        new EvidenceRequest.ContainerLog(
                                "t", "app", "/no/such/group", "s", "eu-central-1", Optional.empty(), 10),
                        new EvidenceRequest.ListenerRules(List.of(shop.targetGroup()))),
                Instant.now().plusSeconds(20));

        assertThat(evidence).hasAtLeastOneElementOfType(Evidence.ListenerRule.class);
        assertThat(evidence).hasAtLeastOneElementOfType(Evidence.Missing.class);
    }

    @Test
    void stopsADeploymentOnceAndFindsItOnItsWayBackTheSecondTime() {
        shop.release();
        var deployment = look().currentDeployment().orElseThrow().arn();
        var executor = new EcsCommandExecutor(shop.clients());

        assertThat(executor.execute(new Command.StopServiceDeployment(SimulatedShop.WEB, deployment), INCIDENT))
                .isInstanceOf(CommandOutcome.Done.class);
        assertThat(look().currentDeployment().orElseThrow().status().isRollingBack())
                .isTrue();
        shop.account().advance(Duration.ofMinutes(5));
        assertThat(look().currentDeployment().map(ServiceDeployment::status))
                .contains(ServiceDeployment.Status.ROLLBACK_SUCCESSFUL);
        assertThat(executor.execute(new Command.StopServiceDeployment(SimulatedShop.WEB, deployment), INCIDENT))
                .isInstanceOf(CommandOutcome.AlreadySo.class);
    }

    @Test
    void deploysAnEarlierTaskDefinitionByItsFullArn() {
        shop.release();
        var executor = new EcsCommandExecutor(shop.clients());
        var arn = "arn:aws:ecs:eu-central-1:123456789012:task-definition/web:1";

        assertThat(executor.execute(new Command.UpdateService(SimulatedShop.WEB, arn), INCIDENT))
                .isInstanceOf(CommandOutcome.Done.class);
        assertThat(look().service().taskDefinitionArn()).isEqualTo(arn);
        assertThat(shop.endpoint().changes()).map(Call::action).containsExactly("UpdateService");
    }

    @Test
    void looksForTheImagesOfARevisionByTheirDigests() {
        var images = new EcrImages(shop.clients());
        var digest = shop.account().images().push("shop/web", "1.4", "web 1.4");
        var uri = shop.account().images().uri("shop/web", "1.4");

        assertThat(images.of(revision(uri, Optional.of(digest)))).isEqualTo(new ImageState.Present());

        // The tag moves on, and the digest stays for a while.
        shop.account().images().push("shop/web", "1.4", "web 1.4 built again");
        assertThat(images.of(revision(uri, Optional.of(digest)))).isEqualTo(new ImageState.Present());

        shop.account().images().push("shop/web", "1.4", "web 1.4");
        shop.account().images().expire("shop/web", "1.4");
        assertThat(images.of(revision(uri, Optional.of(digest))))
                .isEqualTo(new ImageState.Gone(
                        "image " + digest + " of container app is not in repository shop/web any more"));
        assertThat(images.of(revision(shop.account().images().uri("no/such", "1"), Optional.of(digest))))
                .isInstanceOf(ImageState.Gone.class);
    }

    @Test
    void saysWhichImagesItCannotLookFor() {
        var images = new EcrImages(shop.clients());

        for (var elsewhere : List.of(
                "nginx:1",
                "public.ecr.aws/nginx/nginx:1",
                "210987654321.dkr.ecr.eu-central-1.amazonaws.com/web:1",
                "123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:1")) {
            assertThat(images.of(revision(elsewhere, Optional.of("sha256:0a"))))
                    .isEqualTo(new ImageState.NotChecked(
                            List.of(elsewhere + " is not in a registry of this account and region")));
        }
        assertThat(images.of(revision(shop.account().images().uri("shop/web", "1"), Optional.empty())))
                .isInstanceOf(ImageState.NotChecked.class);
        shop.endpoint().faults().deny("ecr:DescribeImages");
        assertThat(images.of(revision(shop.account().images().uri("shop/web", "1"), Optional.of("sha256:0a")))
                        .toString())
                .contains("denied; allow ecr:DescribeImages");
        assertThat(shop.endpoint().changes()).isEmpty();
    }

    /** From a subnet without a way to ECR each question costs seconds, and the message waits for them. */
    @Test
    void asksNoFurtherOnceEcrCannotBeReached() {
        var now = shop.account().clock().instant();
        shop.endpoint().faults().outage("ecr:DescribeImages", now, Duration.ofHours(1));
        var uri = shop.account().images().uri("shop/web", "1");

        var state = new EcrImages(shop.clients()).of(revision(uri, Optional.of("sha256:0a"), "app", "proxy", "agent"));

        assertThat(state)
                .isInstanceOfSatisfying(
                        ImageState.NotChecked.class,
                        unknown -> assertThat(unknown.because()).hasSize(1));
    }

    private static ServiceRevision revision(String image, Optional<String> digest) {
        return revision(image, digest, "app");
    }

    private static ServiceRevision revision(String image, Optional<String> digest, String... containers) {
        return new ServiceRevision(
                "arn:aws:ecs:eu-central-1:123456789012:service-revision/shop/web/1000000000000000041",
                "arn:aws:ecs:eu-central-1:123456789012:task-definition/web:1",
                Stream.of(containers)
                        .map(container -> new ServiceRevision.ContainerImage(container, image, digest))
                        .toList(),
                Optional.empty());
    }

    /** Which group of a pair serves changes with each deployment, so both are read. */
    @Test
    void seesTheTargetsOfBothGroupsOfAPairAndTheStrategy() {
        var green =
                shop.account().loadBalancing().targetGroup("web-green", 8080, TargetGroup.HealthCheck.of("/health"));
        shop.account().loadBalancing().loadBalancer("shop-test").listener(443, LoadBalancer.forwardTo(green));
        var request = JsonNodeFactory.instance.objectNode();
        request.put("cluster", "shop").put("service", "web");
        request.putObject("deploymentConfiguration")
                .put("strategy", "BLUE_GREEN")
                .put("bakeTimeInMinutes", 5);
        request.putArray("loadBalancers")
                .addObject()
                .put("targetGroupArn", green.arn())
                .put("containerName", "app")
                .put("containerPort", 8080)
                .putObject("advancedConfiguration")
                .put("alternateTargetGroupArn", shop.targetGroup());
        shop.account().ecs().updateService(request);

        var seen = look();

        assertThat(seen.service().strategy()).isEqualTo(ServiceDescription.Strategy.BLUE_GREEN);
        assertThat(seen.service().targetGroups()).containsExactly(green.arn(), shop.targetGroup());
        assertThat(seen.targets())
                .as("the old tasks, in the group that is the alternate one by now")
                .isNotEmpty()
                .allMatch(target -> target.targetGroupArn().equals(Optional.of(shop.targetGroup())));
    }

    @Test
    void reportsContainersHealthAsEcsDoes() {
        assertThat(look().tasks()).map(Task::health).containsOnly(Container.Health.HEALTHY);
    }

    private Task stoppedTask() {
        shop.release();
        return look().tasks().stream()
                .filter(task -> task.stop().isPresent())
                .findFirst()
                .orElseThrow();
    }

    private static Optional<Instant> stoppedAt(Task task) {
        return task.stop().flatMap(Stop::at);
    }

    private static EvidenceRequest.ContainerLog log(Task task) {
        return new EvidenceRequest.ContainerLog(
                task.id(), "app", "/ecs/web", "web/app/" + task.id(), "eu-central-1", stoppedAt(task), 100);
    }

    private CloudWatchLogs logs(Instant now) {
        return new CloudWatchLogs(shop.clients()::logs, () -> now, _ -> {});
    }

    private EcsSnapshotSource source() {
        return new EcsSnapshotSource(shop.clients(), shop.account().clock());
    }

    private ServiceSnapshot look() {
        return source().describe(SimulatedShop.WEB);
    }
}
