package io.p2phost.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.HostLifeState;
import io.p2phost.contracts.ServiceName;
import io.p2phost.contracts.event.Topics;
import io.p2phost.registry.RegistryUnderTest.Answer;
import io.p2phost.testkit.EventContracts;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A host's way from its code to its ban, over HTTP and Kafka. */
class RegistryIT {
    private static RegistryUnderTest registry;

    @BeforeAll
    static void start() {
        registry = new RegistryUnderTest(Map.of());
    }

    @AfterAll
    static void stop() {
        registry.close();
    }

    @Test
    void aMachineEnrolsJoinsIsHeardAndLeaves() throws Exception {
        TestHost host = registry.enrolledHost(2_000_001);

        Answer session = registry.openSession(host, TestHost.machine());
        assertThat(session.status()).as(session.body()).isEqualTo(200);
        assertThat(session.json().get("tier").asInt()).isEqualTo(2);
        assertThat(session.json().get("lease").get("heartbeatInterval").asString())
                .isEqualTo("PT5S");
        assertThat(Instant.parse(session.json().get("lease").get("expiresAt").asString()))
                .isAfter(Instant.parse(session.json().get("serverTime").asString())
                        .plusSeconds(13));
        assertThat(session.json().get("dbProxy").get("port").asInt()).isEqualTo(5122);

        Answer heartbeat = registry.heartbeat(host);
        assertThat(heartbeat.status()).as(heartbeat.body()).isEqualTo(200);
        assertThat(heartbeat.json().get("desired").get("drain").asBoolean()).isFalse();
        assertThat(heartbeat.json().get("desired").get("assignments").isEmpty()).isTrue();

        Answer shown = registry.call("GET", "/api/v1/hosts/" + host.id, host.token, null);
        assertThat(shown.json().get("state").asString()).isEqualTo("READY");
        assertThat(shown.json().get("accountId").asLong()).isEqualTo(2_000_001);

        assertThat(registry.call("DELETE", "/api/v1/hosts/" + host.id + "/session", host.token, null)
                        .status())
                .isEqualTo(204);
        assertThat(registry.heartbeat(host).status()).isEqualTo(410);
        assertThat(registry.heartbeat(host).problem()).isEqualTo("session-expired");
    }

    @Test
    void theNewerOfTwoAgentsWithOneKeyHasTheSession() throws Exception {
        TestHost host = registry.enrolledHost(2_000_031);
        Map<String, Object> machine = TestHost.machine();
        machine.put("run", "11111111-1111-4111-8111-111111111111");
        registry.openSession(host, machine);
        machine.put("run", "22222222-2222-4222-8222-222222222222");
        assertThat(registry.openSession(host, machine).status()).isEqualTo(200);

        Map<String, Object> load = TestHost.load(12);
        String path = "/api/v1/hosts/" + host.id;
        load.put("run", "11111111-1111-4111-8111-111111111111");
        Answer taken = registry.call("PUT", path + "/heartbeat", host.token, load);
        assertThat(taken.status()).as(taken.body()).isEqualTo(409);
        assertThat(taken.problem()).isEqualTo("session-taken");
        assertThat(registry.call("DELETE", path + "/session?run=" + load.get("run"), host.token, null)
                        .status())
                .isEqualTo(204);
        load.put("run", "22222222-2222-4222-8222-222222222222");
        assertThat(registry.call("PUT", path + "/heartbeat", host.token, load).status())
                .isEqualTo(200);
        assertThat(registry.call("DELETE", path + "/session?run=x", host.token, null)
                        .status())
                .isEqualTo(400);
        registry.call("DELETE", path + "/session?run=" + load.get("run"), host.token, null);
        assertThat(registry.heartbeat(host).problem()).isEqualTo("session-expired");
    }

