-- Requests for a person's consent: at most one per incident. A request that is open, or granted and not acted upon, may still end otherwise; the
-- conditional update of state decides who was first.
create table if not exists approval (
    incident_id uuid        primary key,
    state       text        not null,
    asked_at    timestamptz not null,
    until_at    timestamptz not null,
    document    text        not null
);
