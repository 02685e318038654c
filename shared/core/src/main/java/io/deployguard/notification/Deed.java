package io.deployguard.notification;

import io.deployguard.classification.Remedy;
import io.deployguard.decision.Decision;
import io.deployguard.incident.Incident;
import io.deployguard.incident.Progress;
import io.deployguard.incident.Situation;
import java.util.Locale;

/**
 * What the guard does about an incident, in the three forms a sentence needs.
 *
 * @param infinitive {@code roll back to web:41}
 * @param progressive {@code rolling back to web:41}
 * @param participle {@code rolled back to web:41}
 */
record Deed(String infinitive, String progressive, String participle) {

    private static final String ROLL_BACK = "roll-back";
    private static final int NAME = 80;

    static Deed of(Remedy.Automatic remedy, Incident incident) {
        if (!remedy.action().equals(ROLL_BACK)) {
            var action = "the action " + Cut.to(NAME, remedy.action());
            return new Deed("run " + action, "running " + action, "run " + action);
        }
        return rollBack(target(incident));
    }

    /** What was decided, is under way, or was done. */
    static Deed decided(Incident incident) {
        return incident.decision().orElse(null) instanceof Decision.Act act
                ? of(act.remedy(), incident)
                : rollBack(incident);
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
        return new Deed("roll back to " + target, "rolling back to " + target, "rolled back to " + target);
    }

    private static String target(Incident incident) {
        if (incident.progress() instanceof Progress.Verifying verifying) {
            return Cut.to(NAME, Words.shortName(verifying.targetTaskDefinitionArn()));
        }
        return incident.situation()
                .flatMap(Situation::healthyTaskDefinitionArn)
                .map(arn -> Cut.to(NAME, Words.shortName(arn)))
                .orElse("the last healthy revision");
    }
}
