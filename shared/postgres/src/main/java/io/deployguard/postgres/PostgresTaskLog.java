package io.deployguard.postgres;

import static java.util.Comparator.comparing;
import static java.util.Comparator.reverseOrder;

import io.deployguard.ecs.DeploymentId;
import io.deployguard.ecs.ServiceRef;
import io.deployguard.ecs.Stop;
import io.deployguard.ecs.Task;
import io.deployguard.ecs.TaskLog;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * Table {@code task_log}.
 *
 * <p>ECS numbers its views of a task, and the highest number is the newest. A view without a number (0) cannot be placed among them; comparing
 * it one by one would let the order of arrival decide. So the best view of either sort is kept in its own row, and the reader prefers the one
 * with a stop, then the later one, then the numbered one.
 */
final class PostgresTaskLog implements TaskLog {

    /** Views read for one deployment, the newest; a restart loop of days makes no more. */
    private static final int MAX_VIEWS = 1_000;

    private static final Comparator<View> RUNNING_THEN_NEWEST_STOP = comparing(
                    (View view) -> view.task().isStopping())
            .thenComparing(View::endedOrBegan, reverseOrder())
            .thenComparing(view -> view.task().arn());

    private static final Comparator<View> PREFERENCE = comparing(
                    (View view) -> view.task().stop().isPresent())
            .thenComparing(View::seenAt)
            .thenComparing(View::versioned);

    private final Sql sql;

    PostgresTaskLog(Sql sql) {
        this.sql = sql;
    }

    @Override
    public void record(ServiceRef service, Task task, Instant seenAt) {
        sql.update(
                """
                insert into task_log (task_arn, versioned, version, service_arn, deployment_id, has_stop, seen_at, document)
                values (?, ?, ?, ?, ?, ?, ?, ?)
                on conflict (task_arn, versioned) do update
                set version = excluded.version,
                    service_arn = excluded.service_arn,
                    deployment_id = excluded.deployment_id,
                    has_stop = excluded.has_stop,
                    seen_at = excluded.seen_at,
                    document = excluded.document
                where task_log.version < excluded.version
                   or (not excluded.versioned
                       and (task_log.has_stop, task_log.seen_at, task_log.document)
                           < (excluded.has_stop, excluded.seen_at, excluded.document))
                """,
                task.arn(),
                task.version() > 0,
                task.version(),
                service.arn(),
                task.deployment().map(DeploymentId::value),
                task.stop().isPresent(),
                seenAt,
                Documents.write(task, Task.class));
    }

    @Override
    public List<Task> tasksOf(ServiceRef service, DeploymentId deployment, Instant since) {
        var best = new LinkedHashMap<String, View>();
        for (var view : viewsOf(service, deployment, since)) {
            best.merge(view.task().arn(), view, PostgresTaskLog::better);
        }
        return best.values().stream()
                .sorted(RUNNING_THEN_NEWEST_STOP)
                .map(View::task)
                .toList();
    }

    /** Both views of a task, when either was seen since then. */
    private List<View> viewsOf(ServiceRef service, DeploymentId deployment, Instant since) {
        return sql.list("""
                select document, versioned, seen_at
                from task_log
                where task_arn in (
                    select task_arn
                    from task_log
                    where service_arn = ? and deployment_id = ? and seen_at >= ?
                    order by seen_at desc
                    limit ?)
                """, PostgresTaskLog::view, service.arn(), deployment.value(), since, MAX_VIEWS);
    }

    private static View view(Row row) throws SQLException {
        return new View(
                Documents.read(row.text("document"), Task.class), row.flag("versioned"), row.instant("seen_at"));
    }

    private static View better(View one, View other) {
        return PREFERENCE.compare(one, other) >= 0 ? one : other;
    }

    private record View(Task task, boolean versioned, Instant seenAt) {

        Instant endedOrBegan() {
            return task.isStopping()
                    ? task.stop().flatMap(Stop::at).or(task::stoppedAt).orElse(seenAt)
                    : task.createdAt().orElse(seenAt);
        }
    }
}
