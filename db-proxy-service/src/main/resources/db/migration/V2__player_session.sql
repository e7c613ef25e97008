-- Players in play, for the next start of this service. A row is replaced with every save of its player.
create table player_session (
    account_id     integer not null primary key,
    character_id   integer not null,
    number         bigint  not null,
    state          text    not null,
    server         text    not null,
    map            text    not null,
    x              integer not null,
    y              integer not null,
    login_id1      integer not null,
    login_id2      integer not null,
    sex            integer not null,
    expiration     integer not null,
    group_id       integer not null,
    client_ip      integer not null,
    name           text    not null,
    party_id       integer not null,
    guild_id       integer not null,
    relay          text,
    relay_knows    bigint  not null,
    -- Numbers of pets and the like that are his: PET:7 MERCENARY:3
    companions     text    not null,
    leaving_change bytea,
    leaving_server text,
    leaving_map    text,
    -- mmo_charstatus, deflated: nearly all zeros.
    record         bytea   not null,
    check ((leaving_server is null) = (leaving_map is null)),
    check (leaving_change is not null or leaving_server is null)
) with (fillfactor = 50);

-- One row: who may write player_session. Every commit carries the term of the instance that took the sessions over, and a
-- higher number than the one before: an instance that was replaced, and a commit that was given up, change nothing.
create table session_keeper (
    id     smallint not null primary key check (id = 1),
    -- What map-servers see instead of session ids is derived from it.
    secret bytea    not null check (length(secret) = 32),
    term   bigint   not null,
    batch  bigint   not null
);
