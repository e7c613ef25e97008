-- Answers to decisions, so that the same request gets the same answer.
create table map_decisions (
    request_id uuid         primary key,
    map        varchar(24)  not null,
    account_id bigint       not null,
    answer     text         not null,
    created_at timestamptz  not null
);
create index map_decisions_created on map_decisions (created_at);
