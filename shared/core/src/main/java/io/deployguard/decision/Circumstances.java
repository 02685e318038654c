package io.deployguard.decision;

import io.deployguard.ecs.ServiceDescription;
import java.time.Instant;
import java.util.Optional;

/**
 * The live facts a decision reads beside the diagnosis.
 *
 * @param mode that counts for the service and the cause, and what chose it
 * @param supersededBy what took the failing revision's place, in words; absent while it is the current one
 * @param rollbackUnderWay who or what is rolling back already, in words
 * @param controller who brings revisions into service
 * @param targetTaskDefinition what a rollback would return to; absent when nothing is known to have been healthy
 * @param obstacle why going back could not be carried out right now, in words
 * @param wayBack how going back would be carried out where ECS refuses the plain way and the settings allow another
 * @param otherRemedy what the cause names beside a rollback, where it is wanted
 * @param schemaMoved how the failing revision changed the database's schema, in words; absent when nothing shows that it did
 * @param oldRunning tasks of earlier revisions that run now
 * @param oldHealthy those of them that are healthy
 * @param breaker why ECS's own circuit breaker would have gone back by now, in words; absent where it would not
 * @param brake why the guard may not act by itself right now, whatever the service, in words
 * @param askUntil until when a person may agree, should one be asked
 */
public record Circumstances(
        ModeSettings.Choice mode,
        Optional<String> supersededBy,
        Optional<String> rollbackUnderWay,
        ServiceDescription.Controller controller,
        Optional<String> targetTaskDefinition,
        Optional<String> obstacle,
        Optional<OtherRemedy> wayBack,
        Optional<OtherRemedy> otherRemedy,
        Optional<String> schemaMoved,
        int oldRunning,
        int oldHealthy,
        Optional<String> breaker,
        Optional<String> brake,
        Instant askUntil) {

    /** The target's family and revision, as people write it. */
    public Optional<String> target() {
        return targetTaskDefinition.map(arn -> arn.substring(arn.lastIndexOf('/') + 1));
    }

    /** Most of the earlier revisions' tasks are healthy; in a large service one or the other is always being replaced. */
    public boolean oldIsWell() {
        return oldHealthy * 2 > oldRunning;
    }

    /** The tasks of the earlier revisions run, and none of them is healthy. */
    public boolean oldIsBrokenToo() {
        return oldRunning > 0 && oldHealthy == 0;
    }
}
