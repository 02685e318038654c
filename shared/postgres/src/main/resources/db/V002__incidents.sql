-- The incident is the document; the other columns are what queries look for.

-- open_key is service and deployment while the incident is open and null afterwards: at most one open incident per failing revision.
-- open_changed_at is changed_at while it is open and null afterwards, so that finding the few open ones costs the same among millions.
create table if not exists incident (
    id              uuid        primary key,
    service_arn     text        not null,
    deployment_id   text        not null,
    stage           text        not null,
    open_key        text        unique,
    open_changed_at timestamptz,
    revision        bigint      not null,
    opened_at       timestamptz not null,
    changed_at      timestamptz not null,
    document        text        not null
);

create index if not exists incident_open on incident (open_changed_at);

create index if not exists incident_service_open on incident (service_arn, open_changed_at);

create index if not exists incident_opened_at on incident (opened_at);

create index if not exists incident_changed_at on incident (changed_at);

-- One row per revision of an incident: the audit.
create table if not exists incident_event (
    incident_id uuid        not null,
    revision    bigint      not null,
    happened_at timestamptz not null,
    what        text        not null,
    primary key (incident_id, revision)
);
