package io.p2phost.bench;

import io.p2phost.contracts.Json;
import io.p2phost.contracts.event.EventEnvelope;
import io.p2phost.contracts.event.MapCatalogueEntry;
import io.p2phost.contracts.event.Topics;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/** Says to a broker which maps may be hosted, as assignment does; in a process with a service's jars. */
final class TakeoverCatalogue {
    private TakeoverCatalogue() {}

    /** The broker, and how many maps there are. */
    public static void main(String[] args) {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", args[0]), new StringSerializer(), new StringSerializer())) {
            for (int number = 0; number < Integer.parseInt(args[1]); number++) {
                String map = Hosting.map(number).value();
                EventEnvelope<MapCatalogueEntry> event = new EventEnvelope<>(
                        UUID.randomUUID().toString(),
                        MapCatalogueEntry.TYPE,
                        1,
                        Instant.now(),
                        map,
                        1,
                        null,
                        new MapCatalogueEntry(Hosting.map(number), true, false, 1, "fields", null));
                producer.send(new ProducerRecord<>(
                        Topics.MAP_CATALOGUE, map, Json.mapper().writeValueAsString(event)));
            }
            producer.flush();
        }
        System.out.println("said");
    }
}
