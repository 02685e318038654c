package io.deployguard.aws.doctor;

import io.deployguard.aws.AwsClients;
import io.deployguard.aws.AwsFaults;
import io.deployguard.aws.Parallel;
import io.deployguard.aws.SdkJson;
import io.deployguard.aws.ecr.EcrImages;
import io.deployguard.aws.elb.ListenerRules;
import io.deployguard.doctor.Draft;
import io.deployguard.doctor.DraftReader;
import io.deployguard.doctor.Look;
import io.deployguard.doctor.ServiceSetup;
import io.deployguard.doctor.Surroundings;
import io.deployguard.doctor.SurroundingsReader;
import io.deployguard.ecs.EcrImage;
import io.deployguard.ecs.ListenerRule;
import io.deployguard.fault.GuardFault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ecs.model.ServiceField;

/** Looks at what a deployment would be put into: the service first, then everything else at once. Reads only; what it may not see is said. */
public final class LiveSurroundings {

    private final AwsClients clients;
    private final EcrImages images;
    private final SecretPresence secrets;
    private final Duration within;

    /**
     * Eyes on one region.
     *
     * @param within how long everything after the service may take; what is late was not seen
     */
    public LiveSurroundings(AwsClients clients, Duration within) {
        this.clients = clients;
        this.images = new EcrImages(clients);
        this.secrets = new SecretPresence(clients);
        this.within = within;
    }

    /** A definition, and what it would be deployed into. */
    public record Examined(Draft draft, Surroundings around) {}

    /**
     * The service with the definition that it runs.
     *
     * @throws GuardFault when there is no such service, or one of the two cannot be described
     */
    public Examined of(String cluster, String service) {
        var setup = service(cluster, service);
        var running = definition(setup);
        return new Examined(running, around(setup, running, Optional.empty()));
    }

    /**
     * The service with a definition that it may run next.
     *
     * @throws GuardFault when there is no such service, or it cannot be described
     */
    public Examined of(String cluster, String service, Draft draft) {
        var setup = service(cluster, service);
        return new Examined(draft, around(setup, draft, Optional.of(look(() -> definition(setup)))));
    }

    private ServiceSetup service(String cluster, String service) {
        var subject = "service " + cluster + "/" + service;
        return AwsFaults.ask(
                        "ecs:DescribeServices",
                        subject,
                        () -> clients.ecs()
                                .describeServices(request -> request.cluster(cluster)
                                        .services(service)
                                        .include(ServiceField.TAGS)))
                .services()
                .stream()
                .findFirst()
                .map(found -> SurroundingsReader.service(SdkJson.of(found)))
                .orElseThrow(() -> new GuardFault.NotFound(
                        "ecs:DescribeServices for " + subject + ": no such service in the cluster", null));
    }

    private Draft definition(ServiceSetup service) {
        return DraftReader.read(SdkJson.of(AwsFaults.ask(
                        "ecs:DescribeTaskDefinition",
                        service.taskDefinitionArn(),
                        () -> clients.ecs()
                                .describeTaskDefinition(request -> request.taskDefinition(service.taskDefinitionArn())))
                .taskDefinition()));
    }

    private Surroundings around(ServiceSetup service, Draft draft, Optional<Look<Draft>> running) {
        var groupArns = service.balancers().stream()
                .flatMap(
                        balancer -> Stream.concat(balancer.targetGroupArn().stream(), balancer.alternateArn().stream()))
                .distinct()
                .toList();
        var cluster = new Cell<Surroundings.Cluster>();
        var groups = new Cell<List<Surroundings.TargetGroup>>();
        var rules = new Cell<List<ListenerRule>>();
        Map<String, Look<Surroundings.Image>> seenImages = new HashMap<>();
        Map<Surroundings.LogGroup, Look<Boolean>> seenLogs = new HashMap<>();
        Map<String, Look<Boolean>> seenSecrets = new HashMap<>();
        var questions = new Questions();
        questions.add(() -> cluster(service), cluster::set);
        if (!groupArns.isEmpty()) {
            questions.add(() -> targetGroups(groupArns), groups::set);
            questions.add(() -> new ListenerRules(clients.elb()).describe(groupArns), rules::set);
        }
        for (var container : draft.containers()) {
            var image = container.definition().image();
            questions.add(() -> image(image), look -> seenImages.put(image, look));
            container.definition().logConfiguration().ifPresent(log -> {
                var group = new Surroundings.LogGroup(
                        log.options().getOrDefault("awslogs-group", ""),
                        log.options().getOrDefault("awslogs-region", ""));
                if (log.driver().equals("awslogs")
                        && !group.name().isBlank()
                        && !group.region().isBlank()) {
                    questions.add(() -> isThere(group), look -> seenLogs.put(group, look));
                }
            });
            container.definition().secretNames().values().stream()
                    .distinct()
                    .forEach(from -> questions.add(() -> secrets.isThere(from), look -> seenSecrets.put(from, look)));
        }
        questions.ask(within);
        return new Surroundings(
                service, running, cluster.look, groups.look, rules.look, seenImages, seenLogs, seenSecrets);
    }

