package io.p2phost.contracts.event;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What every event carries around its data.
 *
 * @param eventId unique; consumers drop an id they have handled
 * @param type the event's name, e.g. {@code HostStateChanged}
 * @param schemaVersion version of the data's shape, from 1
 * @param aggregateId what the event is about; the Kafka key
 * @param epoch grows with each change of the aggregate; consumers ignore a lower one than they have seen
 * @param traceparent W3C trace context of what caused the event
 */
public record EventEnvelope<T>(
        String eventId,
        String type,
        int schemaVersion,
        Instant occurredAt,
        String aggregateId,
        long epoch,
        @Nullable String traceparent,
        T data) {}
