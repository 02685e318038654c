package io.deployguard.postgres;

import io.deployguard.action.Command;
import io.deployguard.action.CommandJournal;
import io.deployguard.classification.Remedy;
import io.deployguard.ecs.Container;
import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.ServiceRef;
import io.deployguard.ecs.Stop;
import io.deployguard.ecs.Task;
import io.deployguard.incident.Approval;
import io.deployguard.incident.Incident;
import io.deployguard.incident.Progress;
import io.deployguard.incident.Storm;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Values for tests, with what matters as parameter. */
final class Samples {

    static final Instant NOON = Instant.parse("2026-11-02T12:00:00Z");
    static final DeploymentId FAILING = new DeploymentId("ecs-svc/1234567890123456789");

    private Samples() {}

    static ServiceRef service(String name) {
        return new ServiceRef("aws", "eu-central-1", "123456789012", "orders", name);
    }

    static Instant minute(long minute) {
        return NOON.plusSeconds(60 * minute);
    }

    static UUID id(long number) {
        return new UUID(0, number);
    }

    static Incident incident(UUID id, ServiceRef service) {
        return incident(id, service, FAILING, NOON);
    }

    static Incident incident(UUID id, ServiceRef service, DeploymentId deployment, Instant at) {
        return Incident.open(
                id,
                service,
                deployment,
                new Progress.Investigating(at, 0),
                new Incident.Sign("restart-loop", at, "2 tasks stopped within 10 minutes"));
    }

    static Incident closed(Incident incident, Instant at) {
        return incident.withProgress(new Progress.Closed(Progress.Outcome.RECOVERED, at, "it is well again"), at);
    }

    static Task runningTask(String id, long version) {
        return task(id, version, Optional.empty());
    }

    static Task stoppedTask(String id, long version, Instant stoppedAt) {
        return task(
                id,
                version,
                Optional.of(new Stop(
                        Stop.Code.ESSENTIAL_CONTAINER_EXITED,
                        "Essential container in task exited",
                        Optional.of(stoppedAt))));
    }

    private static Task task(String id, long version, Optional<Stop> stop) {
        return new Task(
                "arn:aws:ecs:eu-central-1:123456789012:task/orders/" + id,
                "service:web",
                Optional.of(FAILING),
                "arn:aws:ecs:eu-central-1:123456789012:task-definition/web:7",
                stop.isPresent() ? "STOPPED" : "RUNNING",
                stop.isPresent() ? "STOPPED" : "RUNNING",
                Container.Health.UNKNOWN,
                stop,
                List.of(new Container(
                        "app",
                        stop.isPresent() ? "STOPPED" : "RUNNING",
                        stop.map(_ -> 1),
                        Optional.empty(),
                        Container.Health.UNKNOWN,
                        Optional.of("registry.example/web:1.5.0"),
                        Optional.empty(),
                        Optional.empty())),
                List.of(),
                Optional.of("subnet-0a1b2c3d"),
                Optional.empty(),
                Optional.of(NOON),
                Optional.of(NOON),
                stop.flatMap(Stop::at),
                version);
    }

    static CommandJournal.Entry entry(UUID id, UUID incident, ServiceRef service, long fence, Instant at) {
        return new CommandJournal.Entry(
                id,
                incident,
                new Command.UpdateService(service, "arn:aws:ecs:eu-central-1:123456789012:task-definition/web:6"),
                fence,
                at,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** A request of that incident, from noon until half past twelve. */
    static Approval.Open request(UUID incident) {
        return new Approval.Open(new Approval.Request(incident, new Remedy.Automatic("roll-back"), NOON, minute(30)));
    }

    static Approval.Granted granted(UUID incident, String name) {
        return new Approval.Granted(request(incident).request(), answer(name));
    }

    static Approval.Answer answer(String name) {
        return new Approval.Answer(
                new Approval.Person(name, Optional.of("arn:aws:iam::123456789012:user/" + name), "command line"),
                Optional.of("it can only get better"),
                minute(5));
    }

    /** A storm of one. */
    static Storm storm(UUID leader, Instant at) {
        return new Storm(
                leader,
                Storm.placeOf(service("web")),
                at,
                at,
                List.of(new Storm.Member(
                        leader,
                        service("web"),
                        Optional.of("code-error"),
                        Optional.of("rowcount"),
                        List.of("registry.example/web:1.5.0"),
                        Optional.of("subnet-0a1b2c3d"),
                        Storm.State.FAILING)),
                0,
                Optional.empty(),
                1);
    }
}
