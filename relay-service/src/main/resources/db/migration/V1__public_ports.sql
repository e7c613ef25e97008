-- A map keeps its public port through every owner and every restart.
create table public_ports (
    map  text    primary key,
    port integer not null unique
);
