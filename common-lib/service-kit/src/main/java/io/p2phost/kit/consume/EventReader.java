package io.p2phost.kit.consume;

import io.p2phost.contracts.event.EventEnvelope;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.json.JsonMapper;

/** Reads an envelope of a known data type from its JSON bytes. */
final class EventReader<T> {
    private final JsonMapper json;
    private final JavaType envelope;

    EventReader(JsonMapper json, Class<T> type) {
        this.json = json;
        this.envelope = json.getTypeFactory().constructParametricType(EventEnvelope.class, type);
    }

    EventEnvelope<T> read(byte[] bytes) {
        return json.readValue(bytes, envelope);
    }
}
