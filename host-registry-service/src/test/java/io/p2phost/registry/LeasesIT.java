package io.p2phost.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.HostLifeState;
import io.p2phost.contracts.Json;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import io.p2phost.contracts.event.AssignmentChanged;
import io.p2phost.contracts.event.EventEnvelope;
import io.p2phost.contracts.event.Topics;
import io.p2phost.contracts.event.VerdictReached;
import io.p2phost.registry.RegistryUnderTest.Answer;
import io.p2phost.testkit.TestInfra;
import io.p2phost.testkit.TestService;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Silence, verdicts, assignments, restarts and outages, with leases of three seconds. */
class LeasesIT {
    private static final Map<String, String> SHORT = Map.of(
            "p2p.registry.lease.duration", "3s",
            "p2p.registry.lease.heartbeat-interval", "1s",
            "p2p.registry.lease.unhealthy-after", "1500ms",
            "p2p.registry.lease.tick", "100ms",
            "p2p.registry.host.load-event-interval", "500ms");
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final String NOBODY = "00000000-0000-4000-8000-000000000001";

    private static RegistryUnderTest registry;

    @BeforeAll
    static void start() {
        registry = new RegistryUnderTest(SHORT);
    }

    @AfterAll
    static void stop() {
        registry.close();
    }

    private static String stateOf(RegistryUnderTest where, TestHost host) {
        return where.call("GET", "/api/v1/hosts/" + host.id, host.token, null)
                .json()
                .get("state")
                .asString();
    }

