-- What each channel should show (wanted) and shows (shown), as revisions of the incident.
--   wanted_since     since when there is something to show; null when there is not
--   wanted_at        when the newest revision was wanted
--   next_attempt_at  when to try; null when there is nothing to show, or it was given up
--   leased_until     while somebody delivers it, by the database's clock
create table if not exists outbox (
    incident_id     uuid        not null,
    channel         text        not null,
    wanted          bigint      not null,
    shown           bigint      not null,
    wanted_since    timestamptz,
    wanted_at       timestamptz not null,
    next_attempt_at timestamptz,
    leased_until    timestamptz,
    reference       text,
    attempts        bigint      not null,
    last_failure    text,
    given_up_at     timestamptz,
    primary key (incident_id, channel)
);

create index if not exists outbox_next_attempt_at on outbox (next_attempt_at);

create index if not exists outbox_wanted_since on outbox (wanted_since);
