-- How often a row was claimed: the number tells the one who delivers now from one who was too slow. Null before the first claim.
alter table outbox add column if not exists claim bigint;
