-- What hosts run maps from. A version is begun, then its pieces come, then it is released: sequence is null until then.
create table bundles (
    version         text        primary key,
    manifest        bytea       not null,
    manifest_sha256 text        not null,
    packet_version  integer     not null,
    maps            integer     not null,
    files           integer     not null,
    total_bytes     bigint      not null,
    begun_by        text        not null,
    begun_at        timestamptz not null,
    sequence        bigint      unique,
    released_by     text,
    issued_at       timestamptz,
    signed_release  bytea
);

-- Named by their SHA-256, so that versions share what did not change. They are compressed badly: stored as they come.
create table bundle_chunks (
    sha256    bytea       primary key,
    content   bytea       not null check (octet_length(content) between 1 and 1048576),
    stored_at timestamptz not null
);
alter table bundle_chunks alter column content set storage external;

create table bundle_chunk_uses (
    version text    not null references bundles on delete cascade,
    sha256  bytea   not null,
    bytes   integer not null,
    primary key (version, sha256)
);
create index bundle_chunk_uses_chunk on bundle_chunk_uses (sha256);

create table bundle_key (
    id                 smallint    primary key check (id = 1),
    public_key         bytea       not null,
    sealed_private_key bytea       not null,
    created_at         timestamptz not null
);
