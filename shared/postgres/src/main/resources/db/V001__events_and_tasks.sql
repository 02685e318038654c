-- What was taken in, what tasks looked like, how revisions fared.

-- One row per event, so that the same one ten times is the same as once.
create table if not exists inbox (
    event_key   text        primary key,
    happened_at timestamptz not null,
    taken_at    timestamptz not null default now()
);

create index if not exists inbox_taken_at on inbox (taken_at);

-- The newest view of a task that carries ECS's version, and the best of those without one; readers weigh the two.
create table if not exists task_log (
    task_arn      text        not null,
    versioned     boolean     not null,
    version       bigint      not null,
    service_arn   text        not null,
    deployment_id text,
    has_stop      boolean     not null,
    seen_at       timestamptz not null,
    document      text        not null,
    primary key (task_arn, versioned)
);

create index if not exists task_log_deployment on task_log (service_arn, deployment_id, seen_at);

create index if not exists task_log_seen_at on task_log (seen_at);

-- Each time is that of the newest such event.
create table if not exists revision_ledger (
    service_arn   text not null,
    deployment_id text not null,
    started_at    timestamptz,
    completed_at  timestamptz,
    condemned_at  timestamptz,
    primary key (service_arn, deployment_id)
);

create index if not exists revision_ledger_service on revision_ledger (service_arn, started_at);

create index if not exists revision_ledger_started_at on revision_ledger (started_at);
