package io.deployguard.evidence;

import io.deployguard.ecs.Container;
import io.deployguard.ecs.EndpointAnswer;
import io.deployguard.ecs.Stop;
import io.deployguard.ecs.Task;
import io.deployguard.ecs.TaskDefinition;
import io.deployguard.event.GuardEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Takes out of evidence what must not be shown: control characters, secrets, the values of the task definitions' environments. Deterministic. */
public final class Cleaning {

    private Cleaning() {}

    /** A text of which nothing is known. */
    public static String of(String text) {
        return new Text(Redactor.standard()).one(text);
    }

    /** For a single text that belongs to this evidence. */
    public static UnaryOperator<String> ofText(EvidenceBundle evidence) {
        return new Text(redactor(evidence))::one;
    }

    /** The same evidence, clean. */
    public static EvidenceBundle of(EvidenceBundle evidence) {
        var text = new Text(redactor(evidence));
        var lines = text.all(evidence.only(Evidence.LogLine.class).stream()
                .map(Evidence.LogLine::text)
                .toList());
        var clean = new ArrayList<Evidence>(evidence.all().size());
        var line = 0;
        for (var piece : evidence.all()) {
            clean.add(
                    piece instanceof Evidence.LogLine log
                            ? new Evidence.LogLine(log.task(), log.container(), log.at(), lines.get(line++))
                            : text.in(piece));
        }
        return new EvidenceBundle(clean);
    }

    /** The same event with what ECS says in free text clean: it is kept before anything else of the service is known. */
    public static GuardEvent of(GuardEvent event) {
        var text = new Text(Redactor.standard());
        return switch (event) {
            case GuardEvent.TaskStateChange change ->
                new GuardEvent.TaskStateChange(
                        change.key(), change.at(), change.service(), change.clusterArn(), text.in(change.task()));
            case GuardEvent.DeploymentStateChange change ->
                new GuardEvent.DeploymentStateChange(
                        change.key(),
                        change.at(),
                        change.service(),
                        change.name(),
                        change.deployment(),
                        text.one(change.reason()));
            case GuardEvent.ServiceAction action ->
                new GuardEvent.ServiceAction(
                        action.key(), action.at(), action.service(), action.name(), text.one(action.reason()));
            case GuardEvent.CodeDeployStateChange _,
                    GuardEvent.AlarmStateChange _,
                    GuardEvent.HookStateChange _,
                    GuardEvent.HostChange _ -> event;
        };
    }

    private static Redactor redactor(EvidenceBundle evidence) {
        var redactor = Redactor.standard();
        for (var definitions : evidence.only(Evidence.Definitions.class)) {
            redactor = redactor.withEnvironmentOf(definitions.failing());
            for (TaskDefinition earlier : definitions.lastHealthy().stream().toList()) {
                redactor = redactor.withEnvironmentOf(earlier);
            }
        }
        return redactor;
    }

    private record Text(Redactor redactor) {

        /** Lines together, since a PEM block runs over several. */
        List<String> all(List<String> lines) {
            return redactor.redactAll(lines.stream().map(LineCleaner::clean).toList());
        }

        String one(String line) {
            return redactor.redact(LineCleaner.clean(line));
        }

        Optional<String> one(Optional<String> line) {
            return line.map(this::one);
        }

        Stop in(Stop stop) {
            return new Stop(stop.code(), one(stop.reason()), stop.at());
        }

        Task in(Task task) {
            var containers = task.containers().stream()
                    .map(container -> new Container(
                            container.name(),
                            container.lastStatus(),
                            container.exitCode(),
                            one(container.reason()),
                            container.health(),
                            container.image(),
                            container.imageDigest(),
                            container.runtimeId()))
                    .toList();
            return new Task(
                    task.arn(),
                    task.group(),
                    task.deployment(),
                    task.taskDefinitionArn(),
                    task.lastStatus(),
                    task.desiredStatus(),
                    task.health(),
                    task.stop().map(this::in),
                    containers,
                    task.command().stream().map(this::one).toList(),
                    task.subnet(),
                    task.privateIp(),
                    task.createdAt(),
                    task.startedAt(),
                    task.stoppedAt(),
                    task.version());
        }

        Evidence in(Evidence piece) {
            return switch (piece) {
                case Evidence.LogLine log ->
                    new Evidence.LogLine(log.task(), log.container(), log.at(), one(log.text()));
                case Evidence.UsualLine line -> new Evidence.UsualLine(line.container(), one(line.text()));
                case Evidence.TaskStop stop -> new Evidence.TaskStop(stop.task(), in(stop.stop()), stop.startedAt());
                case Evidence.ContainerExit exit ->
                    new Evidence.ContainerExit(
                            exit.task(), exit.container(), exit.exitCode(), one(exit.reason()), exit.health());
                case Evidence.ServiceMessage message -> new Evidence.ServiceMessage(message.at(), one(message.text()));
                case Evidence.TargetReason reason ->
                    new Evidence.TargetReason(reason.state(), one(reason.reason()), one(reason.description()));
                case Evidence.TaskRun run ->
                    new Evidence.TaskRun(
                            run.task(), run.command().stream().map(this::one).toList(), run.exitCode(), run.at());
                case Evidence.EndpointAnswered answered ->
                    new Evidence.EndpointAnswered(answered.endpoint(), in(answered.answer()));
                case Evidence.Missing missing -> new Evidence.Missing(missing.source(), one(missing.reason()));
                // Names, digests, counts and addresses of AWS: no free text. Definitions are compared by the facts and
                // never shown by value.
                case Evidence.Definitions _,
                        Evidence.ImageDigest _,
                        Evidence.ListenerRule _,
                        Evidence.Serving _,
                        Evidence.UnfinishedLog _,
                        Evidence.FailingToo _ -> piece;
            };
        }

        private EndpointAnswer in(EndpointAnswer answer) {
            return switch (answer) {
                case EndpointAnswer.Given given ->
                    new EndpointAnswer.Given(given.status(), one(given.server()), one(given.body()));
                case EndpointAnswer.None none -> new EndpointAnswer.None(one(none.because()));
            };
        }
    }
}
