package io.deployguard.postgres;

import io.deployguard.ecs.ServiceRef;
import io.deployguard.incident.ServiceLease;
import java.time.Duration;
import java.util.Optional;

/** Table {@code service_lease}. Its rows stay when a lease is given back, so that the fencing number only grows. */
final class PostgresServiceLease implements ServiceLease {

    private final Sql sql;

    PostgresServiceLease(Sql sql) {
        this.sql = sql;
    }

    @Override
    public Optional<Long> acquire(ServiceRef service, String holder, Duration duration) {
        return sql.find("""
                insert into service_lease (service_arn, holder, fence, held_until)
                values (?, ?, 1, now() + ? * interval '1 millisecond')
                on conflict (service_arn) do update
                set holder = excluded.holder,
                    fence = service_lease.fence + 1,
                    held_until = excluded.held_until
                where service_lease.held_until <= now()
                   or service_lease.holder = excluded.holder
                returning fence
                """, row -> row.number("fence"), service.arn(), holder, duration.toMillis());
    }

    @Override
    public boolean holds(ServiceRef service, long fence) {
        return sql.find("""
                select fence
                from service_lease
                where service_arn = ? and fence = ? and held_until > now()
                """, row -> row.number("fence"), service.arn(), fence).isPresent();
    }

    @Override
    public void release(ServiceRef service, long fence) {
        sql.update("""
                update service_lease
                set held_until = now()
                where service_arn = ? and fence = ? and held_until > now()
                """, service.arn(), fence);
    }
}
