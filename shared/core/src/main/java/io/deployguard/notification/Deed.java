package io.deployguard.notification;

import io.deployguard.classification.Remedy;
import io.deployguard.decision.Decision;
import io.deployguard.incident.Incident;
import io.deployguard.incident.Progress;
import io.deployguard.incident.Situation;
import java.util.Locale;

/**
 * What the guard does about an incident, in the forms that sentences need.
 *
 * @param infinitive {@code roll back to web:41}
 * @param progressive {@code rolling back to web:41}
 * @param participle {@code rolled back to web:41}
 * @param afterwards what is left to do once it has healed
 */
record Deed(String infinitive, String progressive, String participle, String afterwards) {

    private static final String ROLL_BACK = "roll-back";
    private static final String RUN_MIGRATION = "run-migration-then-redeploy";
    private static final String RE_REGISTER = "re-register-then-roll-back";
    private static final String FORWARD = "forward-listener";
    private static final String SCALE_DOWN = "scale-down";
    private static final String MEND = "The cause is still in the failing revision: mend it before deploying again.";
    private static final int NAME = 80;

    static Deed of(Remedy.Automatic remedy, Incident incident) {
        if (remedy.action().equals(RUN_MIGRATION)) {
            var failing = incident.situation()
                    .map(Situation::failingTaskDefinitionArn)
                    .map(arn -> Cut.to(NAME, Words.shortName(arn)))
                    .orElse("the revision");
            return new Deed(
                    "run the service's migration task and then deploy %s once more".formatted(failing),
                    "deploying %s once more, its migration task having ended well".formatted(failing),
                    "put the migration task before %s, which it deployed once more".formatted(failing),
                    "Let the pipeline run the migrations before the next deployment.");
        }
        if (remedy.action().equals(RE_REGISTER)) {
            var copy = "back to a copy of " + healthy(incident);
            return new Deed("roll %s, which is INACTIVE".formatted(copy), "rolling " + copy, "rolled " + copy, MEND);
        }
        if (remedy.action().equals(FORWARD)) {
            return new Deed(
                    "let the listener forward to the service's target group",
                    "letting the listener forward to the service's target group",
                    "let the listener forward to the service's target group",
                    "Put the same into the template that owns the listener, or its next run takes it back.");
        }
        if (remedy.action().equals(SCALE_DOWN)) {
            return new Deed(
                    "scale the service to zero, so that nothing is started any more",
                    "scaling the service to zero, so that nothing is started any more",
                    "scaled the service to zero, so that nothing is started any more",
                    MEND);
        }
        if (!remedy.action().equals(ROLL_BACK)) {
            var action = "the action " + Cut.to(NAME, remedy.action());
            return new Deed("run " + action, "running " + action, "run " + action, MEND);
        }
        return rollBack(target(incident));
    }

    /** What was decided, is under way, or was done; what a person was asked for. */
    static Deed decided(Incident incident) {
        return incident.decision()
                .filter(Decision.Act.class::isInstance)
                .map(decision -> ((Decision.Act) decision).remedy())
                .or(() -> incident.approval().map(asked -> asked.request().remedy()))
                .map(remedy -> of(remedy, incident))
                .orElseGet(() -> rollBack(incident));
    }

    /** The rollback, whoever does it. */
    static Deed rollBack(Incident incident) {
        return rollBack(target(incident));
    }

    /** {@code Roll back to web:41}. */
    String imperative() {
        return infinitive.substring(0, 1).toUpperCase(Locale.ROOT) + infinitive.substring(1);
    }

    private static Deed rollBack(String target) {
        return new Deed("roll back to " + target, "rolling back to " + target, "rolled back to " + target, MEND);
    }

    private static String target(Incident incident) {
        if (incident.progress() instanceof Progress.Verifying verifying) {
            return Cut.to(NAME, Words.shortName(verifying.targetTaskDefinitionArn()));
        }
        return healthy(incident);
    }

    private static String healthy(Incident incident) {
        return incident.situation()
                .flatMap(Situation::healthyTaskDefinitionArn)
                .map(arn -> Cut.to(NAME, Words.shortName(arn)))
                .orElse("the last healthy revision");
    }
}