    @Test
    void aHostGetsACertificateThatNamesItAndNothingItAskedFor() throws Exception {
        TestHost host = registry.enrolledHost(2_000_002);

        Answer answer = registry.call(
                "POST", "/api/v1/hosts/" + host.id + "/certificates", host.token, Map.of("csr", TestHost.csr()));

        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        X509Certificate leaf = certificate(answer.json().get("certificate").asString());
        X509Certificate authority = certificate(answer.json().get("caBundle").asString());
        leaf.verify(authority.getPublicKey());
        assertThat(leaf.getSubjectX500Principal().getName()).doesNotContain("somebody else");
        assertThat(leaf.getSubjectAlternativeNames()).containsExactly(List.of(6, "urn:p2p:host:" + host.id));
        assertThat(leaf.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
        assertThat(Duration.between(Instant.now(), leaf.getNotAfter().toInstant()))
                .isBetween(Duration.ofHours(23), Duration.ofHours(24));
        assertThat(Instant.parse(answer.json().get("notAfter").asString()))
                .isEqualTo(leaf.getNotAfter().toInstant());
    }

    @Test
    void aServiceGetsACertificateForBothSides() throws Exception {
        Answer answer = registry.call(
                "POST",
                "/internal/v1/certificates",
                registry.serviceToken(ServiceName.RELAY),
                Map.of("csr", TestHost.csr()));

        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        X509Certificate leaf = certificate(answer.json().get("certificate").asString());
        assertThat(leaf.getSubjectAlternativeNames()).containsExactly(List.of(6, "urn:p2p:service:relay"));
        assertThat(leaf.getExtendedKeyUsage()).hasSize(2);
    }

    @Test
    void aMachineBelowTheMinimumHearsEveryShortfall() {
        TestHost host = registry.enrolledHost(2_000_003);
        Map<String, Object> weak = TestHost.machine();
        weak.put("cpuGhz", 2.0);
        weak.put("ramGb", 4);

        Answer answer = registry.openSession(host, weak);

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.problem()).isEqualTo("below-minimum");
        assertThat(answer.json().get("errors").size()).isEqualTo(2);
        assertThat(answer.json().get("errors").get(0).get("requirement").asString())
                .isEqualTo("cpuGhz");
        assertThat(answer.json().get("errors").get(0).get("required").asDouble())
                .isEqualTo(3.0);
        assertThat(answer.json().get("errors").get(0).get("actual").asDouble()).isEqualTo(2.0);
    }

    @Test
    void aHostIsToldByWhatItsMachineIsJudged() {
        TestHost host = registry.enrolledHost(2_000_113);
        String path = "/api/v1/hosts/" + host.id + "/requirements";
        JsonNode lowest =
                registry.call("GET", path, host.token, null).json().get("tiers").get(0);
        assertThat(lowest.get("tier").asInt()).isOne();
        assertThat(lowest.get("cpuGhz").asDouble()).isEqualTo(3.0);
        TestHost other = registry.enrolledHost(2_000_114);
        assertThat(registry.call("GET", path, other.token, null).status()).isEqualTo(403);
    }

    @Test
    void aHostThatUnenrolsIsForgottenAndItsPlaceIsFree() {
        TestHost host = registry.enrolledHost(2_000_115);
        TestHost other = registry.enrolledHost(2_000_116);
        registry.openSession(host, TestHost.machine());
        String path = "/api/v1/hosts/" + host.id;

        assertThat(registry.call("DELETE", path, other.token, null).status()).isEqualTo(403);
        assertThat(registry.call("DELETE", path, host.token, null).status()).isEqualTo(204);
        assertThat(registry.call("DELETE", path, host.token, null).status()).isEqualTo(204);

        assertThat(registry.call("GET", path, registry.adminToken(), null).status())
                .isEqualTo(404);
        assertThat(registry.openSession(host, TestHost.machine()).status()).isEqualTo(404);
        assertThat(registry.heartbeat(host).status()).isEqualTo(404);
    }

