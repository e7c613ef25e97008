-- What map-servers saved of characters and the char-server may not have yet: written before anything that depends on it leaves
-- this service, deleted once the char-server has read it. Under the same term as player_session.
create table save_journal (
    sequence     bigint      not null primary key,
    account_id   integer     not null,
    character_id integer     not null,
    -- Deflated packets.
    body         bytea       not null,
    written_at   timestamptz not null default now()
);

create index save_journal_of_character on save_journal (character_id, sequence);

alter table player_session add column connection_gone boolean not null default false;
