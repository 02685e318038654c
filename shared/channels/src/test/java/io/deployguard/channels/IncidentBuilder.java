package io.deployguard.channels;

import io.deployguard.classification.CauseId;
import io.deployguard.classification.Diagnosis;
import io.deployguard.classification.Diagnosis.Alternative;
import io.deployguard.classification.Diagnosis.Proof;
import io.deployguard.classification.Remedy;
import io.deployguard.classification.RollbackHelps;
import io.deployguard.decision.Decision;
import io.deployguard.decision.RollbackOutlook;
import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.GithubDeployment;
import io.deployguard.ecs.ServiceRef;
import io.deployguard.incident.Approval;
import io.deployguard.incident.Incident;
import io.deployguard.incident.Incident.Sign;
import io.deployguard.incident.Progress;
import io.deployguard.incident.Recurrence;
import io.deployguard.incident.Situation;
import io.deployguard.incident.Situation.LogStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** Builds an incident as a story is told: where, what was seen, what was found, what was decided, how far it has come. */
public final class IncidentBuilder {

    private static final String ACCOUNT = "123456789012";

    private final ServiceRef service;
    private final Instant openedAt;
    private final List<Sign> signs = new ArrayList<>();
    private final List<Proof> proof = new ArrayList<>();
    private final List<Alternative> alternatives = new ArrayList<>();
    private final List<Remedy> remedies = new ArrayList<>();
    private final List<String> changes = new ArrayList<>();
    private final List<String> gaps = new ArrayList<>();
    private Optional<Diagnosis> diagnosis = Optional.empty();
    private Optional<Instant> diagnosedAt = Optional.empty();
    private Optional<Decision> decision = Optional.empty();
    private Optional<Situation> situation = Optional.empty();
    private Optional<Recurrence> recurrence = Optional.empty();
    private Optional<Approval> approval = Optional.empty();
    private Progress progress = new Progress.Advised();
    private Instant changedAt;
    private long revision = 1;

    private IncidentBuilder(ServiceRef service, Instant openedAt) {
        this.service = service;
        this.openedAt = openedAt;
        this.changedAt = openedAt;
    }

    /** An incident of {@code cluster/service} in eu-west-1. */
    public static IncidentBuilder anIncidentOf(String cluster, String service, Instant openedAt) {
        return new IncidentBuilder(new ServiceRef("aws", "eu-west-1", ACCOUNT, cluster, service), openedAt);
    }

    public IncidentBuilder sign(String kind, Duration after, String what) {
        signs.add(new Sign(kind, openedAt.plus(after), what));
        return this;
    }

    public IncidentBuilder line(String source, String text) {
        proof.add(new Proof(source, text));
        return this;
    }

    public IncidentBuilder runnerUp(String cause, double confidence) {
        alternatives.add(new Alternative(new CauseId(cause), confidence, Optional.empty()));
        return this;
    }

    public IncidentBuilder advice(String text) {
        remedies.add(new Remedy.Advice(text));
        return this;
    }

    public IncidentBuilder changed(String what) {
        changes.add(what);
        return this;
    }

    public IncidentBuilder notSeen(String what) {
        gaps.add(what);
        return this;
    }

    /** Comes after lines, runners-up and advice. */
    public IncidentBuilder cause(
            String id, String title, double confidence, String key, RollbackHelps rollback, String explanation) {
        diagnosis = Optional.of(new Diagnosis.Identified(
                new CauseId(id),
                title,
                confidence,
                Optional.of(key),
                id + "-rule",
                Map.of("key", key),
                rollback,
                true,
                true,
                proof,
                alternatives,
                remedies,
                explanation));
        return this;
    }

    public IncidentBuilder unknownCause(String explanation) {
        diagnosis = Optional.of(new Diagnosis.Unknown(proof, alternatives, explanation));
        return this;
    }

    public IncidentBuilder diagnosedAfter(Duration latency) {
        diagnosedAt = Optional.of(openedAt.plus(latency));
        return this;
    }

