-- Hosts. The columns of the original p2p_hosts live on: status, cpu, memory, bandwidth, last_check.
create table p2p_hosts (
    host_id            uuid             primary key,
    account_id         bigint           not null,
    label              text             not null,
    name               text             not null,
    region             text             not null,
    public_key         bytea            not null unique,
    status             text             not null,
    status_reason      text,
    version            bigint           not null,
    drain              boolean          not null,
    tier               smallint         not null,
    cpu_ghz            double precision not null,
    cpu_cores          integer          not null,
    memory_gb          double precision not null,
    bandwidth_mbps     double precision not null,
    max_maps           integer          not null,
    os                 text,
    agent_version      text,
    cpu_percent        double precision,
    memory_percent     double precision,
    network_percent    double precision,
    latency_ms         double precision,
    packet_loss_percent double precision,
    enrolled_at        timestamptz      not null,
    session_started_at timestamptz,
    ready_since        timestamptz,
    last_check         timestamptz      not null
);
create index p2p_hosts_account on p2p_hosts (account_id);
create index p2p_hosts_in_session on p2p_hosts (host_id) where session_started_at is not null;

create table enrolment_codes (
    enrolment_id uuid        primary key,
    code_hash    bytea       not null unique,
    account_id   bigint      not null,
    label        text        not null,
    created_by   text        not null,
    created_at   timestamptz not null,
    expires_at   timestamptz not null,
    used_at      timestamptz,
    host_id      uuid
);
create index enrolment_codes_open on enrolment_codes (expires_at) where used_at is null;

create table api_keys (
    key_id       text        primary key,
    label        text        not null,
    role         text        not null,
    secret_hash  bytea       not null,
    created_by   text        not null,
    created_at   timestamptz not null,
    expires_at   timestamptz,
    last_used_at timestamptz,
    revoked_at   timestamptz
);

-- The newest key signs; the one before it stays valid. Private halves are sealed with the key-encryption key.
create table signing_keys (
    kid                text        primary key,
    public_key         bytea       not null,
    sealed_private_key bytea       not null,
    created_at         timestamptz not null
);

-- Ids of assertions that were exchanged, kept until the assertion itself has expired.
create table used_assertions (
    host_id    uuid        not null,
    jti        text        not null,
    expires_at timestamptz not null,
    primary key (host_id, jti)
);
create index used_assertions_expiry on used_assertions (expires_at);

create table certificate_authority (
    id                 smallint    primary key check (id = 1),
    certificate        bytea       not null,
    sealed_private_key bytea       not null,
    created_at         timestamptz not null
);

create table relays (
    relay_id    text        primary key,
    region      text        not null,
    host        text        not null,
    tunnel_port integer     not null,
    api_url     text        not null,
    last_seen   timestamptz not null
);

-- What map-assignment last said a machine needs; used while it does not answer.
create table known_requirements (
    id         smallint    primary key check (id = 1),
    document   text        not null,
    fetched_at timestamptz not null
);
