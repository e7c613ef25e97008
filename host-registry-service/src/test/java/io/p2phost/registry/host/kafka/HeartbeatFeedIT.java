package io.p2phost.registry.host.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.p2phost.contracts.HostId;
import io.p2phost.contracts.Json;
import io.p2phost.contracts.event.EventEnvelope;
import io.p2phost.contracts.event.HostHeartbeat;
import io.p2phost.contracts.event.Topics;
import io.p2phost.registry.host.LeasePolicy;
import io.p2phost.registry.host.LeaseTracker;
import io.p2phost.testkit.TestInfra;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;

class HeartbeatFeedIT {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final LeaseTracker tracker = new LeaseTracker(LeasePolicy.standard(), System::nanoTime);
    private final HostId host = HostId.random();

    private HeartbeatFeed feed(String servers) {
        KafkaConnectionDetails kafka = () -> List.of(servers);
        return new HeartbeatFeed(kafka, tracker, Clock.systemUTC());
    }

    @Test
    void leasesAreJudgedOnceKafkaAnswersAndRenewedByWhatIsHeard() throws Exception {
        String servers = TestInfra.shared().bootstrapServers();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
            admin.createTopics(List.of(new NewTopic(Topics.HOST_HEARTBEATS, Optional.of(3), Optional.empty())));
        }
        tracker.track(host);
        HeartbeatFeed feed = feed(servers);
        feed.start();
        try {
            await().atMost(LONG).until(() -> !tracker.isSuspended());
            await().atMost(LONG).until(() -> left().compareTo(Duration.ofSeconds(14)) < 0);
            publish(servers, "no event at all".getBytes(StandardCharsets.UTF_8));
            publish(servers, heartbeat());
            await().atMost(Duration.ofSeconds(10)).until(() -> left().compareTo(Duration.ofMillis(14_200)) > 0);
        } finally {
            feed.stop();
        }
        assertThat(feed.isRunning()).isFalse();
    }

    @Test
    void withoutKafkaNothingIsJudgedAndTheFeedStillStops() throws IOException {
        int nobodyListens;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobodyListens = closed.getLocalPort();
        }
        HeartbeatFeed feed = feed("127.0.0.1:" + nobodyListens);
        feed.start();
        try {
            await().during(Duration.ofSeconds(4)).atMost(LONG).until(tracker::isSuspended);
        } finally {
            Instant before = Instant.now();
            feed.stop();
            assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofSeconds(5));
        }
    }

    private Duration left() {
        return tracker.remaining(host).orElseThrow();
    }

    private byte[] heartbeat() {
        Instant now = Instant.now();
        return Json.mapper()
                .writeValueAsBytes(new EventEnvelope<>(
                        UUID.randomUUID().toString(),
                        HostHeartbeat.TYPE,
                        1,
                        now,
                        host.value(),
                        0,
                        null,
                        new HostHeartbeat(host, now, 1, 1, 1, 1, 0, List.of())));
    }

    private void publish(String servers, byte[] value) {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", servers), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(
                    new ProducerRecord<>(Topics.HOST_HEARTBEATS, host.value().getBytes(StandardCharsets.UTF_8), value));
            producer.flush();
        }
    }
}