    /** Comes after changes and gaps. Both revisions are of the family that has the service's name. */
    public IncidentBuilder seen(int healthy, int failing, int servingOld, int servingNew, int desired, String mode) {
        situation = Optional.of(new Situation(
                definition(failing),
                healthy > 0 ? Optional.of(definition(healthy)) : Optional.empty(),
                changes,
                servingOld,
                servingNew,
                desired,
                Optional.of("arn:aws:ecs:eu-west-1:%s:service-deployment/%s/%s/jk3Yw9aBcQ1LmZ0tR5uXe"
                        .formatted(ACCOUNT, service.cluster(), service.name())),
                Optional.of("4f2c1b7e9d8a4c6fb0e35d2a17c9f8e4"),
                Optional.of(new LogStream(
                        "eu-west-1",
                        "/ecs/" + service.name(),
                        "app/" + service.name() + "/4f2c1b7e9d8a4c6fb0e35d2a17c9f8e4")),
                gaps,
                mode,
                recurrence,
                Optional.of(new GithubDeployment("acme", service.name(), 4_711)),
                Optional.empty(),
                Optional.empty()));
        return this;
    }

    public IncidentBuilder act(RollbackHelps helps, String outlook, String because) {
        decision = Optional.of(
                new Decision.Act(new Remedy.Automatic("roll-back"), new RollbackOutlook(helps, outlook), because));
        return this;
    }

    /** Comes before {@link #seen}. */
    public IncidentBuilder again(int times, Instant last) {
        recurrence = Optional.of(new Recurrence(times, 30, last));
        return this;
    }

    /** What became of a request that was made with the diagnosis. */
    public IncidentBuilder answered(Duration until, Function<Approval.Request, Approval> end) {
        approval = Optional.of(end.apply(new Approval.Request(
                id(), new Remedy.Automatic("roll-back"), diagnosedAt.orElse(openedAt), openedAt.plus(until))));
        return this;
    }

    public IncidentBuilder ask(Instant until, RollbackHelps helps, String outlook, String because) {
        decision = Optional.of(new Decision.Ask(
                new Remedy.Automatic("roll-back"), new RollbackOutlook(helps, outlook), until, because));
        return this;
    }

    public IncidentBuilder advise(RollbackHelps helps, String outlook, boolean wouldRollBack, String because) {
        decision = Optional.of(new Decision.Advise(
                remedies.stream().map(Remedy.Advice.class::cast).toList(),
                new RollbackOutlook(helps, outlook),
                wouldRollBack ? Optional.of(new Remedy.Automatic("roll-back")) : Optional.empty(),
                because));
        return this;
    }

    public IncidentBuilder standDown(String because) {
        decision = Optional.of(new Decision.StandDown(Decision.Reason.OVERTAKEN, because));
        return this;
    }

    public IncidentBuilder wait(Instant until, String because) {
        decision = Optional.of(new Decision.Wait(until, because));
        return this;
    }

    public IncidentBuilder now(Progress progress, Duration after, long revision) {
        this.progress = progress;
        this.changedAt = openedAt.plus(after);
        this.revision = revision;
        return this;
    }

    public Instant at(Duration after) {
        return openedAt.plus(after);
    }

    public String definition(int revision) {
        return "arn:aws:ecs:eu-west-1:%s:task-definition/%s:%d".formatted(ACCOUNT, service.name(), revision);
    }

    private UUID id() {
        return UUID.nameUUIDFromBytes(service.arn().getBytes(StandardCharsets.UTF_8));
    }

    public Incident build() {
        return new Incident(
                id(),
                service,
                new DeploymentId("ecs-svc/7381920561234567890"),
                progress,
                openedAt,
                changedAt,
                signs,
                diagnosis,
                diagnosedAt,
                decision,
                Optional.empty(),
                situation,
                approval,
                List.of(),
                revision);
    }
}
