-- The owner of each map in effect. A row is never deleted: its epoch must not start again.
create table map_owner (
    map           text        primary key,
    epoch         bigint      not null check (epoch > 0),
    owner_kind    text        check (owner_kind in ('HOST', 'VPS')),
    owner_id      text,
    owner_address text,
    changed_at    timestamptz not null,
    check ((owner_kind is null) = (owner_id is null))
);
create index map_owner_owner on map_owner (owner_kind, owner_id);
