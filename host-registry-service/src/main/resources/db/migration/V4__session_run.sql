-- Which run of a host's agent has the session: another one with the same key is told so and ends.
alter table p2p_hosts add column session_run uuid;
