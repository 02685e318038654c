-- Many services that fail together.

-- open_key is account and region while the storm is not over and null afterwards: at most one in a place.
-- open_since is when it began while it is not over, so that finding the few costs the same among many.
create table if not exists storm (
    leader_id  uuid        primary key,
    open_key   text        unique,
    open_since timestamptz,
    revision   bigint      not null,
    last_at    timestamptz not null,
    document   text        not null
);

create index if not exists storm_open_since on storm (open_since);

create index if not exists storm_last_at on storm (last_at);
