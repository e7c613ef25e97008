-- Who was not when this service ended may never be: his map-server saves him dead then.
alter table player_session add column loaded boolean not null default true;
