package io.p2phost.registry;

import io.p2phost.contracts.HostId;
import io.p2phost.contracts.Json;
import io.p2phost.contracts.event.EventEnvelope;
import io.p2phost.contracts.event.HostStateChanged;
import io.p2phost.contracts.event.Topics;
import java.util.List;
import tools.jackson.core.type.TypeReference;

/** What Kafka holds of one host's states, from the beginning. */
final class HostStates implements AutoCloseable {
    private static final TypeReference<EventEnvelope<HostStateChanged>> EVENT = new TypeReference<>() {};

    private final Published published;

    HostStates(HostId host) {
        this.published = new Published(Topics.HOST_STATE, host.value());
    }

    List<EventEnvelope<HostStateChanged>> read() {
        return published.read().stream()
                .map(event -> Json.mapper().readValue(event, EVENT))
                .toList();
    }

    @Override
    public void close() {
        published.close();
    }
}