    @Test
    void aBlacklistedHostIsRefusedUntilItIsTakenBack() {
        TestHost host = registry.enrolledHost(2_000_004);
        registry.openSession(host, TestHost.machine());
        String admin = registry.adminToken();
        String path = "/api/v1/hosts/" + host.id;

        assertThat(registry.call("POST", path + ":blacklist", admin, Map.of()).status())
                .isEqualTo(400);
        Answer banned = registry.call("POST", path + ":blacklist", admin, Map.of("reason", "cheats"));
        assertThat(banned.status()).as(banned.body()).isEqualTo(200);
        assertThat(banned.json().get("state").asString()).isEqualTo("BLACKLISTED");

        assertThat(registry.heartbeat(host).status()).isEqualTo(403);
        assertThat(registry.openSession(host, TestHost.machine()).problem()).isEqualTo("blacklisted");
        assertThat(registry.call("POST", path + "/certificates", host.token, Map.of("csr", TestHost.csr()))
                        .problem())
                .isEqualTo("blacklisted");
        assertThat(registry.call(
                                "GET",
                                "/internal/v1/hosts/" + host.id,
                                registry.serviceToken(ServiceName.DB_PROXY),
                                null)
                        .json()
                        .get("state")
                        .asString())
                .isEqualTo("BLACKLISTED");

        assertThat(registry.call("POST", path + ":unblacklist", admin, null).status())
                .isEqualTo(200);
        assertThat(registry.openSession(host, TestHost.machine()).status()).isEqualTo(200);
    }

    @Test
    void aDrainedHostIsToldSoAndStaysDrainedOverSessions() {
        TestHost host = registry.enrolledHost(2_000_005);
        registry.openSession(host, TestHost.machine());
        String admin = registry.adminToken();
        String path = "/api/v1/hosts/" + host.id;

        registry.call("POST", path + ":drain", admin, null);
        assertThat(registry.heartbeat(host).json().get("desired").get("drain").asBoolean())
                .isTrue();
        registry.call("DELETE", path + "/session", host.token, null);
        registry.openSession(host, TestHost.machine());
        assertThat(registry.call("GET", path, admin, null).json().get("state").asString())
                .isEqualTo("DRAINING");
        registry.call("POST", path + ":undrain", admin, null);
        assertThat(registry.heartbeat(host).json().get("desired").get("drain").asBoolean())
                .isFalse();
    }

    @Test
    void aHostHandsItsMapsBackByAHeartbeat() {
        TestHost host = registry.enrolledHost(2_000_013);
        registry.openSession(host, TestHost.machine());
        String path = "/api/v1/hosts/" + host.id;

        Answer handsBack = beat(host, true);
        assertThat(handsBack.json().get("desired").get("drain").asBoolean()).isTrue();
        Answer shown = registry.call("GET", path, host.token, null);
        assertThat(shown.json().get("state").asString()).isEqualTo("DRAINING");
        assertThat(shown.json().get("handsBack").asBoolean()).isTrue();
        assertThat(shown.json().get("drain").asBoolean()).isFalse();

        assertThat(beat(host, false).json().get("desired").get("drain").asBoolean())
                .isFalse();
        assertThat(registry.call("GET", path, host.token, null)
                        .json()
                        .get("state")
                        .asString())
                .isEqualTo("READY");
    }

    private static Answer beat(TestHost host, boolean handsBack) {
        Map<String, Object> body = new java.util.HashMap<>(TestHost.load(12));
        body.put("handsBack", handsBack);
        return registry.call("PUT", "/api/v1/hosts/" + host.id + "/heartbeat", host.token, body);
    }

    @Test
    void relaysThatAnnounceThemselvesAreToldToHosts() {
        String relay = registry.serviceToken(ServiceName.RELAY);
        Answer announced = registry.call(
                "PUT",
                "/internal/v1/relays/relay-1",
                relay,
                Map.of("region", "EU", "host", "127.0.0.1", "tunnelPort", 7443, "apiUrl", "http://127.0.0.1:8086"));
        assertThat(announced.status()).as(announced.body()).isEqualTo(204);

        TestHost host = registry.enrolledHost(2_000_006);
        Answer session = registry.openSession(host, TestHost.machine());
        assertThat(session.json().get("relays").get(0).get("relayId").asString())
                .isEqualTo("relay-1");
        assertThat(registry.call("GET", "/internal/v1/relays", registry.serviceToken(ServiceName.DB_PROXY), null)
                        .json()
                        .get(0)
                        .get("apiUrl")
                        .asString())
                .isEqualTo("http://127.0.0.1:8086");
        assertThat(registry.call("GET", "/api/v1/relays", host.token, null)
                        .json()
                        .get(0)
                        .has("apiUrl"))
                .isFalse();
    }

