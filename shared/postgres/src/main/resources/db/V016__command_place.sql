-- Account and region of the service, as in storm: how much the guard does by itself is limited for each. Null in rows of the version before, which count
-- everywhere.
alter table command_journal add column if not exists place text;
