package io.deployguard.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** No statement of a store reads a whole table, so that an event costs the same among a thousand rows and among millions. */
class QueryPlansIT {

    private static final Pattern PARAMETER = Pattern.compile("\\?");

    @Test
    void useAnIndexForEverything() throws SQLException {
        try (var fresh = TestDatabase.fresh();
                var connection =
                        fresh.settings(Map.of("preferQueryMode", "simple")).open()) {
            fill(fresh);
            var plans = new TreeMap<String, String>();
            for (var sql : statements(fresh)) {
                plans.put(sql, explain(connection, sql));
            }

            assertThat(plans).hasSizeGreaterThan(25);
            assertThat(plans).allSatisfy((sql, plan) -> assertThat(plan).as(sql).doesNotContain("Seq Scan"));
        }
    }

    /** What the stores say when each of their methods is called. */
    private static Set<String> statements(TestDatabase fresh) {
        var said = new LinkedHashSet<String>();
        try (var database = new PostgresDatabase(new Listener(fresh.source(), said))) {
            for (var step : InjectedConflictsIT.STEPS) {
                database.<Object>transact(step.name(), step.work());
            }
            new Heartbeat(database).beat("watch");
            assertThat(new Heartbeat(database).last("watch")).isPresent();
        }
        return said;
    }

    private static String explain(Connection connection, String sql) throws SQLException {
        var number = new int[1];
        // Without a number the planner takes a limit for a tenth of the table.
        var generic = PARAMETER.matcher(sql.replace("limit ?", "limit 20")).replaceAll(_ -> "\\$" + ++number[0]);
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("explain (generic_plan) " + generic)) {
            var plan = new StringBuilder();
            while (rows.next()) {
                plan.append(rows.getString(1)).append('\n');
            }
            return plan.toString();
        }
    }

    /** A guard that has worked for long: nearly everything is over. */
    private static void fill(TestDatabase database) {
        database.execute("""
                insert into inbox (event_key, happened_at)
                select 'event ' || n, now() from generate_series(1, 20000) n
                """);
        database.execute("""
                insert into task_log (task_arn, versioned, version, service_arn, deployment_id, has_stop, seen_at, document)
                select 'task ' || n, true, 1, 'service ' || n % 100, 'ecs-svc/' || n % 1000, true, now(), '{}'
                from generate_series(1, 20000) n
                """);
        database.execute("""
                insert into revision_ledger (service_arn, deployment_id, started_at, completed_at)
                select 'arn:aws:ecs:eu-central-1:123456789012:service/shop/web-' || n % 100,
                       'ecs-svc/' || n, now() - n * interval '1 hour', now()
                from generate_series(1, 20000) n
                """);
        database.execute("""
                insert into incident (id, service_arn, deployment_id, stage, revision, opened_at, changed_at, document)
                select gen_random_uuid(), 'arn:aws:ecs:eu-central-1:123456789012:service/orders/service-' || n % 100, 'ecs-svc/' || n, 'Closed', 1, now() - n * interval '1 minute', now(), '{}'
                from generate_series(1, 20000) n
                """);
        database.execute("""
                insert into incident_event (incident_id, revision, happened_at, what)
                select id, 1, changed_at, 'opened' from incident
                """);
        database.execute("""
                insert into outbox (incident_id, channel, wanted, shown, wanted_at, attempts)
                select id, 'slack:C1', 1, 1, now(), 0 from incident
                """);
        database.execute("""
                insert into command_journal (id, incident_id, command, fence, begun_at)
                select gen_random_uuid(), id, '{}', 1, now() from incident
                """);
        database.execute("""
                insert into action_claim (service_arn, deployment_id, incident_id, claimed_at)
                select service_arn, deployment_id, id, now() from incident
                """);
        database.execute("""
                insert into service_lease (service_arn, holder, fence, held_until)
                select 'service ' || n, 'act', 1, now() from generate_series(1, 20000) n
                """);
        database.execute("""
                insert into heartbeat (name, beat_at)
                select 'function ' || n, now() from generate_series(1, 20000) n
                """);
        database.execute("""
                insert into approval (incident_id, state, asked_at, until_at, document)
                select id, 'Expired', now(), now(), '{}' from incident
                """);
        database.execute("""
                insert into storm (leader_id, place, began_at, revision, document)
                select id, 'place ' || id, opened_at, 1, '{}' from incident
                """);
        database.execute("""
                insert into weekly_report (id, until_at, document)
                select gen_random_uuid(), now() - n * interval '1 week', '{}' from generate_series(1, 20000) n
                """);
        database.execute("analyze");
    }

    /** Notes every statement that is prepared. */
    private record Listener(ConnectionSource real, Set<String> said) implements ConnectionSource {

        @Override
        public Connection open() throws SQLException {
            var connection = real.open();
            return (Connection) Proxy.newProxyInstance(
                    Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (_, method, arguments) -> {
                        if (method.getName().equals("prepareStatement")) {
                            said.add((String) arguments[0]);
                        }
                        return method.invoke(connection, arguments);
                    });
        }

        @Override
        public String describe() {
            return real.describe();
        }

        @Override
        public Dialect dialect() {
            return real.dialect();
        }
    }
}
