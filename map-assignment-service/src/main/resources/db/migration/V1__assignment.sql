-- Every version of the operator's files; the highest version of a file is in force.
create table config_versions (
    revision   bigint generated always as identity primary key,
    file       varchar(64)  not null,
    version    integer      not null,
    text       text         not null,
    author     varchar(128) not null,
    created_at timestamptz  not null,
    unique (file, version)
);

-- VPS map-servers. A removed one keeps its row, so that its events keep growing in version.
create table vps (
    vps_id     varchar(64)  primary key,
    host       varchar(253) not null,
    port       integer      not null,
    role       varchar(16)  not null,
    registered boolean      not null,
    version    bigint       not null,
    updated_at timestamptz  not null
);

-- Who serves a map (the seeds' p2p_maps): what db-proxy last answered, and what is being asked of it.
create table p2p_maps (
    map               varchar(24)  primary key,
    epoch             bigint       not null default 0,
    owner_kind        varchar(8),
    owner_id          varchar(64),
    owner_address     varchar(260),
    owner_since       timestamptz,
    routes            text         not null default '[]',
    ready_epoch       bigint       not null default 0,
    failed_epoch      bigint       not null default 0,
    ready_deadline    timestamptz,
    intent_attempt    uuid,
    intent_kind       varchar(8),
    intent_id         varchar(64),
    intent_address    varchar(260),
    intent_from_epoch bigint,
    intent_cause      varchar(64),
    intent_at         timestamptz,
    last_entered_at   timestamptz,
    held_until        timestamptz,
    last_update       timestamptz  not null
);
create index p2p_maps_owner on p2p_maps (owner_id);
create index p2p_maps_intent on p2p_maps (intent_id) where intent_attempt is not null;

-- Answers to entries, so that the same request gets the same answer.
create table map_entries (
    request_id uuid         primary key,
    map        varchar(24)  not null,
    account_id bigint       not null,
    answer     text         not null,
    created_at timestamptz  not null
);
create index map_entries_created on map_entries (created_at);

-- One open failover per host; duplicates join it.
create table failovers (
    failover_id uuid         primary key,
    host_id     varchar(36)  not null,
    cause       varchar(32)  not null,
    reporter    varchar(64)  not null,
    observed_at timestamptz  not null,
    started_at  timestamptz  not null,
    finished_at timestamptz
);
create unique index failovers_open on failovers (host_id) where finished_at is null;
create index failovers_started on failovers (started_at);

create table failover_steps (
    failover_id uuid         not null references failovers on delete cascade,
    map         varchar(24)  not null,
    from_epoch  bigint       not null,
    epoch       bigint,
    owner_kind  varchar(8),
    owner_id    varchar(64),
    owner_address varchar(260),
    attempts    integer      not null default 0,
    done_at     timestamptz,
    primary key (failover_id, map)
);

-- What was last published about a map.
create table map_catalogue (
    map     varchar(24) primary key,
    entry   text        not null,
    version bigint      not null
);

-- Whether the operator called everything home; one row.
create table control_state (
    id         smallint    primary key check (id = 1),
    held       boolean     not null,
    changed_by varchar(128) not null,
    changed_at timestamptz not null
);
insert into control_state (id, held, changed_by, changed_at) values (1, false, 'migration', now());
