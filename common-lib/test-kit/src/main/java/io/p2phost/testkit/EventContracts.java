package io.p2phost.testkit;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.p2phost.contracts.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** What producers' tests use: does an event that was written fit its topic's schema? */
public final class EventContracts {
    private EventContracts() {}

    /** One sentence per fault; empty when the event fits. */
    public static List<String> faults(String topic, String eventJson) {
        String resource = "/contracts/events/" + topic + "/v1/schema.json";
        try (InputStream schema = Json.class.getResourceAsStream(resource)) {
            if (schema == null) {
                throw new IllegalArgumentException("topic: " + topic + " (expected: one with a schema)");
            }
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(Json.mapper().readTree(schema))
                    .validate(Json.mapper().readTree(eventJson))
                    .stream()
                    .map(Object::toString)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
