package io.deployguard.simulation.fleet;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import io.deployguard.action.Command;
import io.deployguard.action.CommandOutcome;
import io.deployguard.classification.Diagnosis;
import io.deployguard.decision.DecisionPolicy;
import io.deployguard.decision.Mode;
import io.deployguard.ecs.Task;
import io.deployguard.event.GuardEvent;
import io.deployguard.incident.Incident;
import io.deployguard.incident.Progress;
import io.deployguard.notification.Notice;
import io.deployguard.simulation.account.Json;
import io.deployguard.simulation.fleet.Ailment.Cure;
import io.deployguard.simulation.fleet.Finding.Kind;
import io.deployguard.simulation.fleet.ServiceTruth.Reign;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Knows the truth about a fleet and holds the guard to its promises. Judges by what the account really does and by what is really wrong with a
 * release, never by what the guard thinks.
 */
final class Judge {

    /** After the last event that the guard needs it has so long to tell people: events may be three minutes late. */
    private static final Duration MUST_NOTICE_WITHIN = Duration.ofMinutes(7);

    /** Silence is told after twice the usual time, at least after this. */
    private static final Duration SILENCE = Duration.ofMinutes(20);

    private static final Duration VERDICT_WITHIN = Duration.ofMinutes(25);

    /** More services than these that begin to fail within that time are a storm. */
    private static final int STORM = 5;

    private static final Duration STORM_WINDOW = Duration.ofMinutes(2);

    /** After CodeDeploy has told that a deployment begins. */
    private static final Duration TASK_SET_WITHIN = Duration.ofSeconds(6);

    /** A message that is under way when the storm begins still arrives. */
    private static final Duration UNDER_WAY = Duration.ofSeconds(5);

    /** So long after a service has become well its incident must be over. */
    private static final Duration OVER_WITHIN = Duration.ofMinutes(45);

    private final Fleet fleet;
    private final Set<String> followed;
    private final Map<String, ServiceTruth> services = new LinkedHashMap<>();
    private final Map<UUID, Incident> incidents = new LinkedHashMap<>();
    private final Map<UUID, Instant> toldAt = new HashMap<>();
    private final Map<UUID, Integer> messages = new HashMap<>();
    private final Map<UUID, Instant> actedAt = new LinkedHashMap<>();
    private final Map<String, Integer> writes = new HashMap<>();
    private final Set<UUID> misnamed = new HashSet<>();
    private final Set<String> stoppedTasks = new HashSet<>();
    private final Set<String> rollbacks = new HashSet<>();
    private final Map<String, Instant> firstHeardOf = new LinkedHashMap<>();
    private final List<Finding> findings = new ArrayList<>();
    private final List<String> story = new ArrayList<>();
    private long events;
    private int deployments;
    private int failedDeployments;

    /** @param followed names of the services whose story is kept */
    Judge(Fleet fleet, Set<String> followed) {
        this.fleet = fleet;
        this.followed = followed;
    }

    private Instant now() {
        return fleet.now();
    }

    private void after(Duration delay, Runnable work) {
        fleet.account().agenda().after(delay, work);
    }

    private Optional<ServiceTruth> truth(String service) {
        var known = services.get(service);
        if (known != null) {
            return Optional.of(known);
        }
        var found = fleet.services().stream()
                .filter(each -> each.name().equals(service))
                .findFirst()
                .map(ServiceTruth::new);
        found.ifPresent(truth -> {
            services.put(service, truth);
            if (truth.service().traits().delivery().isByCodeDeploy()) {
                beginsUntold(truth);
            }
        });
        return found;
    }

    /** Nobody tells of the task set that a service of CodeDeploy is made with. */
    private void beginsUntold(ServiceTruth truth) {
        var first = fleet.describe(truth.service()).at("/taskSets/0");
        truth.service().find(first.path("taskDefinition").asText()).ifPresent(release -> {
            var set = first.path("id").asText();
            truth.begin(set, release, false, now());
            truth.complete(set, now());
            deployments++;
        });
    }

    private void find(Kind kind, String service, String what) {
        findings.add(new Finding(kind, service, now(), what));
        tell(service, kind + ": " + what);
    }

