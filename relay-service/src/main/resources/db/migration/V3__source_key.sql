-- Players connect to one address, whatever map they go to.
drop table public_ports;

-- What the players' own addresses towards map-servers are made with: the same at every relay and after every restart.
create table source_key (
    id  integer primary key check (id = 1),
    key bytea   not null check (length(key) = 32)
);
