package io.p2phost.dbproxy.observation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.Json;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.ServiceName;
import io.p2phost.contracts.event.EventEnvelope;
import io.p2phost.contracts.event.Fact;
import io.p2phost.contracts.event.Observation;
import io.p2phost.contracts.event.Topics;
import io.p2phost.dbproxy.DbProxyApplication;
import io.p2phost.dbproxy.mux.Outside.SaveSeen;
import io.p2phost.dbproxy.mux.Outside.Violation;
import io.p2phost.dbproxy.mux.ServerKey;
import io.p2phost.kit.outbox.ObservationEvents;
import io.p2phost.testkit.EventContracts;
import io.p2phost.testkit.TestInfra;
import io.p2phost.testkit.TestService;
import io.p2phost.testkit.TestTokens;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.core.type.TypeReference;

/** What the multiplexer sees of hosts, on real Kafka. */
class ObservationsIT {
    private static final MapName FIELD = new MapName("prt_fild08");

    private static TestTokens tokens;
    private static TestService service;

    @BeforeAll
    static void start() {
        tokens = new TestTokens();
        Map<String, String> settings = new HashMap<>(TestService.databaseSettings(ServiceName.DB_PROXY));
        settings.put("p2p.db-proxy.port", "0");
        settings.put("p2p.db-proxy.vps.port", "0");
        service = TestService.start(DbProxyApplication::start, ServiceName.DB_PROXY, tokens, settings);
    }

    @AfterAll
    static void stop() {
        service.close();
        tokens.close();
    }

    @Test
    void refusalOfAHostIsPublishedByTheServiceItself() {
        ServerKey.Cell cell = new ServerKey.Cell(HostId.random(), FIELD, Epoch.of(7));

        service.context()
                .getBean(ObservationCollector.class)
                .violated(new Violation(cell, 0x2b28, 0, Violation.Kind.FORBIDDEN, "bans an account by name"));

        Observation seen = observationOf(cell.host());
        assertThat(seen.map()).isEqualTo(FIELD);
        assertThat(seen.epoch()).isEqualTo(Epoch.of(7));
        assertThat(seen.facts()).containsExactly(new Fact.Protocol(0x2b28, Fact.Protocol.Kind.FORBIDDEN, 1));
    }

    @Test
    void savesArePublishedWithoutNamingAnybody() {
        ServerKey.Cell cell = new ServerKey.Cell(HostId.random(), FIELD, Epoch.of(8));
        AtomicReference<Instant> now = new AtomicReference<>(Instant.now().minus(ObservationCollector.SAVES));
        ObservationCollector collector = new ObservationCollector(
                service.context().getBean(ObservationEvents.class)::publish, now::get, new SimpleMeterRegistry());

        collector.saved(new SaveSeen(cell, FIELD, 2_000_001, 150_000, 1, 0, 500, 300, 25_000));
        now.set(Instant.now());
        collector.flush();

        assertThat(observationOf(cell.host()).facts()).containsExactly(new Fact.Save(1, 0, 0, 300, 25_000, 1));
    }

    private static Observation observationOf(HostId host) {
        String text = consume(host.value());
        assertThat(EventContracts.faults(Topics.OBSERVATIONS, text)).isEmpty();
        assertThat(text).doesNotContain("2000001").doesNotContain("150000");
        EventEnvelope<Observation> event = Json.mapper().readValue(text, new TypeReference<>() {});
        assertThat(event.aggregateId()).isEqualTo(host.value());
        assertThat(event.data().hostId()).isEqualTo(host);
        return event.data();
    }

    private static String consume(String key) {
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(Map.of(
                "bootstrap.servers",
                TestInfra.shared().bootstrapServers(),
                "key.deserializer",
                StringDeserializer.class,
                "value.deserializer",
                StringDeserializer.class,
                "group.id",
                "observations-it-" + key,
                "auto.offset.reset",
                "earliest"))) {
            consumer.subscribe(List.of(Topics.OBSERVATIONS));
            List<String> found = new ArrayList<>();
            await().atMost(Duration.ofSeconds(40)).until(() -> {
                consumer.poll(Duration.ofMillis(300)).forEach(record -> {
                    if (key.equals(record.key())) {
                        found.add(record.value());
                    }
                });
                return !found.isEmpty();
            });
            return found.getFirst();
        }
    }
}
