-- Rare items that hosts' maps gave to players: marked as bound in the game's database until they are confirmed.
create table found_item (
    id           uuid        not null primary key,
    account_id   integer     not null,
    character_id integer     not null,
    -- Its number in the item database.
    item_id      integer     not null,
    amount       integer     not null check (amount > 0),
    host_id      text        not null,
    map          text        not null,
    epoch        bigint      not null,
    found_at     timestamptz not null,
    state        text        not null default 'WAITING' check (state in ('WAITING', 'CONFIRMED', 'REFUSED')),
    decided_at   timestamptz,
    decided_by   text,
    reason       text,
    check ((state = 'WAITING') = (decided_at is null) and (decided_at is null) = (decided_by is null))
);

create index found_item_unconfirmed on found_item (found_at) where state <> 'CONFIRMED';
create index found_item_of_account on found_item (account_id, found_at);

-- 1 4001:2:1;2 -- store, items with their pieces and how many of these are marked. Null: nobody counts them.
alter table player_session add column rare text;
