create table things (id text primary key, version bigint not null);
