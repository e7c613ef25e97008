package io.p2phost.kit.outbox;

import io.p2phost.contracts.event.EventEnvelope;
import io.p2phost.kit.trace.Trace;
import java.time.Clock;
import java.util.UUID;

/** Makes envelopes: id, time and trace are filled in here and nowhere else. */
public final class Envelopes {
    private final Clock clock;

    public Envelopes(Clock clock) {
        this.clock = clock;
    }

    /** An envelope of schema version 1. */
    public <T> EventEnvelope<T> of(String type, String aggregateId, long epoch, T data) {
        return new EventEnvelope<>(
                UUID.randomUUID().toString(), type, 1, clock.instant(), aggregateId, epoch, Trace.currentOrNew(), data);
    }
}
