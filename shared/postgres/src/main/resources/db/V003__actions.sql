-- What the guard may do, is about to do, and has done.

-- The primary key is the promise: at most one automatic action per failing revision, ever. Rows are never deleted.
create table if not exists action_claim (
    service_arn   text        not null,
    deployment_id text        not null,
    incident_id   uuid        not null,
    claimed_at    timestamptz not null,
    primary key (service_arn, deployment_id)
);

create table if not exists command_journal (
    id          uuid        primary key,
    incident_id uuid        not null,
    command     text        not null,
    fence       bigint      not null,
    begun_at    timestamptz not null,
    outcome     text,
    detail      text,
    finished_at timestamptz
);

create index if not exists command_journal_incident on command_journal (incident_id, begun_at);

-- One row per service for ever, so that fence only grows. held_until is by the database's clock.
create table if not exists service_lease (
    service_arn text        primary key,
    holder      text        not null,
    fence       bigint      not null,
    held_until  timestamptz not null
);
