package io.p2phost.assignment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.p2phost.assignment.Stage.Reply;
import io.p2phost.assignment.config.FirstFiles;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.Role;
import io.p2phost.contracts.ServiceName;
import io.p2phost.contracts.event.HostStateChanged;
import io.p2phost.contracts.event.Topics;
import io.p2phost.testkit.EventContracts;
import io.p2phost.testkit.TestInfra;
import io.p2phost.testkit.TestService;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What operators do: files, VPS servers, explanations, one map by hand, all maps at once, the state of the suite. */
class OperatorIT {
    private static final String CONFIG = "p2p_map_config.conf";

    private static Stage stage;

    @BeforeAll
    static void start() {
        stage = new Stage(2, Map.of());
        stage.distribute(false);
        stage.registerVps("core", 5121, "CORE");
        stage.registerVps("reserve", 5131, "RESERVE");
    }

    @AfterAll
    static void stop() {
        stage.close();
    }

    @AfterEach
    void asBefore() {
        stage.clear();
        stage.operator("POST", "/api/v1/control:reset-network", "");
    }

    @Test
    void configurationShowsValueSourceAndLoser() {
        Reply reply = stage.get("/api/v1/config");
        assertThat(reply.status()).isEqualTo(200);
        boolean found = false;
        for (var setting : reply.json().at("/settings")) {
            if (setting.at("/name").asString().equals("network_min_mbps")) {
                found = true;
                assertThat(setting.at("/value").asString()).isEqualTo("100");
                assertThat(setting.at("/source").asString()).isEqualTo("p2p_map_config.conf:5");
                assertThat(setting.at("/losers/0/value").asString()).isEqualTo("10");
                assertThat(setting.at("/losers/0/source").asString()).isEqualTo("p2p_settings.conf:8");
            }
        }
        assertThat(found).isTrue();
        assertThat(reply.json().at("/files")).hasSize(7);
        assertThat(reply.json().at("/warnings").toString()).contains("guild_castle");
    }

    @Test
    void fileIsReadChangedAppliedAndRestoredByVersion() {
        Reply before = stage.get("/api/v1/config/" + CONFIG);
        assertThat(before.response().headers().firstValue("Content-Type").orElseThrow())
                .startsWith("text/plain");
        String version = before.response().headers().firstValue("ETag").orElseThrow();
        long revision = requirements(stage.one()).json().at("/version").asLong();
        Reply put = stage.put(CONFIG, before.body().replace("cpu_min_cores: 4", "cpu_min_cores: 1"));
        assertThat(put.status()).as(put.toString()).isEqualTo(200);
        assertThat(put.json().at("/version").asInt()).isGreaterThan(1);
        Reply after = requirements(stage.one());
        assertThat(after.json().at("/version").asLong()).isGreaterThan(revision);
        assertThat(after.json().at("/tiers/0/cpuCores").asInt()).isEqualTo(1);
        assertThat(after.json().at("/tiers/1/cpuCores").asInt()).isEqualTo(6);
        assertThat(after.json().at("/maxLatencyMs").asInt()).isEqualTo(100);
        await().untilAsserted(() -> assertThat(requirements(stage.instances.get(1))
                        .json()
                        .at("/tiers/0/cpuCores")
                        .asInt())
                .as("the other instance follows")
                .isEqualTo(1));
        String number = version.replace("\"", "");
        assertThat(stage.get("/api/v1/config/" + CONFIG + "?version=" + number).body())
                .isEqualTo(before.body());
        assertThat(stage.put(CONFIG, before.body()).status()).isEqualTo(200);
        assertThat(requirements(stage.one()).json().at("/tiers/0/cpuCores").asInt())
                .isEqualTo(4);
    }

    @Test
    void faultyFileIsRefusedWithEveryFaultAndNothingChanges() {
        long revision = stage.get("/api/v1/config").json().at("/revision").asLong();
        Reply put = stage.put(CONFIG, "cpu_min_cores: none\nmax_maps_per_host: 0\nunheard_of: 1\n");
        assertThat(put.status()).isEqualTo(422);
        assertThat(put.body()).contains("/problems/invalid-configuration");
        assertThat(put.json().at("/errors")).hasSize(3);
        assertThat(put.text("/errors/0/message"))
                .isEqualTo("p2p_map_config.conf:1: cpu_min_cores: none (expected: a whole number, 1 to 1024 cores)");
        assertThat(put.json().at("/errors/2/line").asInt()).isEqualTo(3);
        assertThat(stage.get("/api/v1/config").json().at("/revision").asLong()).isEqualTo(revision);
    }

