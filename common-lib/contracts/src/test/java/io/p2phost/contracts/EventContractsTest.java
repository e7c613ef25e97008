package io.p2phost.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.p2phost.contracts.event.AssignmentChanged;
import io.p2phost.contracts.event.AuditRecorded;
import io.p2phost.contracts.event.EventEnvelope;
import io.p2phost.contracts.event.HostHeartbeat;
import io.p2phost.contracts.event.HostStateChanged;
import io.p2phost.contracts.event.MapCatalogueEntry;
import io.p2phost.contracts.event.Observation;
import io.p2phost.contracts.event.RelaySessions;
import io.p2phost.contracts.event.Topics;
import io.p2phost.contracts.event.VerdictReached;
import io.p2phost.contracts.event.VpsStatusChanged;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The schemas, the examples and the records say the same. */
class EventContractsTest {
    private static final Map<String, Class<?>> RECORDS = Map.of(
            Topics.HOST_STATE, HostStateChanged.class,
            Topics.HOST_HEARTBEATS, HostHeartbeat.class,
            Topics.ASSIGNMENTS, AssignmentChanged.class,
            Topics.MAP_CATALOGUE, MapCatalogueEntry.class,
            Topics.OBSERVATIONS, Observation.class,
            Topics.VERDICTS, VerdictReached.class,
            Topics.RELAY_SESSIONS, RelaySessions.class,
            Topics.VPS_STATUS, VpsStatusChanged.class,
            Topics.AUDIT, AuditRecorded.class);

    @Test
    void everyTopicHasSchemaExampleAndRecord() {
        assertThat(RECORDS.keySet()).containsExactlyInAnyOrderElementsOf(Topics.ALL);
        for (String topic : Topics.ALL) {
            assertThat(examples(topic)).as(topic).isNotEmpty();
            assertThat(schema(topic)).as(topic).isNotNull();
        }
    }

    @ParameterizedTest
    @MethodSource("everyExample")
    void exampleFitsItsSchemaAndSurvivesItsRecord(String topic, Path file) throws IOException {
        JsonNode example = Json.mapper().readTree(Files.readString(file));
        assertThat(schema(topic).validate(example)).isEmpty();

        EventEnvelope<?> event = Json.mapper()
                .convertValue(
                        example,
                        Json.mapper()
                                .getTypeFactory()
                                .constructParametricType(
                                        EventEnvelope.class, Objects.requireNonNull(RECORDS.get(topic))));
        JsonNode written = Json.mapper().readTree(Json.mapper().writeValueAsString(event));
        assertThat(schema(topic).validate(written)).isEmpty();
        assertThat(written.get("data").size())
                .as("no field of the example is lost")
                .isEqualTo(example.get("data").size());
    }

    @ParameterizedTest
    @MethodSource("everyExample")
    void schemaRefusesAnEventWithoutItsRequiredFields(String topic, Path file) throws IOException {
        ObjectNode example = (ObjectNode) Json.mapper().readTree(Files.readString(file));
        for (String field : List.of("eventId", "type", "aggregateId", "epoch", "data")) {
            ObjectNode without = example.deepCopy();
            without.remove(field);
            assertThat(schema(topic).validate(without)).as("without " + field).isNotEmpty();
        }
    }

    @Test
    void unknownFieldsAreIgnoredByConsumers() throws IOException {
        ObjectNode newer = (ObjectNode) Json.mapper()
                .readTree(Files.readString(examples(Topics.ASSIGNMENTS).getFirst()));
        ((ObjectNode) newer.get("data")).put("addedLater", true);
        EventEnvelope<AssignmentChanged> event = Json.mapper()
                .convertValue(
                        newer,
                        Json.mapper()
                                .getTypeFactory()
                                .constructParametricType(EventEnvelope.class, AssignmentChanged.class));
        assertThat(event.data().map().value()).isEqualTo("prt_fild08");
    }

    static Stream<Object[]> everyExample() {
        return Topics.ALL.stream().flatMap(topic -> examples(topic).stream().map(file -> new Object[] {topic, file}));
    }

    private static Schema schema(String topic) {
        try {
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(Json.mapper()
                            .readTree(Files.readString(folder(topic).resolve("schema.json"))));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Path> examples(String topic) {
        try (Stream<Path> files = Files.list(folder(topic).resolve("examples"))) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path folder(String topic) {
        try {
            return Path.of(
                    Objects.requireNonNull(EventContractsTest.class.getResource("/contracts/events/" + topic + "/v1"))
                            .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
