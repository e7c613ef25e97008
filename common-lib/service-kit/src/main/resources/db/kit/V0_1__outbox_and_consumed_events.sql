-- Events that commit with the state change that caused them; a publisher deletes a row once Kafka has it.
create table outbox (
    id          bigint generated always as identity primary key,
    slot        smallint    not null,
    topic       text        not null,
    event_key   text        not null,
    payload     text        not null,
    created_at  timestamptz not null
);
create index outbox_slot on outbox (slot, id);

-- Events already handled, so that a redelivery is a no-op.
create table consumed_events (
    subscription text        not null,
    event_id     text        not null,
    consumed_at  timestamptz not null,
    primary key (subscription, event_id)
);
create index consumed_events_age on consumed_events (consumed_at);