    @Test
    void badConfigurationRequestsAreRefused() {
        assertThat(stage.put("passwd", "x: 1").status()).isEqualTo(404);
        assertThat(stage.put("..%2fsecrets.conf", "x: 1").status()).isIn(400, 404);
        assertThat(stage.get("/api/v1/config/nothing.conf").status()).isEqualTo(404);
        assertThat(stage.get("/api/v1/config/" + CONFIG + "?version=99999").status())
                .isEqualTo(404);
        assertThat(stage.get("/api/v1/config/" + CONFIG + "?version=one").status())
                .isEqualTo(400);
        assertThat(stage.put(CONFIG, "x".repeat(300_000)).status()).isEqualTo(413);
        assertThat(stage.operator("PUT", "/api/v1/config/" + CONFIG, "").status())
                .isEqualTo(400);
        String text = stage.get("/api/v1/config/" + CONFIG).body();
        assertThat(putIfMatch(text, "\"9999\"").status()).isEqualTo(412);
        assertThat(putIfMatch(text, "newest").status()).isEqualTo(400);
        assertThat(putIfMatch(text, "*").status()).isEqualTo(200);
        assertThat(stage.call(stage.one(), stage.token(Role.VIEWER), "PUT", "/api/v1/config/" + CONFIG, "x")
                        .status())
                .isEqualTo(403);
        assertThat(stage.call(stage.one(), stage.token(Role.HOST), "GET", "/api/v1/config", "")
                        .status())
                .isEqualTo(403);
        assertThat(stage.internal(ServiceName.RELAY, "GET", "/internal/v1/requirements", "")
                        .status())
                .isEqualTo(403);
    }

    private static Reply putIfMatch(String text, String version) {
        return stage.call(
                stage.one(),
                stage.token(Role.OPERATOR),
                "PUT",
                "/api/v1/config/" + CONFIG,
                text,
                "text/plain",
                Map.of("If-Match", version));
    }

    @Test
    void hostingCanBeTurnedOffAndOnWhileRunning() {
        HostStateChanged host = stage.say(stage.strongHost(5));
        stage.hostsBecomeReady();
        assertThat(stage.enter("pay_fild05").text("/decision")).isEqualTo("P2P");
        String text = stage.get("/api/v1/config/p2p_settings.conf").body();
        stage.put("p2p_settings.conf", text.replace("    enable: true", "    enable: false"));
        Reply off = stage.enter("pay_fild05");
        assertThat(off.text("/reason")).as(off.toString()).isEqualTo("P2P_DISABLED");
        await().untilAsserted(() ->
                assertThat(Stage.requireOwner(stage.peers.owner("pay_fild05"))).isEqualTo("reserve"));
        assertThat(stage.get("/api/v1/maps/pay_fild05/explain").text("/summary"))
                .contains("enabled");
        stage.put("p2p_settings.conf", text);
        // The other instance reads the file a moment later, and until then brings home what it finds on a host.
        await().untilAsserted(() -> {
            Reply on = stage.enter("pay_fild05");
            assertThat(on.text("/hostId"))
                    .as(on.toString())
                    .isEqualTo(host.hostId().value());
        });
    }

    @Test
    void mapThatPlayersEnteredIsGivenToAHostThatComesLater() {
        assertThat(stage.enter("pay_fild06").text("/reason")).isEqualTo("NO_HOST");
        HostStateChanged host = stage.say(stage.strongHost(5));
        stage.hostsBecomeReady();
        String config = stage.get("/api/v1/config/" + CONFIG).body();
        stage.put(CONFIG, config.replace("load_check_interval: 60", "load_check_interval: 1"));
        stage.distribute(true);
        await().untilAsserted(() -> assertThat(Stage.requireOwner(stage.peers.owner("pay_fild06")))
                .isEqualTo(host.hostId().value()));
        stage.distribute(false);
        stage.put(CONFIG, config);
    }

