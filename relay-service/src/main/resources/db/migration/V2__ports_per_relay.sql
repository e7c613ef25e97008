-- Several relays share this schema; each has its own machine and so its own range of ports.
alter table public_ports add column relay_id text not null default 'relay-1';
alter table public_ports alter column relay_id drop default;
alter table public_ports drop constraint public_ports_pkey;
alter table public_ports drop constraint public_ports_port_key;
alter table public_ports add primary key (relay_id, map);
alter table public_ports add unique (relay_id, port);
