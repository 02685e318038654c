-- When each function last did its work, by the database's clock.
create table if not exists heartbeat (
    name    text        primary key,
    beat_at timestamptz not null
);
