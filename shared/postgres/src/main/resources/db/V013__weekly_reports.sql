-- Weekly reports. The id is made of the calendar week: the primary key is the promise that a week is told once.
create table if not exists weekly_report (
    id       uuid        primary key,
    until_at timestamptz not null,
    document text        not null
);
