-- To notice that the database is older than it was, or a copy. written_in is the transaction that wrote the row last: of a row
-- that came out of a dump xmin is another; whoever updates the row sets it. batch_before and written_before are of the batch before the last one.
alter table session_keeper
    add column written_in     xid8,
    add column written_at     timestamptz not null default now(),
    add column batch_before   bigint      not null default 0,
    add column written_before timestamptz not null default now();

-- What was in the journal of a database that was restored: saves that have been overtaken since, as far as anybody knows.
create table save_journal_aside (
    sequence     bigint      not null,
    account_id   integer     not null,
    character_id integer     not null,
    body         bytea       not null,
    written_at   timestamptz not null,
    set_aside_at timestamptz not null default now()
);
