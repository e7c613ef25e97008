-- For each map on a host, the host that is to take it over. Planned anew all the time: losing it costs a moment.
create table map_standbys (
    map     varchar(24) primary key,
    epoch   bigint      not null,
    host_id varchar(36) not null,
    since   timestamptz not null
);

-- What was decided when a host was said to be lost, and until when the maps without a proven standby wait.
alter table failovers add column decision varchar(16);
alter table failovers add column not_before timestamptz;
