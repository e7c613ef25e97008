-- A drain that the host's owner asked for by its heartbeats; an instance of the version before leaves it as it is.
alter table p2p_hosts add column hands_back boolean not null default false;