    // What happens in the world.

    /** A line of the service's story. */
    void tell(FleetService service, String what) {
        tell(service.name(), what);
    }

    private void tell(String service, String what) {
        if (followed.contains(service)) {
            story.add(now() + "  " + service + "  " + what);
        }
    }

    /** Whether that release is the one that the service wants to run. */
    boolean runs(FleetService service, Release release) {
        return truth(service.name())
                .flatMap(ServiceTruth::reign)
                .filter(reign -> reign.release.equals(release))
                .isPresent();
    }

    /** Whether a bad release is what the service wants to run. */
    boolean runsBadly(FleetService service) {
        return truth(service.name())
                .flatMap(ServiceTruth::reign)
                .filter(reign -> reign.release.isBad())
                .isPresent();
    }

    /** Something that the service needs is away. */
    void afflict(FleetService service, String by) {
        tell(service, by);
        truth(service.name()).ifPresent(truth -> truth.afflict(by));
    }

    /** It is back, and what it has caused is over. */
    void relieve(FleetService service) {
        truth(service.name()).ifPresent(truth -> truth.relieve(now()));
    }

    /** Everything that ECS puts on the bus. */
    void see(JsonNode event) {
        events++;
        var detail = event.path("detail");
        switch (event.path("detail-type").asText()) {
            case "ECS Deployment State Change" -> deployment(event, detail);
            case "ECS Task State Change" -> task(detail);
            case "CodeDeploy Deployment State-change Notification" -> codeDeploy(detail);
            default -> {}
        }
    }

    private void deployment(JsonNode event, JsonNode detail) {
        var arn = event.path("resources").path(0).asText();
        var service = arn.substring(arn.lastIndexOf('/') + 1);
        var deployment = detail.path("deploymentId").asText();
        var name = detail.path("eventName").asText();
        truth(service).filter(truth -> !truth.service().isDeleted()).ifPresent(truth -> {
            tell(service, name + " " + deployment);
            switch (name) {
                case "SERVICE_DEPLOYMENT_IN_PROGRESS" -> begins(truth, deployment, definitionOf(arn, deployment));
                case "SERVICE_DEPLOYMENT_COMPLETED" -> truth.complete(deployment, now());
                default -> {}
            }
        });
    }

    private String definitionOf(String serviceArn, String deployment) {
        var request = Json.object();
        request.putArray("serviceRevisionArns")
                .add(serviceArn.replace(":service/", ":service-revision/")
                        + deployment.substring(deployment.indexOf('/')));
        return fleet.account()
                .inventory()
                .describeServiceRevisions(request)
                .path("serviceRevisions")
                .path(0)
                .path("taskDefinition")
                .asText();
    }

    /** A deployment of CodeDeploy is told as ECS tells one of its own: by the task set that it brings, or goes back to. */
    private void codeDeploy(JsonNode detail) {
        var id = detail.path("deploymentId").asText();
        var state = detail.path("state").asText();
        truth(detail.path("application").asText())
                .filter(truth -> !truth.service().isDeleted())
                .ifPresent(truth -> {
                    tell(truth.service(), "CodeDeploy deployment " + id + ": " + state);
                    var stopped = fleet.takenBackBy(id);
                    var set = stopped.map(back -> fleet.taskSet(truth.service(), back, "BLUE"))
                            .orElseGet(() -> fleet.taskSet(truth.service(), id, "GREEN"));
                    switch (state) {
                        case "START" -> {
                            if (stopped.isPresent()) {
                                set.ifPresent(blue -> begins(truth, blue));
                            } else {
                                after(
                                        TASK_SET_WITHIN,
                                        () -> fleet.taskSet(truth.service(), id, "GREEN")
                                                .ifPresent(green -> begins(truth, green)));
                            }
                        }
                        case "SUCCESS" -> set.ifPresent(serving -> truth.complete(serving, now()));
                        default -> {}
                    }
                });
    }

    private void begins(ServiceTruth truth, String taskSet) {
        Json.elements(fleet.describe(truth.service()), "taskSets").stream()
                .filter(set -> set.path("id").asText().equals(taskSet))
                .findFirst()
                .ifPresent(
                        set -> begins(truth, taskSet, set.path("taskDefinition").asText()));
    }

