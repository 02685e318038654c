package io.deployguard.classification;

import io.deployguard.evidence.Evidence;
import io.deployguard.evidence.EvidenceBundle;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** What ran besides the service's tasks, and what still serves. */
final class RunFacts implements Facts.Derivation {

    private static final List<String> MIGRATION = List.of(
            "migrat",
            "flyway",
            "liquibase",
            "alembic",
            "db:schema",
            "db:prepare",
            "ef database",
            "ecto.setup",
            "prisma db",
            "goose",
            "db push");

    @Override
    public Set<String> names() {
        return Set.of("no-migration-task-ran", "migration-task-failed", "old-tasks-healthy", "nothing-serves");
    }

    @Override
    public Stream<Fact> from(EvidenceBundle bundle) {
        return Stream.concat(migrations(bundle), serving(bundle));
    }

    /** Silence proves nothing where nobody looked: only a live look at the service lists runs or what serves. */
    private static Stream<Fact> migrations(EvidenceBundle bundle) {
        List<Evidence.TaskRun> runs = bundle.only(Evidence.TaskRun.class);
        List<Evidence.TaskRun> migrations =
                runs.stream().filter(RunFacts::isMigration).toList();
        boolean looked = !runs.isEmpty() || bundle.first(Evidence.Serving.class).isPresent();
        if (migrations.isEmpty() && looked) {
            return Stream.of(new Fact(
                    "no-migration-task-ran",
                    "none of " + runs.size() + " tasks run by hand or by a pipeline was a migration"));
        }
        return migrations.stream()
                .filter(run -> run.exitCode().filter(code -> code != 0).isPresent())
                .limit(1)
                .map(run -> new Fact(
                        "migration-task-failed",
                        String.join(" ", run.command()) + " ended with "
                                + run.exitCode().orElse(-1)));
    }

    private static boolean isMigration(Evidence.TaskRun run) {
        String command = String.join(" ", run.command()).toLowerCase(Locale.ROOT);
        return MIGRATION.stream().anyMatch(command::contains);
    }

    private static Stream<Fact> serving(EvidenceBundle bundle) {
        return bundle.first(Evidence.Serving.class).stream().flatMap(serving -> {
            if (serving.healthyOld() > 0) {
                return Stream.of(new Fact(
                        "old-tasks-healthy", serving.healthyOld() + " tasks of earlier revisions are healthy now"));
            }
            boolean nothing = serving.healthyNew() == 0 && serving.desired() > 0;
            // A task that stopped says more than the silence it leaves, even if nobody can read its reason.
            return nothing && bundle.first(Evidence.TaskStop.class).isEmpty()
                    ? Stream.of(new Fact(
                            "nothing-serves",
                            "0 of " + serving.desired() + " desired tasks are healthy, and none has stopped"))
                    : Stream.empty();
        });
    }
}