    private Surroundings.Cluster cluster(ServiceSetup service) {
        return AwsFaults.ask(
                        "ecs:DescribeClusters",
                        "cluster " + service.ref().cluster(),
                        () -> clients.ecs()
                                .describeClusters(request ->
                                        request.clusters(service.ref().clusterArn())))
                .clusters()
                .stream()
                .findFirst()
                .map(found -> SurroundingsReader.cluster(SdkJson.of(found)))
                .orElseThrow(
                        () -> new GuardFault.NotFound("cluster " + service.ref().cluster() + ": not found", null));
    }

    private List<Surroundings.TargetGroup> targetGroups(List<String> arns) {
        return AwsFaults.ask(
                        "elasticloadbalancing:DescribeTargetGroups",
                        String.join(", ", arns),
                        () -> clients.elb().describeTargetGroups(request -> request.targetGroupArns(arns)))
                .targetGroups()
                .stream()
                .map(group -> SurroundingsReader.targetGroup(SdkJson.of(group)))
                .toList();
    }

    private Surroundings.Image image(String image) {
        var place = EcrImage.find(image)
                .filter(known -> known.region().equals(clients.region()))
                .orElseThrow(() -> new GuardFault.Unavailable(
                        "%s is not in Amazon ECR of %s, and no other registry is asked"
                                .formatted(image, clients.region()),
                        null));
        return images.architectures(image, place)
                .<Surroundings.Image>map(Surroundings.Image.Present::new)
                .orElseGet(Surroundings.Image.Absent::new);
    }

    private boolean isThere(Surroundings.LogGroup group) {
        return AwsFaults.ask(
                        "logs:DescribeLogGroups",
                        "log group " + group.name(),
                        () -> clients.logs(group.region())
                                .describeLogGroups(request -> request.logGroupNamePrefix(group.name())))
                .logGroups()
                .stream()
                .anyMatch(found -> group.name().equals(found.logGroupName()));
    }

    private static <T> Look<T> look(Supplier<T> question) {
        try {
            return new Look.Seen<>(question.get());
        } catch (GuardFault fault) {
            return new Look.Unseen<>(String.valueOf(fault.getMessage()));
        }
    }

    /** An answer that is still to come. */
    private static final class Cell<T> {

        private Look<T> look =
                new Look.Unseen<>("the service names no target group; a Classic Load Balancer is not looked at");

        void set(Look<T> given) {
            look = given;
        }
    }

    /** Asks at once and lets each answer find its place afterwards, in one thread. */
    private static final class Questions {

        private final List<Callable<Runnable>> questions = new ArrayList<>();
        private final List<Consumer<String>> unanswered = new ArrayList<>();

        <T> void add(Callable<T> question, Consumer<Look<T>> place) {
            questions.add(() -> {
                var answer = question.call();
                return () -> place.accept(new Look.Seen<>(answer));
            });
            unanswered.add(because -> place.accept(new Look.Unseen<>(because)));
        }

        void ask(Duration within) {
            var answers = Parallel.ask(questions, within);
            for (var index = 0; index < answers.size(); index++) {
                switch (answers.get(index)) {
                    case Parallel.Answer.Given<Runnable>(var keep) -> keep.run();
                    case Parallel.Answer.Refused<Runnable>(var fault) ->
                        unanswered.get(index).accept(String.valueOf(fault.getMessage()));
                }
            }
        }
    }
}