    private void begins(ServiceTruth truth, String deployment, String definition) {
        var release = truth.service().find(definition);
        if (release.isEmpty()) {
            return;
        }
        var isRollback = truth.release(deployment).isPresent() || rollbacks.contains(deployment);
        var reign = truth.begin(deployment, release.get(), isRollback, now());
        deployments++;
        tell(truth.service(), deployment + " is " + release.get().name());
        if (release.get().isBad()) {
            failedDeployments++;
            release.get()
                    .ailment()
                    .filter(Ailment::isSilent)
                    .ifPresent(_ -> after(
                            longer(SILENCE, truth.longest().multipliedBy(2).plus(MUST_NOTICE_WITHIN)),
                            () -> requireTold(truth, reign, "its tasks hang and nothing tells")));
        }
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    private void task(JsonNode detail) {
        var reason = detail.path("stoppedReason").asText();
        var ended = switch (detail.path("stopCode").asText()) {
            case "EssentialContainerExited", "TaskFailedToStart" -> true;
            case "ServiceSchedulerInitiated" -> reason.startsWith("Task failed");
            default -> false;
        };
        if (!ended || !stoppedTasks.add(detail.path("taskArn").asText())) {
            return;
        }
        var group = detail.path("group").asText();
        var service = group.substring(group.indexOf(':') + 1);
        truth(service).ifPresent(truth -> {
            var deployment = detail.path("startedBy").asText();
            tell(service, "a task of " + deployment + " ends: " + reason);
            if (truth.stopped(deployment, now())) {
                truth.reignOf(deployment)
                        .filter(reign -> !reign.checked && !reign.isOver())
                        .ifPresent(reign -> {
                            reign.checked = true;
                            after(
                                    MUST_NOTICE_WITHIN,
                                    () -> requireTold(truth, reign, reign.stops.size() + " tasks ended"));
                        });
            }
        });
    }

    /** Nobody needs to hear of what is over by now, nor twice of what several revisions of a service lack. */
    private void requireTold(ServiceTruth truth, Reign reign, String because) {
        if (reign.isOver() || truth.service().isDeleted() || truth.service().desired() == 0) {
            return;
        }
        var told = incidents.values().stream()
                .filter(incident -> incident.service().equals(truth.service().ref()))
                .filter(incident -> incident.deployment().value().equals(reign.deployment)
                        || incident.progress() instanceof Progress.Verifying
                        || (truth.isAfflicted() && incident.isOpen()))
                .anyMatch(incident -> toldAt.containsKey(incident.id()));
        if (!told) {
            find(
                    Kind.MISSED,
                    truth.service().name(),
                    "%s of %s, and nobody was told of %s".formatted(because, reign.deployment, reign.release.name()));
        }
    }

    // What the guard does.

    /** It has handled an event. */
    void delivered(GuardEvent event) {
        if (event instanceof GuardEvent.TaskStateChange change) {
            change.service().ifPresent(service -> heard(service.name(), change.task()));
        }
    }

    private void heard(String service, Task task) {
        tell(service, "the guard hears of task " + task.id() + " " + task.lastStatus());
        if (stoppedTasks.contains(task.arn())) {
            task.deployment().ifPresent(deployment -> firstHeardOf.putIfAbsent(service + " " + deployment, now()));
        }
    }

    /** How many services began to fail within the storm's window before that moment, as far as the guard could know. */
    private long failingTogether(Instant until) {
        return firstHeardOf.entrySet().stream()
                .filter(heard -> !heard.getValue().isAfter(until)
                        && heard.getValue().plus(STORM_WINDOW).isAfter(until))
                .map(heard -> heard.getKey().substring(0, heard.getKey().indexOf(' ')))
                .distinct()
                .count();
    }

    /** Whether so many others failed about the same time that people hear of it in their common message. */
    private boolean isOneOfMany(Incident incident) {
        return incidents.values().stream()
                        .filter(other -> Duration.between(incident.openedAt(), other.openedAt())
                                        .abs()
                                        .compareTo(STORM_WINDOW.multipliedBy(3))
                                <= 0)
                        .map(Incident::service)
                        .distinct()
                        .count()
                > STORM;
    }

    /** It has committed an incident. */
    void changed(Incident incident) {
        var before = Optional.ofNullable(incidents.put(incident.id(), incident));
        var service = incident.service().name();
        tell(
                service,
                "incident %s about %s: %s%s"
                        .formatted(
                                incident.id(),
                                incident.deployment(),
                                incident.progress(),
                                incident.decision()
                                        .map(decision -> "; " + decision.because())
                                        .orElse("")));
        var truth = truth(service).orElseThrow();
        if (incident.isTold() && incident.diagnosis().isPresent() && toldAt.putIfAbsent(incident.id(), now()) == null) {
            judgeAlarm(truth, incident);
        }
        judgeName(truth, incident);
        var wasOpen = before.map(Incident::isOpen).orElse(true);
        if (wasOpen && incident.progress() instanceof Progress.Closed closed) {
            judgeEnd(truth, incident, closed);
        }
    }

    private void judgeAlarm(ServiceTruth truth, Incident incident) {
        var reign = truth.reignOf(incident.deployment().value());
        var release = truth.release(incident.deployment().value());
        var deserved = release.flatMap(Release::ailment).isPresent()
                || truth.isAfflicted()
                || reign.filter(known -> known.afflicted).isPresent();
        if (!deserved) {
            find(
                    Kind.FALSE_ALARM,
                    truth.service().name(),
                    "incident %s about %s, which is well: %s"
                            .formatted(
                                    incident.id(),
                                    release.map(Release::name)
                                            .orElse(incident.deployment().value()),
                                    incident.signs().getFirst().what()));
        }
    }

    private void judgeName(ServiceTruth truth, Incident incident) {
        var ailment = truth.release(incident.deployment().value()).flatMap(Release::ailment);
        if (ailment.isPresent()
                && !truth.isAfflicted()
                && incident.diagnosis().orElse(null) instanceof Diagnosis.Identified found
                && found.confidence() >= DecisionPolicy.SURE
                && !ailment.get().causes().contains(found.cause().value())
                && misnamed.add(incident.id())) {
            find(
                    Kind.MISNAMED,
                    truth.service().name(),
                    "incident %s calls %s %s by rule %s"
                            .formatted(incident.id(), ailment.get().name(), found.cause(), found.rule()));
        }
    }

    private void judgeEnd(ServiceTruth truth, Incident incident, Progress.Closed closed) {
        if (closed.outcome() == Progress.Outcome.HEALED
                && truth.reign().filter(reign -> reign.release.isBad()).isPresent()) {
            find(
                    Kind.VIOLATION,
                    truth.service().name(),
                    "incident %s is called healed while %s runs"
                            .formatted(
                                    incident.id(),
                                    truth.reign().orElseThrow().release.name()));
        }
    }

    /** It sends a command; judged by what is the case at this moment. */
    CommandOutcome execute(Command command, UUID id, Supplier<CommandOutcome> send) {
        var incident = incidents.get(id);
        if (incident == null) {
            throw new IllegalStateException("a command for an incident that was never committed: " + id);
        }
        var truth = truth(incident.service().name()).orElseThrow();
        var before = truth.reign().orElseThrow();
        var target = command instanceof Command.UpdateService update
                ? truth.service().find(update.taskDefinitionArn())
                : Optional.<Release>empty();
        var misfit = misfit(truth.service(), command);
        var outcome = send.get();
        tell(truth.service(), "the guard sends: " + command.describe() + " → " + outcome);
        if (outcome instanceof CommandOutcome.Done) {
            judgeAction(truth, incident, before);
            misfit.ifPresent(why -> wrong(truth, why));
            target.filter(Release::isBad).ifPresent(bad -> wrong(truth, "goes back to " + bad.name()));
            if (command instanceof Command.UpdateService) {
                rollbacks.add(fleet.describe(truth.service())
                        .path("deployments")
                        .path(0)
                        .path("id")
                        .asText());
            }
            after(Duration.ofSeconds(10), () -> judgeTarget(truth, before));
            if (actedAt.putIfAbsent(id, now()) == null) {
                after(VERDICT_WITHIN, () -> requireVerdict(id));
            }
        }
        return outcome;
    }

    /** Why that command is no way back at this moment. */
    private Optional<String> misfit(FleetService service, Command command) {
        var demanded = service.traits().delivery().isByCodeDeploy()
                ? "StopCodeDeployDeployment"
                : demanded(fleet.describeDeployment(service));
        var sent = command instanceof Command.ContinueServiceDeployment answer
                ? "ContinueServiceDeployment of hook " + answer.hookId()
                : command.getClass().getSimpleName();
        return sent.equals(demanded)
                ? Optional.empty()
                : Optional.of("sends %s instead of %s".formatted(sent, demanded));
    }

    /** A hook that waits is answered, what is under way is stopped, and only what has ended gives way to another deployment. */
    private static String demanded(JsonNode deployment) {
        var awaited = Json.elements(deployment, "lifecycleHookDetails").stream()
                .filter(hook -> hook.path("status").asText().equals("AWAITING_ACTION"))
                .map(hook -> "ContinueServiceDeployment of hook "
                        + hook.path("hookId").asText())
                .findFirst();
        return awaited.orElseGet(() -> switch (deployment.path("status").asText()) {
            case "PENDING", "IN_PROGRESS" -> "StopServiceDeployment";
            default -> "UpdateService";
        });
    }

    private void judgeAction(ServiceTruth truth, Incident incident, Reign before) {
        var service = truth.service();
        var failing = incident.deployment().value();
        if (failingTogether(now()) > STORM) {
            violation(truth, "acts in a storm: %d services failed together".formatted(failingTogether(now())));
        }
        if (writes.merge(service.name() + " " + failing, 1, Integer::sum) > 1) {
            violation(truth, "more than one automatic action for " + failing);
        }
        if (!before.deployment.equals(failing)) {
            violation(truth, "acts on %s, which %s has superseded".formatted(failing, before.deployment));
            return;
        }
        if (before.isRollback) {
            violation(truth, "rolls a rollback back: " + failing);
        }
        if (service.traits().mode() != Mode.AUTO) {
            wrong(truth, "acts in mode " + service.traits().mode());
        }
        if (!before.release.isBad()) {
            wrong(
                    truth,
                    "goes back from %s, which is good; %s"
                            .formatted(before.release.name(), truth.affliction().orElse("nothing was wrong")));
        } else if (before.release.ailment().orElseThrow().cure() == Cure.HARMS
                && !service.traits().compatible()) {
            wrong(truth, "goes back from %s, which has moved the schema".formatted(before.release.name()));
        }
    }

    private void judgeTarget(ServiceTruth truth, Reign before) {
        truth.reign()
                .filter(now -> now != before && now.from.isBefore(now().minusSeconds(1)))
                .filter(now -> now.isRollback && now.release.isBad())
                .ifPresent(now -> wrong(truth, "ECS has gone back to " + now.release.name()));
    }

    private void wrong(ServiceTruth truth, String what) {
        find(Kind.WRONG_ACTION, truth.service().name(), what);
    }

    private void violation(ServiceTruth truth, String what) {
        find(Kind.VIOLATION, truth.service().name(), what);
    }

    private void requireVerdict(UUID id) {
        var incident = incidents.get(id);
        if (incident != null && incident.isOpen()) {
            find(
                    Kind.VIOLATION,
                    incident.service().name(),
                    "no verdict %d minutes after the action of incident %s: %s"
                            .formatted(VERDICT_WITHIN.toMinutes(), id, incident.progress()));
        }
    }

    /** A channel shows a message. */
    void read(Notice notice, boolean isNew) {
        var incident = requireNonNull(incidents.get(notice.incident()));
        tell(incident.service().name(), (isNew ? "message: " : "edited: ") + notice.headline());
        if (isNew
                && !notice.headline().startsWith("Storm")
                && failingTogether(now().minus(UNDER_WAY)) > STORM
                && incident.openedAt().plus(STORM_WINDOW).isAfter(now())) {
            find(
                    Kind.VIOLATION,
                    incident.service().name(),
                    "a message of its own in a storm, about incident " + incident.id());
        }
        if (isNew && messages.merge(notice.incident(), 1, Integer::sum) == 2) {
            find(Kind.VIOLATION, nameOf(notice.incident()), "two messages about incident " + notice.incident());
        }
    }

    private String nameOf(UUID incident) {
        return requireNonNull(incidents.get(incident)).service().name();
    }

    // The verdict.

    FleetReport report(FleetSettings settings) {
        requireEnds();
        var told = incidents.values().stream()
                .filter(incident -> toldAt.containsKey(incident.id()))
                .toList();
        var verdicts = new TreeMap<String, Integer>();
        told.forEach(incident -> verdicts.merge(outcome(incident), 1, Integer::sum));
        return new FleetReport(
                settings,
                events,
                deployments,
                failedDeployments,
                told.size(),
                messages.values().stream().mapToInt(Integer::intValue).sum(),
                actedAt.size(),
                verdicts,
                leftToPeople(told),
                FleetReport.Spread.of(since(toldAt)),
                FleetReport.Spread.of(since(actedAt)),
                FleetReport.Spread.of(since(healedAt(told))),
                List.copyOf(findings),
                List.copyOf(story));
    }

    private void requireEnds() {
        incidents.values().stream()
                .filter(Incident::isOpen)
                .filter(Incident::isTold)
                .filter(incident ->
                        truth(incident.service().name()).orElseThrow().isWellFor(OVER_WITHIN, now()))
                .forEach(incident -> find(
                        Kind.VIOLATION,
                        incident.service().name(),
                        "incident %s is still open although the service is well: %s"
                                .formatted(incident.id(), incident.progress())));
        toldAt.forEach((id, at) -> {
            if (!messages.containsKey(id)
                    && !isOneOfMany(requireNonNull(incidents.get(id)))
                    && at.plus(MUST_NOTICE_WITHIN).isBefore(now())) {
                find(Kind.VIOLATION, nameOf(id), "incident " + id + " reached no channel");
            }
        });
    }

    private static String outcome(Incident incident) {
        return incident.progress() instanceof Progress.Closed closed
                ? closed.outcome().name().toLowerCase(java.util.Locale.ROOT).replace('_', '-')
                : "open";
    }

    private Map<UUID, Instant> healedAt(List<Incident> told) {
        var healed = new LinkedHashMap<UUID, Instant>();
        told.forEach(incident -> {
            if (incident.progress() instanceof Progress.Closed closed && closed.outcome() == Progress.Outcome.HEALED) {
                healed.put(incident.id(), closed.at());
            }
        });
        return healed;
    }

    private List<Duration> since(Map<UUID, Instant> moments) {
        return moments.entrySet().stream()
                .flatMap(entry -> {
                    var incident = requireNonNull(incidents.get(entry.getKey()));
                    return truth(incident.service().name())
                            .flatMap(
                                    truth -> truth.reignOf(incident.deployment().value()))
                            .filter(reign -> reign.release.isBad())
                            .flatMap(reign -> Optional.ofNullable(reign.firstStop))
                            .filter(first -> !first.isAfter(entry.getValue()))
                            .map(first -> Duration.between(first, entry.getValue()))
                            .stream();
                })
                .toList();
    }

    /** Releases that a rollback would have healed, of services that allow it. */
    private Map<String, Integer> leftToPeople(List<Incident> told) {
        var reasons = new TreeMap<String, Integer>();
        told.stream()
                .filter(incident -> !actedAt.containsKey(incident.id()))
                .filter(incident -> {
                    var truth = truth(incident.service().name()).orElseThrow();
                    return truth.service().traits().mode() == Mode.AUTO
                            && truth.release(incident.deployment().value())
                                    .flatMap(Release::ailment)
                                    .filter(ailment -> ailment.cure() == Cure.HEALS)
                                    .isPresent();
                })
                .forEach(incident -> reasons.merge(
                        incident.decision()
                                .map(decision -> generalized(decision.because()))
                                .orElse("it was never examined"),
                        1,
                        Integer::sum));
        return reasons;
    }

    private static String generalized(String because) {
        return because.replaceAll("service-\\d+:\\d+", "…")
                .replaceAll("ecs-svc/\\d+", "…")
                .replaceAll("\\d+", "N");
    }
}