    private static void publish(String topic, String type, String key, long epoch, Object data) {
        EventEnvelope<Object> event =
                new EventEnvelope<>(UUID.randomUUID().toString(), type, 1, Instant.now(), key, epoch, null, data);
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", TestInfra.shared().bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(
                    topic, key.getBytes(StandardCharsets.UTF_8), Json.mapper().writeValueAsBytes(event)));
            producer.flush();
        }
    }

    @Test
    void aHostThatFallsSilentIsUnhealthyThenOfflineAndSaidSo() {
        TestHost host = registry.enrolledHost(2_000_001);
        registry.openSession(host, TestHost.machine());

        await().atMost(LONG).until(() -> stateOf(registry, host).equals("OFFLINE"));

        assertThat(registry.heartbeat(host).problem()).isEqualTo("session-expired");
        try (HostStates states = new HostStates(HostId.of(host.id))) {
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(states.read())
                            .extracting(e -> e.data().state())
                            .containsExactly(
                                    HostLifeState.ENROLLED,
                                    HostLifeState.READY,
                                    HostLifeState.UNHEALTHY,
                                    HostLifeState.OFFLINE));
            assertThat(states.read().getLast().data().reason()).isEqualTo("lease expired");
        }
        assertThat(registry.openSession(host, TestHost.machine()).status()).isEqualTo(200);
    }

    @Test
    void aVerdictThatBlacklistsEndsTheSession() {
        TestHost host = registry.enrolledHost(2_000_002);
        registry.openSession(host, TestHost.machine());
        VerdictReached mild = new VerdictReached(
                "v1",
                "o1",
                HostId.of(host.id),
                MapName.of("prt_fild08"),
                VerdictReached.Outcome.FAILED,
                2,
                false,
                List.of("mob 1002: level 9 (expected: 1)"));
        publish(Topics.VERDICTS, VerdictReached.TYPE, host.id, 0, mild);
        publish(
                Topics.VERDICTS,
                VerdictReached.TYPE,
                NOBODY,
                0,
                new VerdictReached(
                        "v2", "o2", HostId.of(NOBODY), mild.map(), VerdictReached.Outcome.FAILED, 3, true, List.of()));
        publish(
                Topics.VERDICTS,
                VerdictReached.TYPE,
                host.id,
                0,
                new VerdictReached(
                        "v3",
                        "o3",
                        HostId.of(host.id),
                        mild.map(),
                        VerdictReached.Outcome.FAILED,
                        3,
                        true,
                        List.of("mob 1002: level 9\n(expected: 1)")));

        await().atMost(LONG).until(() -> stateOf(registry, host).equals("BLACKLISTED"));
        assertThat(registry.openSession(host, TestHost.machine()).problem()).isEqualTo("blacklisted");
        assertThat(registry.call("GET", "/api/v1/hosts/" + host.id, host.token, null)
                        .json()
                        .get("reason")
                        .asString())
                .isEqualTo("3 failed validations: mob 1002: level 9?(expected: 1)");
    }

    @Test
    void aHeartbeatTellsTheMapsThatTheHostOwnsInEffect() {
        TestHost host = registry.enrolledHost(2_000_003);
        registry.openSession(host, TestHost.machine());
        MapName map = MapName.of("gef_fild07");
        publish(
                Topics.ASSIGNMENTS,
                AssignmentChanged.TYPE,
                map.value(),
                7,
                new AssignmentChanged(map, Epoch.of(7), Owner.host(HostId.of(host.id)), null, "ENTRY"));

        await().atMost(LONG).untilAsserted(() -> {
            Answer answer = registry.heartbeat(host);
            assertThat(answer.body())
                    .contains("\"assignments\":[{\"map\":\"gef_fild07\",\"epoch\":7,\"role\":\"PRIMARY\"}]");
        });
    }

    @Test
    void anotherInstanceHearsTheHeartbeatsOfThisOne() {
        TestHost host = registry.enrolledHost(2_000_004);
        try (TestService second = registry.another(Map.of())) {
            registry.openSession(host, TestHost.machine());
            Instant end = Instant.now().plusSeconds(8);
            await().atMost(LONG).pollInterval(Duration.ofMillis(700)).untilAsserted(() -> {
                Answer beat = registry.heartbeat(host);
                assertThat(beat.status()).as(beat.body()).isEqualTo(200);
                assertThat(Instant.now()).isAfter(end);
            });
            try (HostStates states = new HostStates(HostId.of(host.id))) {
                await().atMost(LONG)
                        .untilAsserted(() -> assertThat(states.read()).hasSizeGreaterThanOrEqualTo(2));
                assertThat(states.read())
                        .as("neither instance took the host for silent")
                        .extracting(e -> e.data().state())
                        .doesNotContain(HostLifeState.OFFLINE, HostLifeState.UNHEALTHY);
            }
            Answer there = registry.raw(
                    second.url(),
                    "PUT",
                    "/api/v1/hosts/" + host.id + "/heartbeat",
                    host.token,
                    Json.mapper().writeValueAsString(TestHost.load(1)));
            assertThat(there.status()).as(there.body()).isEqualTo(200);
        }
    }

    @Test
    void aRestartKeepsIdentitiesAndSessions() {
        try (RegistryUnderTest own = new RegistryUnderTest(
                Map.of("p2p.registry.lease.duration", "60s", "p2p.registry.lease.unhealthy-after", "40s"))) {
            TestHost host = own.enrolledHost(2_000_005);
            own.requirements.set("");
            Answer early = own.openSession(host, TestHost.machine());
            assertThat(early.status()).as(early.body()).isEqualTo(503);
            assertThat(early.problem()).isEqualTo("unavailable");
            own.requirements.set(RegistryUnderTest.REQUIREMENTS);
            assertThat(own.openSession(host, TestHost.machine()).status()).isEqualTo(200);
            own.requirements.set("");
            String certificate = own.call(
                            "POST",
                            "/api/v1/hosts/" + host.id + "/certificates",
                            host.token,
                            Map.of("csr", TestHost.csr()))
                    .json()
                    .get("caBundle")
                    .asString();

            own.restart();

            assertThat(own.heartbeat(host).status())
                    .as("the token and the session are still good")
                    .isEqualTo(200);
            assertThat(own.call(
                                    "POST",
                                    "/api/v1/hosts/" + host.id + "/certificates",
                                    host.token,
                                    Map.of("csr", TestHost.csr()))
                            .json()
                            .get("caBundle")
                            .asString())
                    .as("the authority is the same")
                    .isEqualTo(certificate);
            assertThat(own.openSession(host, TestHost.machine()).status())
                    .as("the last known requirements are too")
                    .isEqualTo(200);
        }
    }

    @Test
    @Tag("deep")
    void whileKafkaIsAwayNobodyIsTakenForSilent() throws IOException {
        int nobodyListens;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobodyListens = closed.getLocalPort();
        }
        Map<String, String> settings = new java.util.HashMap<>(SHORT);
        settings.put("spring.kafka.bootstrap-servers", "127.0.0.1:" + nobodyListens);
        try (RegistryUnderTest own = new RegistryUnderTest(settings)) {
            TestHost host = own.enrolledHost(2_000_006);
            own.openSession(host, TestHost.machine());

            await().during(Duration.ofSeconds(5))
                    .atMost(LONG)
                    .until(() -> stateOf(own, host).equals("READY"));
        }
    }

    @Test
    void whileTheDatabaseIsAwayHeartbeatsAreAnsweredAndAfterwardsNothingIsMissing() {
        Map<String, String> database = TestService.databaseSettings(io.p2phost.contracts.ServiceName.HOST_REGISTRY);
        String url = database.get("spring.datasource.url");
        String address = url.substring("jdbc:postgresql://".length(), url.lastIndexOf('/'));
        try (TcpForwarder line = new TcpForwarder(address.split(":")[0], Integer.parseInt(address.split(":")[1]))) {
            Map<String, String> settings = new java.util.HashMap<>(SHORT);
            settings.putAll(database);
            settings.put("spring.datasource.url", url.replace(address, "127.0.0.1:" + line.port()));
            settings.put("spring.datasource.hikari.connection-timeout", "500");
            try (RegistryUnderTest own = new RegistryUnderTest(settings)) {
                TestHost host = own.enrolledHost(2_000_007);
                TestHost silent = own.enrolledHost(2_000_008);
                own.openSession(host, TestHost.machine());
                own.openSession(silent, TestHost.machine());

                line.cut();
                Instant end = Instant.now().plusSeconds(5);
                await().atMost(LONG).pollInterval(Duration.ofMillis(500)).untilAsserted(() -> {
                    Answer beat = own.heartbeat(host);
                    assertThat(beat.status()).as(beat.body()).isEqualTo(200);
                    assertThat(Instant.now()).isAfter(end);
                });
                Answer refused = own.openSession(host, TestHost.machine());
                assertThat(refused.status()).as(refused.body()).isEqualTo(503);
                assertThat(refused.problem()).isEqualTo("unavailable");

                line.mend();
                await().atMost(LONG).ignoreExceptions().untilAsserted(() -> {
                    own.heartbeat(host);
                    assertThat(stateOf(own, silent)).isEqualTo("OFFLINE");
                });
                assertThat(stateOf(own, host)).isEqualTo("READY");
                try (HostStates states = new HostStates(HostId.of(silent.id))) {
                    await().atMost(LONG)
                            .untilAsserted(() -> assertThat(states.read())
                                    .extracting(e -> e.data().state())
                                    .contains(HostLifeState.OFFLINE));
                }
            }
        }
    }

    @Test
    void aRotatedKeySignsAndTheOneBeforeStaysGood() {
        TestHost host = registry.enrolledHost(2_000_009);
        String admin = registry.adminToken();

        Answer rotated = registry.call("POST", "/api/v1/signing-keys:rotate", admin, null);

        assertThat(rotated.json().get("live").size()).isEqualTo(2);
        assertThat(registry.call("GET", "/internal/v1/jwks", null, null)
                        .json()
                        .get("keys")
                        .get(0)
                        .get("kid")
                        .asString())
                .isEqualTo(rotated.json().get("kid").asString());
        assertThat(stateOf(registry, host)).as("signed by the key before").isEqualTo("ENROLLED");
        host.token = registry.tokenFor(host);
        assertThat(stateOf(registry, host)).as("signed by the new key").isEqualTo("ENROLLED");
        assertThat(registry.call("GET", "/internal/v1/jwks", null, null).body())
                .as("no private half")
                .doesNotContain("\"d\"");
    }
}
