package io.deployguard.report;

import static io.deployguard.fixture.CircumstancesBuilder.circumstances;
import static io.deployguard.fixture.DiagnosisBuilder.aDiagnosis;
import static io.deployguard.fixture.FixedTime.NOON;

import io.deployguard.action.Command;
import io.deployguard.action.CommandJournal;
import io.deployguard.classification.Diagnosis;
import io.deployguard.decision.DecisionPolicy;
import io.deployguard.decision.Mode;
import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.ServiceRef;
import io.deployguard.fixture.Shop;
import io.deployguard.incident.Incident;
import io.deployguard.incident.IncidentStore;
import io.deployguard.incident.Progress;
import io.deployguard.incident.Progress.Outcome;
import io.deployguard.incident.Situation;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Incidents of the past: each begins at noon plus so many seconds, and goes the same way unless told otherwise. */
final class History {

    private static int number;

    private History() {}

    static Instant at(long second) {
        return NOON.plusSeconds(second);
    }

    static ServiceRef service(String name) {
        return new ServiceRef("aws", "eu-central-1", "123456789012", "shop", name);
    }

    /** Diagnosed after 8 seconds. */
    static Incident incident(String service, DeploymentId deployment, Diagnosis diagnosis, Mode mode) {
        var incident = Incident.open(
                new UUID(9, ++number),
                service(service),
                deployment,
                new Progress.Investigating(NOON, 0),
                new Incident.Sign("restart-loop", NOON, "2 tasks stopped within 10 minutes"));
        return incident.withFindings(
                diagnosis,
                DecisionPolicy.decide(diagnosis, circumstances().mode(mode).build()),
                new Situation(
                        Shop.definitionOf(Shop.NEW),
                        Optional.of(Shop.definitionOf(Shop.OLD)),
                        List.of("image of web: 1.4.2 → 1.5.0"),
                        2,
                        0,
                        2,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        List.of("health of targets: denied"),
                        mode.toString(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()),
                new Progress.Advised(),
                at(8));
    }

    static Incident incident(String service, Mode mode) {
        return incident(service, Shop.NEW, aDiagnosis().build(), mode);
    }

    static Incident closed(Incident incident, Outcome outcome, long second) {
        return incident.withProgress(new Progress.Closed(outcome, at(second), "it is well"), at(second));
    }

    /** Without a command. */
    static Dossier untouched(Incident incident) {
        return new Dossier(
                incident,
                List.of(
                        new IncidentStore.Entry(NOON, 1, "opened: 2 tasks stopped within 10 minutes"),
                        new IncidentStore.Entry(at(8), 2, "diagnosis migration-conflict, 97 % sure")),
                List.of(),
                List.of());
    }

    /** With a command that was sent then and took effect. */
    static Dossier acted(Incident incident, long second) {
        var untouched = untouched(incident);
        return new Dossier(
                incident,
                untouched.history(),
                List.of(new CommandJournal.Entry(
                        new UUID(8, number),
                        incident.id(),
                        new Command.UpdateService(incident.service(), Shop.definitionOf(Shop.OLD)),
                        3,
                        at(second),
                        Optional.of("done"),
                        Optional.of("accepted"),
                        Optional.of(at(second + 1)))),
                List.of());
    }
}
