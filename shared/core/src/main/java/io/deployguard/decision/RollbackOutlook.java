package io.deployguard.decision;

import io.deployguard.classification.Diagnosis;
import io.deployguard.classification.RollbackHelps;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * Whether going back to the last healthy revision would restore the service, in one sentence of reason: the cause's usual answer, overruled by what
 * is the case right now. A table of its own, read from top to bottom.
 */
public record RollbackOutlook(RollbackHelps helps, String because) {

    static final List<Row> TABLE = List.of(
            new Row(
                    "outlook-unknown",
                    "the cause is not known or only guessed, and `outlook-as-breaker` does not apply",
                    RollbackHelps.DEPENDS,
                    (diagnosis, now) -> diagnosis.isOpen() && !isAsBreaker(diagnosis, now)
                            ? Optional.of("the cause is not known%s, so nobody can say whether going back helps"
                                    .formatted(diagnosis instanceof Diagnosis.Unknown ? "" : " but only guessed"))
                            : Optional.empty()),
            new Row(
                    "outlook-outside",
                    "the cause lies outside of the revision (its page says No)",
                    RollbackHelps.DOES_NOT_HELP,
                    (diagnosis, _) -> usually(diagnosis, RollbackHelps.DOES_NOT_HELP)
                            .map(
                                    _ ->
                                            "the cause lies outside the image and the task definition, and the earlier revision meets it as well")),
            new Row(
                    "outlook-earlier-tasks",
                    "tasks of the earlier revisions run, and none of them is healthy now",
                    RollbackHelps.DOES_NOT_HELP,
                    (_, now) -> now.oldIsBrokenToo()
                            ? Optional.of("the tasks of the earlier revision are not healthy either")
                            : Optional.empty()),
            new Row(
                    "outlook-no-target",
                    "no earlier revision is proven: completed, and not found failing since",
                    RollbackHelps.DOES_NOT_HELP,
                    (_, now) -> now.targetTaskDefinition().isEmpty()
                            ? Optional.of("no earlier revision is known to have been healthy")
                            : Optional.empty()),
            new Row(
                    "outlook-schema",
                    "the failing revision has moved the database's schema forward, and the service has no tag `"
                            + SchemaMovement.TAG + "=backward-compatible`",
                    RollbackHelps.DEPENDS,
                    (_, now) -> now.schemaMoved()
                            .map(how ->
                                    "%s, so %s meets a newer schema than the one it was healthy with; tag %s=backward-compatible says that it can"
                                            .formatted(how, now.target().orElseThrow(), SchemaMovement.TAG))),
            new Row(
                    "outlook-as-breaker",
                    "the cause is not known for sure and nothing that was considered says No; no task of the deployment was ever healthy, and as"
                            + " many have failed as ECS's circuit breaker waits for (half the desired count, 3 to 200) – or half as many,"
                            + " 2 to 5, where no task has outlived those that failed and none of the service's last five completed"
                            + " deployments began with a failed task; most of the earlier revisions' running tasks are healthy now; no"
                            + " other service began to fail in the same minutes, and a failed task's log is there or no longer will come",
                    RollbackHelps.HELPS,
                    (diagnosis, now) -> isAsBreaker(diagnosis, now)
                            ? Optional.of("the cause is not known for sure; "
                                    + now.breaker().orElseThrow()
                                    + ", and %d of %d earlier tasks are healthy"
                                            .formatted(now.oldHealthy(), now.oldRunning()))
                            : Optional.empty()),
            new Row(
                    "outlook-depends",
                    "it depends, by the cause (its page says so)",
                    RollbackHelps.DEPENDS,
                    (diagnosis, now) -> usually(diagnosis, RollbackHelps.DEPENDS)
                            .map(_ -> "it helps only if " + now.target().orElseThrow()
                                    + " can do without what is missing or broken now")),
            new Row(
                    "outlook-helps",
                    "otherwise: the defect came with this revision",
                    RollbackHelps.HELPS,
                    (_, now) -> Optional.of("the defect came with this revision, and "
                            + now.target().orElseThrow() + " was healthy before it")));

    /** The outlook for this diagnosis right now. */
    public static RollbackOutlook of(Diagnosis diagnosis, Circumstances now) {
        return judge(diagnosis, now).outlook();
    }

    /** The same with the row that answered. */
    static Judged judge(Diagnosis diagnosis, Circumstances now) {
        return TABLE.stream()
                .flatMap(row -> row.rule.apply(diagnosis, now).stream()
                        .map(because -> new Judged(row.id, new RollbackOutlook(row.helps, because))))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the last row of the outlook always applies"));
    }

    /** Nobody can name the cause, and yet ECS's circuit breaker would go back, to tasks that are well. */
    static boolean isAsBreaker(Diagnosis diagnosis, Circumstances now) {
        return now.breaker().isPresent() && now.oldIsWell() && BreakerRule.isOpenTo(diagnosis);
    }

    /** An outlook and the id of the row that gave it. */
    record Judged(String rule, RollbackOutlook outlook) {}

    private static Optional<Diagnosis.Identified> usually(Diagnosis diagnosis, RollbackHelps answer) {
        return diagnosis instanceof Diagnosis.Identified found && !found.isOpen() && found.rollback() == answer
                ? Optional.of(found)
                : Optional.empty();
    }

    /**
     * One row.
     *
     * @param when it applies, for people
     */
    record Row(
            String id, String when, RollbackHelps helps, BiFunction<Diagnosis, Circumstances, Optional<String>> rule) {}
}