    @Test
    void vpsIsRegisteredChangedListedAndRemovedAndItsMapsFollow() {
        assertThat(stage.enter("pay_fild07").text("/reason")).isEqualTo("NO_HOST");
        stage.registerVps("reserve", 5132, "RESERVE");
        await().untilAsserted(() ->
                assertThat(stage.peers.owner("pay_fild07").owner().address()).isEqualTo("127.0.0.1:5132"));
        assertThat(stage.get("/api/v1/vps/reserve").json().at("/port").asInt()).isEqualTo(5132);
        assertThat(stage.get("/api/v1/vps").json().at("/items")).hasSize(2);
        assertThat(stage.operator("DELETE", "/api/v1/vps/reserve", "").status()).isEqualTo(204);
        assertThat(stage.operator("DELETE", "/api/v1/vps/reserve", "").status()).isEqualTo(404);
        assertThat(stage.get("/api/v1/vps/reserve").status()).isEqualTo(404);
        await().untilAsserted(() ->
                assertThat(Stage.requireOwner(stage.peers.owner("pay_fild07"))).isEqualTo("core"));
        assertThat(stage.operator("DELETE", "/api/v1/vps/core", "").status()).isEqualTo(204);
        for (String map : new String[] {"pay_fild08", "prontera", "guild_castle"}) {
            Reply none = stage.enter(map);
            assertThat(none.status()).isEqualTo(503);
            assertThat(none.body()).contains("/problems/no-vps").contains("PUT /api/v1/vps/{id}");
            assertThat(none.response().headers().firstValue("Retry-After")).isPresent();
        }
        stage.registerVps("core", 5121, "CORE");
        stage.registerVps("reserve", 5131, "RESERVE");
        List<String> events = events(Topics.VPS_STATUS, "reserve");
        assertThat(events).hasSizeGreaterThanOrEqualTo(4);
        assertThat(events)
                .allSatisfy(event -> assertThat(EventContracts.faults(Topics.VPS_STATUS, event))
                        .isEmpty());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a|{}",
                "a|{\"host\":\"h\",\"port\":1}",
                "a|{\"host\":\"h\",\"port\":1,\"role\":\"BOTH\"}",
                "a|{\"host\":\"h\",\"port\":0,\"role\":\"CORE\"}",
                "a|{\"host\":\"h\",\"port\":\"1\",\"role\":\"CORE\"}",
                "a|{\"host\":\"h h\",\"port\":1,\"role\":\"CORE\"}",
                "A|{\"host\":\"h\",\"port\":1,\"role\":\"CORE\"}",
                "a|rubbish"
            })
    void badVpsIsRefused(String id, String body) {
        Reply reply = stage.operator("PUT", "/api/v1/vps/" + id, body);
        assertThat(reply.status()).as(reply.toString()).isEqualTo(400);
    }

    @Test
    void eventsOfTheCatalogueAndAuditFitTheirSchemas() {
        List<String> prontera = events(Topics.MAP_CATALOGUE, "prontera");
        assertThat(prontera).isNotEmpty();
        assertThat(prontera.getFirst()).contains("\"restricted\":true");
        assertThat(prontera)
                .allSatisfy(event -> assertThat(EventContracts.faults(Topics.MAP_CATALOGUE, event))
                        .isEmpty());
        List<String> audit = events(Topics.AUDIT, "key:test");
        assertThat(audit).anyMatch(event -> event.contains("config.put")).anyMatch(event -> event.contains("vps.put"));
        assertThat(audit)
                .allSatisfy(event ->
                        assertThat(EventContracts.faults(Topics.AUDIT, event)).isEmpty());
    }

    @Test
    void catalogueTellsOnlyWhatChanged() {
        String text = stage.get("/api/v1/config/p2p_map_eligibility.conf").body();
        int pTest = events(Topics.MAP_CATALOGUE, "p2p_test").size();
        int prontera = events(Topics.MAP_CATALOGUE, "prontera").size();
        stage.put("p2p_map_eligibility.conf", text.replace("p2p_test: 1", "p2p_test: 2"));
        await().untilAsserted(() ->
                assertThat(events(Topics.MAP_CATALOGUE, "p2p_test")).hasSize(pTest + 1));
        stage.put("p2p_map_eligibility.conf", text);
        await().untilAsserted(() ->
                assertThat(events(Topics.MAP_CATALOGUE, "p2p_test")).hasSize(pTest + 2));
        assertThat(events(Topics.MAP_CATALOGUE, "prontera")).hasSize(prontera);
    }

    @Test
    void mapsAreListedInPages() {
        List<String> seen = new ArrayList<>();
        String cursor = "";
        do {
            Reply page = stage.get("/api/v1/maps?limit=3" + (cursor.isEmpty() ? "" : "&cursor=" + cursor));
            assertThat(page.status()).isEqualTo(200);
            page.json().at("/items").forEach(item -> seen.add(item.at("/map").asString()));
            cursor = page.text("/nextCursor");
        } while (!cursor.isEmpty());
        assertThat(seen).isSorted().doesNotHaveDuplicates().contains("prontera", "p2p_test", "iz_dun01");
        assertThat(stage.get("/api/v1/maps?eligible=true&limit=500").body()).doesNotContain("prontera");
        assertThat(stage.get("/api/v1/maps?limit=0").status()).isEqualTo(400);
        assertThat(stage.get("/api/v1/maps?limit=many").status()).isEqualTo(400);
        assertThat(stage.get("/api/v1/assignments?limit=501").status()).isEqualTo(400);
        assertThat(stage.get("/api/v1/assignments?cursor=NO!").status()).isEqualTo(400);
    }

    @Test
    void explanationNamesEveryGateAndEveryCandidate() {
        HostStateChanged good = stage.say(stage.strongHost(5));
        Reply reply = stage.get("/api/v1/maps/pay_dun01/explain?region=eu");
        assertThat(reply.status()).isEqualTo(200);
        List<String> gates = new ArrayList<>();
        reply.json().at("/gates").forEach(gate -> gates.add(gate.at("/name").asString()));
        assertThat(gates)
                .containsExactly("eligible", "in-bundle", "enabled", "not-called-home", "not-held", "arbiter", "vps");
        assertThat(reply.text("/candidates/0/hostId")).isEqualTo(good.hostId().value());
        assertThat(reply.json().at("/candidates/0/score/terms")).hasSize(6);
        assertThat(reply.text("/summary")).contains("best for the next player");
        assertThat(stage.get("/api/v1/maps/prontera/explain").text("/summary")).contains("restricted_maps");
        assertThat(stage.get("/api/v1/maps/pay_dun01/explain?region=e%20u").status())
                .isEqualTo(400);
    }

    @Test
    void aHostIsAsFarAsTheRelayMeasuresIt() {
        HostStateChanged host = stage.say(stage.strongHost(5));
        stage.peers.tunnels = List.of(Map.of("hostId", host.hostId().value(), "roundTripMs", 90.04, "jitterMs", 12.5));
        try {
            await().until(() -> stage.get("/api/v1/maps/pay_dun01/explain")
                    .body()
                    .contains("latency: 115.0 ms (expected: <= 100)"));
        } finally {
            stage.peers.tunnels = List.of();
        }
    }

    @Test
    void aMapThatTheReleasedBundleHasNotGotIsGivenToNoHost() {
        stage.say(stage.strongHost(5));
        stage.peers.bundle = Map.of("version", "1", "maps", List.of("pay_dun01"));
        try {
            await().until(() -> stage.get("/api/v1/maps/iz_dun01/explain")
                    .text("/summary")
                    .contains("the released bundle has not got it"));
            Reply answer = stage.enter("iz_dun01");
            assertThat(answer.text("/reason")).isEqualTo("NOT_IN_BUNDLE");
            assertThat(stage.get("/api/v1/maps/pay_dun01/explain").text("/summary"))
                    .contains("best for the next player");
        } finally {
            stage.peers.bundle = Map.of("maps", List.of());
        }
        await().until(() ->
                !stage.get("/api/v1/maps/iz_dun01/explain").text("/summary").contains("the released bundle"));
    }

    @Test
    void operatorMovesAMapByHandAndItStaysThere() {
        HostStateChanged first = stage.say(stage.strongHost(5));
        stage.hostsBecomeReady();
        assertThat(stage.enter("pay_dun02").text("/hostId"))
                .isEqualTo(first.hostId().value());
        HostStateChanged second = stage.say(stage.strongHost(5));
        Reply toSecond = migrate("pay_dun02", "{\"to\":{\"kind\":\"HOST\",\"id\":\"%s\"}}".formatted(second.hostId()));
        assertThat(toSecond.status()).as(toSecond.toString()).isEqualTo(200);
        assertThat(toSecond.text("/owner/id")).isEqualTo(second.hostId().value());
        assertThat(toSecond.json().at("/epoch").asLong()).isEqualTo(2);
        assertThat(migrate("pay_dun02", "{}").text("/owner/id"))
                .as("the best other one")
                .isEqualTo(first.hostId().value());
        assertThat(migrate("pay_dun02", "{\"to\":{\"kind\":\"VPS\"}}").text("/owner/id"))
                .isEqualTo("reserve");
        assertThat(stage.enter("pay_dun02").text("/reason")).isEqualTo("HELD");
        assertThat(migrate("pay_dun02", "{\"to\":{\"kind\":\"VPS\",\"id\":\"core\"}}")
                        .text("/owner/id"))
                .isEqualTo("core");
        assertThat(migrate("pay_dun02", "").status()).isEqualTo(200);
        await().untilAsserted(() ->
                assertThat(stage.enter("pay_dun02").text("/decision")).isEqualTo("P2P"));
    }

    @Test
    void whoIsBehindAnAddressIsAskedOfEveryRelayAndAudited() {
        stage.peers.playersAnswer = List.of(Map.of(
                "accountId", 2_000_001,
                "clientAddress", "192.0.2.7",
                "sourceAddress", "127.70.1.2",
                "sessionNumber", 3,
                "phase", "PLAYING",
                "since", "2026-11-21T10:00:00Z",
                "map", "prt_fild08",
                "epoch", 5,
                "owner", Map.of("kind", "VPS", "id", "reserve", "address", "127.0.0.1:5131")));
        Reply found = stage.get("/api/v1/players/127.70.1.2");
        assertThat(found.status()).as(found.toString()).isEqualTo(200);
        assertThat(found.text("/players/0/clientAddress")).isEqualTo("192.0.2.7");
        assertThat(found.text("/players/0/relayId")).isEqualTo(StandIns.RELAY_ID);
        assertThat(found.text("/players/0/map")).isEqualTo("prt_fild08");
        assertThat(found.json().at("/silent")).isEmpty();
        await().untilAsserted(() -> assertThat(events(Topics.AUDIT, "key:test"))
                .anyMatch(event -> event.contains("player.whois") && event.contains("player:127.70.1.2")));

        stage.peers.playersAnswer = null;
        Reply silent = stage.get("/api/v1/players/2000001");
        assertThat(silent.status()).isEqualTo(200);
        assertThat(silent.json().at("/players")).isEmpty();
        assertThat(silent.text("/silent/0")).isEqualTo(StandIns.RELAY_ID);
        stage.peers.playersAnswer = List.of();
    }

    @ParameterizedTest
    @CsvSource({"192.0.2.7", "127.63.0.1", "127.128.0.1", "alice", "0", "127.64.0.256"})
    void whoCannotBeAskedForIsRefused(String whom) {
        Reply reply = stage.get("/api/v1/players/" + whom);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body()).contains("expected: an account's number, or an address of 127.64.0.0/10");
    }

    @Test
    void playersAreMovedToAnotherRelaySomeAtATime() {
        Reply moving = stage.operator("POST", "/api/v1/players:carry", "{\"from\":\"relay-1\",\"to\":\"relay-2\"}");
        assertThat(moving.status()).as(moving.toString()).isEqualTo(200);
        assertThat(moving.json().at("/moved").asInt()).isEqualTo(50);
        assertThat(moving.json().at("/left").asInt()).isEqualTo(7);
        assertThat(stage.peers.shed)
                .last()
                .asString()
                .startsWith("/internal/v1/relays/relay-1/carries ")
                .contains("\"to\":\"relay-2\"", "\"accountId\":0", "\"most\":50");
        Reply none = stage.operator("POST", "/api/v1/players:carry", "{\"from\":\"relay-1\",\"to\":\"relay-3\"}");
        assertThat(none.status()).as(none.toString()).isEqualTo(409);
        assertThat(none.body()).contains("no such relay");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|from: missing (expected: a relay's id)",
                "{'from':'a b','to':'relay-2'}|from: 'a b' (expected: a relay's id)",
                "{'from':'relay-1','to':'relay-1'}|to: relay-1 (expected: another relay than from)",
                "{'from':'relay-1','to':'relay-2','accountId':-1}|accountId: -1 (expected: above 0, or none)"
            },
            quoteCharacter = '"')
    void playersAreNotMovedByAFaultyOrder(String body, String why) {
        Reply reply = stage.operator("POST", "/api/v1/players:carry", body.replace('\'', '"'));
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.text("/detail").replace('"', '\'')).contains(why);
    }

    @Test
    void whoMayOnlyLookIsToldNoAddress() {
        assertThat(stage.call(stage.one(), stage.token(Role.VIEWER), "GET", "/api/v1/players/2000001", "")
                        .status())
                .isEqualTo(403);
    }

    @Test
    void badMigrationsAreRefused() {
        assertThat(migrate("no_such_map", "{}").status()).isEqualTo(404);
        assertThat(migrate("prontera", "{}").status()).isEqualTo(422);
        assertThat(migrate("pay_dun03", "{\"to\":{\"kind\":\"CLOUD\"}}").status())
                .isEqualTo(400);
        assertThat(migrate("pay_dun03", "{\"to\":{\"id\":\"x\"}}").status()).isEqualTo(400);
        assertThat(migrate("pay_dun03", "{\"to\":{\"kind\":\"HOST\",\"id\":\"x\"}}")
                        .status())
                .isEqualTo(400);
        assertThat(migrate("pay_dun03", "{\"to\":{\"kind\":\"HOST\"}}").status())
                .isEqualTo(422);
        assertThat(migrate("pay_dun03", "{\"to\":{\"kind\":\"VPS\",\"id\":\"none\"}}")
                        .status())
                .isEqualTo(422);
        assertThat(migrate("pay_dun03", "{\"to\":{\"kind\":\"HOST\",\"id\":\"%s\"}}".formatted(UUID.randomUUID()))
                        .status())
                .as("unknown here, so without a free slot")
                .isEqualTo(409);
        assertThat(stage.call(stage.one(), stage.token(Role.VIEWER), "POST", "/api/v1/maps/pay_dun03:migrate", "{}")
                        .status())
                .isEqualTo(403);
        assertThat(stage.call(stage.one(), stage.token(Role.OPERATOR), "POST", "/api/v1/maps/pay_dun03:teleport", "{}")
                        .status())
                .isEqualTo(405);
    }

    private static Reply migrate(String map, String body) {
        return stage.operator("POST", "/api/v1/maps/" + map + ":migrate", body);
    }

    @Test
    void everythingIsCalledHomeAndLetGoAgain() {
        stage.say(stage.strongHost(5));
        stage.hostsBecomeReady();
        assertThat(stage.enter("mjolnir_01").text("/decision")).isEqualTo("P2P");
        assertThat(stage.enter("mjolnir_02").text("/decision")).isEqualTo("P2P");
        Reply home =
                stage.call(stage.one(), stage.token(Role.OPERATOR), "POST", "/api/v1/control:emergency-failover", "");
        assertThat(home.json().at("/moved").asInt()).as(home.toString()).isEqualTo(2);
        assertThat(home.json().at("/notMoved")).isEmpty();
        assertThat(Stage.requireOwner(stage.peers.owner("mjolnir_01"))).isEqualTo("reserve");
        assertThat(stage.enter("mjolnir_01").text("/reason")).isEqualTo("CALLED_HOME");
        assertThat(stage.enter(stage.instances.get(1), "mjolnir_03", UUID.randomUUID())
                        .text("/reason"))
                .as("for every instance")
                .isEqualTo("CALLED_HOME");
        assertThat(stage.get("/api/v1/status").json().at("/calledHome").asBoolean())
                .isTrue();
        assertThat(stage.operator("POST", "/api/v1/control:reset-network", "").status())
                .isEqualTo(200);
        assertThat(stage.peers.owner("mjolnir_01").owner()).isNull();
        assertThat(stage.enter("mjolnir_01").text("/decision")).isEqualTo("P2P");
    }

    /** The rows of the gateway's table that lead here: the door and the service must agree. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET  | /maps                       | ADMIN OPERATOR VIEWER",
                "GET  | /maps/prontera              | ADMIN OPERATOR VIEWER",
                "GET  | /maps/prontera/explain      | ADMIN OPERATOR VIEWER",
                "POST | /maps/prontera/entries      | ADMIN OPERATOR PLAYER",
                "POST | /maps/prontera:migrate      | ADMIN OPERATOR",
                "GET  | /assignments                | ADMIN OPERATOR VIEWER",
                "GET  | /config                     | ADMIN OPERATOR VIEWER",
                "GET  | /config/p2p_map_config.conf | ADMIN OPERATOR VIEWER",
                "PUT  | /config/nothing             | ADMIN OPERATOR",
                "GET  | /vps                        | ADMIN OPERATOR VIEWER",
                "GET  | /vps/core                   | ADMIN OPERATOR VIEWER",
                "PUT  | /vps/nothing                | ADMIN OPERATOR",
                "DELETE | /vps/nothing              | ADMIN OPERATOR",
                "GET  | /status                     | ADMIN OPERATOR VIEWER",
                "POST | /control:emergency-failover | ADMIN OPERATOR",
                "POST | /control:reset-network      | ADMIN OPERATOR"
            })
    void eachRolePassesWhereTheGatewayLetsItPass(String method, String path, String roles) {
        List<String> passing = List.of(roles.split(" "));
        for (Role role : List.of(Role.ADMIN, Role.OPERATOR, Role.VIEWER, Role.HOST, Role.PLAYER)) {
            String body = method.equals("GET") || method.equals("DELETE") ? "" : "{}";
            Reply reply = stage.call(stage.one(), stage.token(role), method, "/api/v1" + path, body);
            if (passing.contains(role.name())) {
                assertThat(reply.status())
                        .as(role + ": " + reply)
                        .isNotIn(401, 403)
                        .isLessThan(500);
            } else {
                assertThat(reply.status()).as(role + ": " + reply).isEqualTo(403);
            }
        }
    }

    @Test
    void statusCountsAndNamesWhatIsDegraded() {
        stage.say(stage.strongHost(5));
        stage.hostsBecomeReady();
        stage.enter("mjolnir_05");
        Reply reply = stage.get("/api/v1/status");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.text("/state")).isEqualTo("DEGRADED");
        assertThat(reply.json().at("/services")).hasSize(7);
        assertThat(reply.body())
                .contains("host-registry: kafka: does not answer")
                .contains("gateway: service: does not answer");
        for (var service : reply.json().at("/services")) {
            if (service.at("/service").asString().equals("map-assignment")) {
                assertThat(service.at("/state").asString()).isEqualTo("UP");
                assertThat(service.at("/parts/kafka").asString()).isEqualTo("UP");
            }
        }
        assertThat(reply.json().at("/hosts/ready").asInt()).isEqualTo(1);
        assertThat(reply.json().at("/assignments/onHosts").asInt()).isGreaterThanOrEqualTo(1);
        assertThat(reply.json().at("/maps/eligible").asInt()).isPositive();
        assertThat(stage.internal(ServiceName.RELAY, "GET", "/internal/v1/status", "")
                        .text("/state"))
                .isEqualTo("DEGRADED");
    }

    @Test
    void operatorReadsWhoIsOnTheVpsBecauseNobodyElseCanReadTheirClients() {
        stage.peers.directPlayers =
                List.of(Map.of("map", "mjolnir_05", "players", 3), Map.of("map", "mjolnir_06", "players", 2));
        try {
            assertThat(stage.get("/api/v1/status")
                            .json()
                            .at("/protectedPlayers")
                            .asInt())
                    .isEqualTo(5);
            Reply explained = stage.get("/api/v1/maps/mjolnir_05/explain");
            assertThat(explained.json().at("/protectedPlayers").asInt()).isEqualTo(3);
            assertThat(explained.text("/summary")).contains("3 players").contains("only the VPS");
            Reply nobody = stage.get("/api/v1/maps/mjolnir_01/explain");
            assertThat(nobody.json().at("/protectedPlayers").asInt(-1))
                    .as(nobody.toString())
                    .isZero();
        } finally {
            stage.peers.directPlayers = List.of();
        }
    }

    @Test
    void relaysReadAHostsScoreForItsOwner() {
        HostStateChanged host = stage.strongHost(5);
        stage.say(host);
        stage.hostsBecomeReady();
        Reply known = stage.internal(ServiceName.RELAY, "GET", "/internal/v1/hosts/" + host.hostId() + "/score", "");
        assertThat(known.json().at("/score").asDouble()).isBetween(0.01, 1.0);
        Reply unknown =
                stage.internal(ServiceName.RELAY, "GET", "/internal/v1/hosts/" + HostId.random() + "/score", "");
        assertThat(unknown.status()).isEqualTo(200);
        assertThat(unknown.json().at("/score").isNumber()).isFalse();
        assertThat(stage.internal(ServiceName.METRICS, "GET", "/internal/v1/hosts/" + host.hostId() + "/score", "")
                        .status())
                .isEqualTo(403);
    }

    @Test
    void startWithFaultyFilesIsRefusedNamingEachFault(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve(CONFIG), "cpu_min_cores: none\n");
        Files.writeString(folder.resolve("p2p.conf"), "coordinator:\n  port: none\n");
        Map<String, String> fresh = TestService.databaseSettings(ServiceName.MAP_ASSIGNMENT);
        assertThatThrownBy(() -> stage.start(with(fresh, "p2p.assignment.config-dir", folder.toString())))
                .hasStackTraceContaining("p2p_map_config.conf:1: cpu_min_cores: none (expected: a whole number")
                .hasStackTraceContaining("p2p.conf:2: port: none (expected: a whole number");
    }

    @Test
    void folderOfTheOperatorAndHisRathenaTreeAreUsedAtTheFirstStart(@TempDir Path folder) throws IOException {
        Files.createDirectories(folder.resolve("rathena/db"));
        Files.writeString(folder.resolve("rathena/db/map_index.txt"), "prontera\t1\nmoc_fild01\t2\nizlude\n");
        Files.writeString(folder.resolve(CONFIG), "import: mine.conf\n");
        Files.writeString(folder.resolve("mine.conf"), "max_latency_ms: 70\n");
        Map<String, String> settings = with(
                TestService.databaseSettings(ServiceName.MAP_ASSIGNMENT),
                "p2p.assignment.config-dir",
                folder.toString());
        settings.put("p2p.assignment.rathena-home", folder.resolve("rathena").toString());
        try (TestService service = stage.start(settings)) {
            assertThat(requirements(service).json().at("/maxLatencyMs").asInt()).isEqualTo(70);
            String viewer = stage.token(Role.VIEWER);
            assertThat(stage.call(service, viewer, "GET", "/api/v1/maps/izlude", "")
                            .text("/eligibility"))
                    .isEqualTo("NOT_ELIGIBLE");
            assertThat(stage.call(service, viewer, "GET", "/api/v1/maps/moc_fild02", "")
                            .status())
                    .isEqualTo(404);
            assertThat(stage.call(service, viewer, "GET", "/api/v1/maps", "")
                            .json()
                            .at("/items"))
                    .hasSize(3);
        }
        assertThat(FirstFiles.from(folder)).containsKeys("mine.conf", "DATA.INI");
    }

    private static Map<String, String> with(Map<String, String> settings, String key, String value) {
        Map<String, String> all = new java.util.HashMap<>(settings);
        all.put(key, value);
        return all;
    }

    private static Reply requirements(TestService instance) {
        return stage.call(
                instance,
                stage.tokens.service(ServiceName.HOST_REGISTRY, ServiceName.MAP_ASSIGNMENT),
                "GET",
                "/internal/v1/requirements",
                "");
    }

    /** All events of a key, from the beginning of the topic. */
    private static List<String> events(String topic, String key) {
        List<String> found = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", TestInfra.shared().bootstrapServers()),
                new StringDeserializer(),
                new StringDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(p -> new TopicPartition(topic, p.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
                    if (key.equals(record.key())) {
                        found.add(new String(record.value().getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
                    }
                }
            }
        }
        return found;
    }
}
