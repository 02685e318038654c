-- What the guard remembers is asked by service and by time.
create index if not exists incident_service_opened_at on incident (service_arn, opened_at);

create index if not exists command_journal_begun_at on command_journal (begun_at);