    @Test
    void everyStateAndLoadIsPublishedInTheOrderOfItsVersions() {
        TestHost host = registry.enrolledHost(2_000_007);
        registry.openSession(host, TestHost.machine());
        registry.heartbeat(host);

        try (HostStates states = new HostStates(HostId.of(host.id))) {
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(states.read())
                            .extracting(e -> e.data().state(), e -> e.data().cpuPercent())
                            .containsExactly(
                                    org.assertj.core.groups.Tuple.tuple(HostLifeState.ENROLLED, null),
                                    org.assertj.core.groups.Tuple.tuple(HostLifeState.READY, null),
                                    org.assertj.core.groups.Tuple.tuple(HostLifeState.READY, 12.0)));
            assertThat(states.read()).extracting(e -> e.epoch()).containsExactly(1L, 2L, 3L);
        }
    }

    @Test
    void whatIsPublishedFitsItsSchema() {
        TestHost host = registry.enrolledHost(2_000_008);
        registry.openSession(host, TestHost.machine());
        Map<String, Object> load = TestHost.load(50);
        load.put("maps", List.of(Map.of("map", "prt_fild08", "epoch", 7, "players", 3)));
        assertThat(registry.call("PUT", "/api/v1/hosts/" + host.id + "/heartbeat", host.token, load)
                        .status())
                .isEqualTo(200);

        assertFits(Topics.HOST_STATE, host.id, 3);
        assertFits(Topics.HOST_HEARTBEATS, host.id, 1);
        assertFits(Topics.AUDIT, "host:" + host.id, 1);
    }

    private static void assertFits(String topic, String key, int atLeast) {
        try (Published published = new Published(topic, key)) {
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(published.read()).hasSizeGreaterThanOrEqualTo(atLeast));
            assertThat(published.read())
                    .allSatisfy(event ->
                            assertThat(EventContracts.faults(topic, event)).isEmpty());
        }
    }

    @Test
    void theRegistryShowsWhatItHolds() {
        TestHost host = registry.enrolledHost(2_000_009);
        registry.openSession(host, TestHost.machine());
        MeterRegistry meters = registry.service().context().getBean(MeterRegistry.class);

        assertThat(meters.get("p2p_leases_tracked").gauge().value()).isPositive();
        // Counted every 15 s, and for the first time before the first key was made.
        await().atMost(Duration.ofSeconds(40))
                .until(() -> meters.get("p2p_api_keys_usable").gauge().value() > 0);
        for (HostLifeState state : HostLifeState.values()) {
            assertThat(meters.get("p2p_hosts")
                            .tag("state", state.name())
                            .gauge()
                            .value())
                    .isNotNegative();
        }
        for (String gauge : List.of(
                "p2p_enrolment_codes_open",
                "p2p_lease_check_slips",
                "p2p_lease_judging_suspended",
                "p2p_lease_lapses_waiting",
                "p2p_host_loads_held",
                "p2p_bundle_stored_bytes",
                "p2p_bundle_stored_chunks",
                "p2p_bundle_releases",
                "p2p_bundle_drafts")) {
            assertThat(meters.get(gauge).gauge().value()).as(gauge).isNotNegative();
        }
        assertThat(meters.get("p2p_lease_expiry_lag").timeGauge().value(java.util.concurrent.TimeUnit.SECONDS))
                .isNotNegative();
    }

    @Test
    void anotherKeyEncryptionKeyThanBeforeStopsTheStart() {
        String other =
                Base64.getEncoder().encodeToString("another key of thirty-two bytes!".getBytes(StandardCharsets.UTF_8));

        assertThatThrownBy(() -> registry.another(Map.of("p2p.registry.key-encryption-key", other)))
                .hasStackTraceContaining(
                        "p2p.registry.key-encryption-key: does not open the stored signing key (expected: the key it was sealed with)");
    }

    private static X509Certificate certificate(String pem) throws Exception {
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8)));
    }
}
