-- Many services that fail together.

-- place is account and region.
-- open_key is the place while the storm is not over and null afterwards: at most one at a time.
-- open_since is when it began while it is not over, so that finding the few costs the same among many.
create table if not exists storm (
    leader_id  uuid        primary key,
    place      text        not null,
    began_at   timestamptz not null,
    open_key   text        unique,
    open_since timestamptz,
    revision   bigint      not null,
    document   text        not null
);

create index if not exists storm_place on storm (place, began_at);

create index if not exists storm_open_since on storm (open_since);
