package io.p2phost.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.HostLifeState;
import io.p2phost.contracts.Json;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import io.p2phost.contracts.ServiceName;
import io.p2phost.contracts.event.EventEnvelope;
import io.p2phost.contracts.event.HostStateChanged;
import io.p2phost.contracts.event.Topics;
import io.p2phost.links.CloseReason;
import io.p2phost.links.frame.CellRole;
import io.p2phost.links.frame.GoAwayCode;
import io.p2phost.links.net.DialPlaces;
import io.p2phost.links.net.LinkTransport;
import io.p2phost.links.testing.LeakGuard;
import io.p2phost.links.testing.Line;
import io.p2phost.links.testing.RecordingMetrics;
import io.p2phost.links.testing.SuiteStandIn;
import io.p2phost.links.testing.TestAuthority;
import io.p2phost.links.tls.RotatingTls;
import io.p2phost.links.tunnel.OpenAnswer;
import io.p2phost.links.tunnel.TunnelClient;
import io.p2phost.links.tunnel.TunnelClientListener;
import io.p2phost.relay.front.Front;
import io.p2phost.relay.tunnel.HostTunnels;
import io.p2phost.ro.client.MapToClient;
import io.p2phost.ro.client.OwnLine;
import io.p2phost.ro.client.Say;
import io.p2phost.ro.client.ServerMove;
import io.p2phost.testkit.EventContracts;
import io.p2phost.testkit.TestInfra;
import io.p2phost.testkit.TestService;
import io.p2phost.testkit.TestTokens;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Hosts at the whole relay: real certificates, real TLS, real database; the rest of the suite stands in. */
@ExtendWith(LeakGuard.class)
class TunnelIT {
    private static final HttpClient http = HttpClient.newHttpClient();
    private static TestTokens tokens;
    private static SuiteStandIn suite;
    private static DbProxyStandIn dbProxy;
    private static final Map<String, Route> routes = new ConcurrentHashMap<>();
    private static LinkTransport transport;
    private static Map<String, String> settings;
    private static TestService relay;
    private final List<Host> hosts = new ArrayList<>();

    @BeforeAll
    static void start() {
        tokens = new TestTokens();
        suite = new SuiteStandIn(ServiceName.RELAY);
        dbProxy = new DbProxyStandIn();
        transport = LinkTransport.start("hosts", 2);
        settings = new HashMap<>(TestService.databaseSettings(ServiceName.RELAY));
        settings.putAll(suite.settings());
        settings.put("p2p.relay.tunnel-port", "0");
        settings.put("p2p.services.db-proxy", dbProxy.url());
        settings.put("p2p.relay.front-ports", "0");
        settings.put("p2p.relay.announce-every", "200ms");
        // Some tests are about as much as there can be.
        settings.put("p2p.relay.players.packets-per-second", "1000000");
        settings.put("p2p.relay.players.bytes-per-second", "1000000000");
        settings.put("p2p.relay.rates.chat-per-second", "1000000");
        settings.put("p2p.relay.rates.chat-burst", "1000000");
        relay = TestService.start(RelayApplication::start, ServiceName.RELAY, tokens, settings);
        // Hosts come back to the same port after a restart.
        settings.put("p2p.relay.tunnel-port", String.valueOf(tunnelPort()));
    }

    @AfterAll
    static void stop() {
        relay.close();
        transport.close();
        suite.close();
        dbProxy.close();
        tokens.close();
    }

    @BeforeEach
    void freshSuite() {
        suite.failovers.clear();
        dbProxy.signals.clear();
        suite.readiness.clear();
        suite.hostState = "READY";
        suite.assignmentAway = false;
        suite.taken = SuiteStandIn.TAKEN;
        suite.hostsAway = false;
        await().until(() -> relay.context().getBean(RotatingTls.class).isLoaded());
    }

    @AfterEach
    void closeHosts() {
        hosts.forEach(Host::close);
    }

    @Test
    void playerIsServedByTheHostThatTheRouteNames() throws Exception {
        Host host = new Host();
        route("served", 3, host.id);

        await().until(() -> host.said.contains("assign served 3 PRIMARY"));
        host.ready("served", 3);
        await().until(() -> suite.readiness.size() == 1);
        assertThat(suite.readiness.getFirst().get("hostId").asString()).isEqualTo(host.id.value());
        assertThat(suite.readiness.getFirst().get("ready").asBoolean()).isTrue();
        assertThat(suite.readiness.getFirst().get("epoch").asLong()).isEqualTo(3);
        assertThat(talk("served", "a nonce")).isEqualTo("cell a nonce");
        assertThat(host.cell.entered.getFirst().loginId1()).isEqualTo(DbProxyStandIn.pseudonym(1));
        assertThat(host.said).contains("open served 3");
    }

    @Test
    void muchOfItArrivesWholeAndInOrder() throws Exception {
        Host host = new Host();
        route("large", 1, host.id);
        await().until(() -> host.said.contains("assign large 1 PRIMARY"));
        int lines = 20_000;
        String words = "x".repeat(60);
        try (TestClient player = connect("large")) {
            Thread writer = Thread.ofVirtual().start(() -> {
                try {
                    for (int i = 0; i < lines; i++) {
                        player.send(Say.of("me", i + words).packet());
                    }
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            for (int i = 0; i < lines; i++) {
                assertThat(new OwnLine(player.await(MapToClient.OWN_LINE)).text())
                        .isEqualTo("cell me : " + i + words);
            }
            writer.join();
        }
    }

    @Test
    void newOwnerFencesTheOldOneWhosePlayersStayAndAreMovedByOrder() throws Exception {
        Host old = new Host();
        Host next = new Host();
        route("moves", 1, old.id);
        await().until(() -> old.said.contains("assign moves 1 PRIMARY"));
        try (TestClient player = connect("moves")) {
            route("moves", 2, next.id);
            await().until(() -> old.said.contains("fenced moves 2"));
            await().until(() -> next.said.contains("assign moves 2 PRIMARY"));
            await().until(() -> old.cell.players() == 0);
            assertThat(dbProxy.signals)
                    .as("he is not gone")
                    .noneMatch(signal -> signal.required("accountId").asInt()
                            == old.cell.entered.getFirst().account());

            int account = old.cell.entered.getFirst().account();
            Map<String, Object> order = DbProxyStandIn.destination(Owner.host(next.id), "moves", 2, 2);
            order.put("accountId", account);
            order.put("kind", "REHOME");
            assertThat(order(order)).contains("\"unknown\":[]");
            ServerMove move = new ServerMove(player.await(MapToClient.SERVER_MOVE));
            assertThat(move.map()).isEqualTo("moves.gat");
            assertThat(move.port()).isEqualTo(frontPort());
        }
        assertThat(talk("moves", "x")).isEqualTo("cell x");
        assertThat(next.said).contains("open moves 2");
    }

    @Test
    void playerWhoDoesNotReadStopsHisCellAndNobodyElse() throws Exception {
        Host host = new Host();
        route("floods", 1, host.id);
        await().until(() -> host.said.contains("assign floods 1 PRIMARY"));
        try (TestClient deaf = connect("floods");
                TestClient other = connect("floods")) {
            deaf.say(MapServerStand.FLOOD);
            awaitStandstill(host.cell.sent);
            // Kernel buffers of three sockets, one window, and what his connection holds.
            assertThat(host.cell.sent.get()).isLessThan(24 << 20);
            assertThat(other.talk("still here")).isEqualTo("cell still here");

            long before = host.cell.sent.get();
            for (int i = 0; i < 10_000; i++) {
                deaf.await(MapToClient.OWN_LINE);
            }
            assertThat(host.cell.sent.get()).as("it goes on when he reads").isGreaterThan(before);
        }
    }

    private static void awaitStandstill(AtomicLong counter) {
        AtomicLong before = new AtomicLong(-1);
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(700))
                .until(() -> counter.get() > 0 && before.getAndSet(counter.get()) == counter.get());
    }

    @Test
    void cellThatDoesNotReadStopsItsPlayerAndNobodyElse() throws Exception {
        Host host = new Host();
        route("deaf", 1, host.id);
        await().until(() -> host.said.contains("assign deaf 1 PRIMARY"));
        try (TestClient player = connect("deaf");
                TestClient other = connect("deaf")) {
            player.say(MapServerStand.DEAF);
            AtomicLong sent = new AtomicLong();
            Thread writer = Thread.ofVirtual().start(() -> {
                try {
                    while (true) {
                        player.say("x".repeat(200));
                        sent.addAndGet(200);
                    }
                } catch (IOException e) {
                    // The test is over.
                }
            });
            awaitStandstill(sent);
            assertThat(sent.get()).isLessThan(24 << 20);
            assertThat(other.talk("still here")).isEqualTo("cell still here");
            player.close();
            writer.join();
        }
    }

    @Test
    void claimOfAStaleEpochIsAnsweredWithTheOneInEffect() throws Exception {
        Host host = new Host();
        route("stale", 9, host.id);
        await().until(() -> host.said.contains("assign stale 9 PRIMARY"));

        host.ready("stale", 8);

        await().until(() -> host.said.contains("fenced stale 9"));
        assertThat(suite.readiness).isEmpty();
    }

    @Test
    void claimThatIsAheadOfItsRouteCountsWhenTheRouteComes() throws Exception {
        Host host = new Host();
        host.ready("early", 4);
        route("early", 4, host.id);

        await().untilAsserted(() -> assertThat(suite.readiness).hasSize(1));
    }

    @Test
    void lostTunnelIsReportedAtOnceAndAgainUntilAssignmentTakesIt() throws Exception {
        Host host = new Host();
        route("lost", 1, host.id);
        await().until(() -> host.said.contains("assign lost 1 PRIMARY"));
        suite.assignmentAway = true;

        host.close();
        await().until(() -> tunnels().of(host.id).isEmpty());
        assertThat(losses(host)).isZero();
        suite.assignmentAway = false;

        await().until(() -> losses(host) == 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "{}", "<html>"})
    void lostTunnelIsReportedAgainWhileTheAnswerIsNoneOfAssignments(String answer) throws Exception {
        Host host = new Host();
        String map = "wrong" + answer.length();
        route(map, 1, host.id);
        await().until(() -> host.said.contains("assign " + map + " 1 PRIMARY"));
        suite.taken = answer;

        host.close();
        await().until(() -> losses(host) >= 2);
        suite.taken = SuiteStandIn.TAKEN;
    }

    @Test
    void killedHostIsReportedAtOnceAndToldItsMapsAgainWhenItIsBack() throws Exception {
        try (Line line = new Line(relayAddress())) {
            Host host = new Host(suite.authority, true, line.address());
            route("killed", 4, host.id);
            await().until(() -> host.said.contains("assign killed 4 PRIMARY"));
            host.said.clear();
            line.breakOff();

            await().atMost(Duration.ofSeconds(5)).until(() -> losses(host) == 1);
            await().until(() -> host.said.contains("assign killed 4 PRIMARY"));
            assertThat(talk("killed", "again")).isEqualTo("cell again");
        }
    }

    @Test
    void hostWhoseLineBreaksIsReportedAtOnceAndGoesOnWithItsPlayersAsSoonAsItIsBack() throws Exception {
        try (Line line = new Line(relayAddress())) {
            Host host = new Host(suite.authority, true, line.address());
            route("mends", 1, host.id);
            await().until(() -> host.said.contains("assign mends 1 PRIMARY"));
            try (TestClient player = connect("mends")) {
                assertThat(player.talk("before")).isEqualTo("cell before");
                line.breakOff();

                await().until(() -> losses(host) == 1);
                assertThat(player.talk("after")).isEqualTo("cell after");
                assertThat(host.cell.entered).as("connections to the cell").hasSize(1);
            }
        }
    }

    @Test
    void playersOfAKilledHostAreMovedThoughTheirStreamsStillWaitForIt() throws Exception {
        Host next = new Host();
        try (Line line = new Line(relayAddress())) {
            Host killed = new Host(suite.authority, true, line.address());
            route("falls", 1, killed.id);
            await().until(() -> killed.said.contains("assign falls 1 PRIMARY"));
            try (TestClient player = connect("falls")) {
                long before = System.nanoTime();
                line.close();
                await().until(() -> losses(killed) == 1);
                int account = killed.cell.entered.getFirst().account();
                route("falls", 2, next.id);
                Map<String, Object> order = DbProxyStandIn.destination(Owner.host(next.id), "falls", 2, 2);
                order.put("accountId", account);
                order.put("kind", "REHOME");
                assertThat(order(order)).contains("\"unknown\":[]");

                player.await(MapToClient.SERVER_MOVE);
                assertThat(Duration.ofNanos(System.nanoTime() - before))
                        .as("before the streams are given up")
                        .isLessThan(Duration.ofSeconds(3));
            }
        }
    }

    @Test
    void hostThatFallsSilentIsReportedWhenItsLeaseOfThreeSecondsIsOver() throws Exception {
        try (Line line = new Line(relayAddress())) {
            Host host = new Host(suite.authority, true, line.address());
            route("silent", 1, host.id);
            long before = System.nanoTime();

            line.fallSilent();

            await().atMost(Duration.ofSeconds(10)).until(() -> losses(host) == 1);
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofSeconds(2));
        }
    }

    @Test
    void blacklistedHostIsCutByTheEventAndNotLetInAgain() {
        Host host = new Host();
        suite.hostState = "BLACKLISTED";

        say(host.id, HostLifeState.BLACKLISTED, 2);

        await().until(() -> host.said.contains("goaway BLACKLISTED"));
        await().until(() ->
                host.said.stream().filter("goaway BLACKLISTED"::equals).count() >= 2);
        assertThat(tunnels().of(host.id)).isEmpty();
        await().until(() -> losses(host) == 1);
    }

    @Test
    void whileTheRegistryIsAwayTheLastKnownStateCounts() {
        suite.hostsAway = true;
        Host host = new Host(suite.authority, false, relayAddress());
        await().until(() -> host.said.contains("goaway OVERLOADED"));
        assertThat(tunnels().of(host.id)).as("nobody knows it").isEmpty();

        say(host.id, HostLifeState.READY, 1);

        await().until(() -> tunnels().of(host.id).isPresent());
    }

    @Test
    void loadIsToldOnKafkaAndFitsItsSchema() {
        Host host = new Host();
        try (KafkaConsumer<byte[], byte[]> kafka = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        TestInfra.shared().bootstrapServers(),
                        "group.id",
                        "test-" + host.id,
                        "auto.offset.reset",
                        "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            kafka.subscribe(List.of(Topics.RELAY_SESSIONS));
            List<String> heard = new ArrayList<>();
            await().atMost(Duration.ofSeconds(20)).until(() -> {
                kafka.poll(Duration.ofMillis(200))
                        .forEach(load -> heard.add(new String(load.value(), StandardCharsets.UTF_8)));
                return heard.stream().anyMatch(load -> ofThisRelay(load) && tunnelsIn(load) >= 1);
            });
            assertThat(heard)
                    .allSatisfy(load -> assertThat(EventContracts.faults(Topics.RELAY_SESSIONS, load))
                            .isEmpty());
        }
    }

    private static boolean ofThisRelay(String load) {
        return Json.mapper().readTree(load).get("aggregateId").asString().equals("relay-1");
    }

    private static int tunnelsIn(String load) {
        return Json.mapper().readTree(load).get("data").get("hostTunnels").asInt();
    }

    @Test
    void assignmentLearnsHowLongAHostHasBeenSilentAndWhereItIs() throws Exception {
        Host host = new Host();
        String hosts = "{\"hosts\":[\"" + HostId.random() + "\",\"" + host.id + "\"]}";
        JsonNode silences = ask("POST", "/internal/v1/silences", hosts).get("hosts");
        assertThat(silences).hasSize(1);
        assertThat(silences.at("/0/hostId").asString()).isEqualTo(host.id.value());
        assertThat(silences.at("/0/silentMillis").asLong(-1)).isBetween(0L, 1_500L);
        String tooMany = "{\"hosts\":[" + "\"%s\",".formatted(host.id).repeat(1_000) + "\"%s\"]}".formatted(host.id);
        assertThat(send(ServiceName.MAP_ASSIGNMENT, "POST", "/internal/v1/silences", tooMany)
                        .statusCode())
                .isEqualTo(400);
        await().untilAsserted(() -> {
            boolean[] seen = new boolean[1];
            ask("GET", "/internal/v1/tunnels", "").forEach(row -> {
                if (row.get("hostId").asString().equals(host.id.value())) {
                    seen[0] = row.get("network").asString().equals("127.0.0.0/24")
                            && row.path("roundTripMs").asDouble() > 0;
                }
            });
            assertThat(seen[0]).isTrue();
        });
    }

    @Test
    void hostIsToldThatItStandsBy() throws Exception {
        Host host = new Host();
        String standbys = """
                {"standbys":[{"map":"stands","epoch":4,"hostId":"%s"},{"map":"stands","epoch":4,"hostId":"%s"}]}""".formatted(host.id, HostId.random());
        assertThat(ask("PUT", "/internal/v1/standbys", standbys).get("told").asInt())
                .isOne();
        await().until(() -> host.said.contains("assign stands 4 STANDBY"));
        assertThat(ask("PUT", "/internal/v1/standbys", "{}").get("told").asInt())
                .isZero();
    }

    @Test
    void badOrEndlessStandbysAreRefused() throws Exception {
        String one = "{\"map\":\"m\",\"epoch\":1,\"hostId\":\"" + HostId.random() + "\"}";
        for (String body : List.of(
                "{\"standbys\":[{\"map\":\"m\",\"epoch\":1}]}",
                "{\"standbys\":[{\"epoch\":1,\"hostId\":\"x\"}]}",
                "{\"standbys\":[" + String.join(",", Collections.nCopies(501, one)) + "]}")) {
            assertThat(send(ServiceName.MAP_ASSIGNMENT, "PUT", "/internal/v1/standbys", body)
                            .statusCode())
                    .isEqualTo(400);
        }
        assertThat(send(ServiceName.DB_PROXY, "PUT", "/internal/v1/standbys", "{}")
                        .statusCode())
                .isEqualTo(403);
    }

    private static JsonNode ask(String method, String path, String body) throws Exception {
        HttpResponse<String> answer = send(ServiceName.MAP_ASSIGNMENT, method, path, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Json.mapper().readTree(answer.body());
    }

    private static HttpResponse<String> send(ServiceName from, String method, String path, String body)
            throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(relay.url() + path))
                        .header("Authorization", "Bearer " + tokens.service(from, ServiceName.RELAY))
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void figuresAreServedToPrometheus() throws Exception {
        Host host = new Host();
        route("figures", 1, host.id);
        await().until(() -> host.said.contains("assign figures 1 PRIMARY"));
        assertThat(talk("figures", "x")).isEqualTo("cell x");

        String management = relay.context().getEnvironment().getProperty("local.management.port");
        String page = http.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + management + "/actuator/prometheus"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();

        for (String name : List.of(
                "p2p_relay_host_tunnels",
                "p2p_relay_player_sessions",
                "p2p_relay_players",
                "p2p_relay_players_alone",
                "p2p_relay_players_entered_total",
                "p2p_relay_players_moved_total",
                "p2p_relay_back_in_game_seconds",
                "p2p_relay_entries_total",
                "p2p_relay_dials_waiting",
                "p2p_relay_routes",
                "p2p_relay_bytes_total",
                "p2p_relay_dropped_total",
                "p2p_relay_refused_total",
                "p2p_relay_tunnels_opened_total",
                "p2p_relay_tunnels_closed_total",
                "p2p_relay_admissions_total",
                "p2p_relay_reports_pending",
                "p2p_relay_window_bytes",
                "http_server_requests_seconds_count")) {
            assertThat(page).as(name).containsPattern("(?m)^" + name + "[{ ]");
        }
        assertThat(page).containsPattern("p2p_relay_admissions_total\\{outcome=\"admitted\"[^}]*} [1-9]");
    }

    @Test
    void certificateOfAnotherAuthorityIsTurnedAway() {
        Host stranger = new Host(new TestAuthority(), false, relayAddress());

        await().until(() -> stranger.said.stream().anyMatch(line -> line.startsWith("disconnected")));
        assertThat(tunnels().of(stranger.id)).isEmpty();
    }

    @Test
    void restartedRelayTakesItsHostBack() throws Exception {
        Host host = new Host();
        route("restart", 5, host.id);
        await().until(() -> host.said.contains("assign restart 5 PRIMARY"));
        host.said.clear();
        relay.close();
        assertThat(losses(host)).as("its own end is not the host's").isZero();
        dbProxy.owners = "{\"owners\":[{\"map\":\"restart\",\"epoch\":5,\"owner\":{\"kind\":\"HOST\",\"id\":\""
                + host.id.value() + "\"}}]}";
        try {
            relay = TestService.start(RelayApplication::start, ServiceName.RELAY, tokens, settings);

            await().atMost(Duration.ofSeconds(20)).until(() -> host.said.contains("assign restart 5 PRIMARY"));
            await().until(() -> talk("restart", "again").equals("cell again"));
        } finally {
            dbProxy.owners = "{\"owners\":[]}";
        }
    }

    @Test
    void withoutACertificateTheRelayIsNotReadyAndTheRegistryIsNotTold() throws Exception {
        suite.signs = false;
        Map<String, String> other = new HashMap<>(settings);
        other.put("p2p.relay.relay-id", "relay-2");
        other.put("p2p.relay.tunnel-port", "0");
        try (TestService second = TestService.start(RelayApplication::start, ServiceName.RELAY, tokens, other)) {
            assertThat(ping(second)).contains("no link certificate").contains("no signing today");
            suite.signs = true;
            suite.announced.clear();
            await().atMost(Duration.ofSeconds(40)).until(() -> ping(second).contains("\"tunnels\":\"UP\""));
            await().until(() -> suite.announced.stream()
                    .anyMatch(a -> a.startsWith("/internal/v1/relays/relay-2") && a.contains("tunnelPort")));
        } finally {
            suite.signs = true;
        }
    }

    @Test
    void shortCertificateIsRenewedWhileTunnelsStand() {
        suite.certificateLife = Duration.ofSeconds(3);
        Map<String, String> other = new HashMap<>(settings);
        other.put("p2p.relay.relay-id", "relay-3");
        other.put("p2p.relay.tunnel-port", "0");
        try (TestService third = TestService.start(RelayApplication::start, ServiceName.RELAY, tokens, other)) {
            RotatingTls tls = third.context().getBean(RotatingTls.class);
            await().until(tls::isLoaded);
            Object first = tls.material();
            await().atMost(Duration.ofSeconds(10)).until(() -> !tls.material().equals(first));
        } finally {
            suite.certificateLife = Duration.ofHours(1);
        }
    }

    private static long losses(Host host) {
        return suite.failovers.stream()
                .filter(loss -> loss.get("hostId").asString().equals(host.id.value())
                        && loss.get("cause").asString().equals("TUNNEL_LOST"))
                .count();
    }

    private static String order(Map<String, Object> order) throws Exception {
        String body = Json.mapper().writeValueAsString(Map.of("orders", List.of(order)));
        return http.send(
                        HttpRequest.newBuilder(URI.create(relay.url() + "/internal/v1/orders"))
                                .header(
                                        "Authorization",
                                        "Bearer " + tokens.service(ServiceName.DB_PROXY, ServiceName.RELAY))
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static int frontPort() {
        return relay.context().getBean(Front.class).ports().getFirst();
    }

    private static HostTunnels tunnels() {
        return relay.context().getBean(HostTunnels.class);
    }

    private static int tunnelPort() {
        return tunnels().port();
    }

    private static InetSocketAddress relayAddress() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), tunnelPort());
    }

    /** As the registry says a change of state. */
    private static void say(HostId host, HostLifeState state, long version) {
        HostStateChanged change = new HostStateChanged(
                host, 2_000_001, "pc", "eu", state, 3, 4.0, 8, 32, 500, 4, null, null, null, null, null, null, "test");
        EventEnvelope<HostStateChanged> event = new EventEnvelope<>(
                UUID.randomUUID().toString(),
                HostStateChanged.TYPE,
                1,
                Instant.now(),
                host.value(),
                version,
                null,
                change);
        try (KafkaProducer<byte[], byte[]> kafka = new KafkaProducer<>(
                Map.of("bootstrap.servers", TestInfra.shared().bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            kafka.send(new ProducerRecord<>(
                    Topics.HOST_STATE,
                    host.value().getBytes(StandardCharsets.UTF_8),
                    Json.mapper().writeValueAsBytes(event)));
            kafka.flush();
        }
    }

    private record Route(HostId owner, long epoch) {}

    private static void route(String map, long epoch, HostId owner) throws Exception {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(URI.create(relay.url() + "/internal/v1/routes/" + map))
                        .header("Authorization", "Bearer " + tokens.service(ServiceName.DB_PROXY, ServiceName.RELAY))
                        .header("Content-Type", "application/json")
                        .PUT(HttpRequest.BodyPublishers.ofString("{\"epoch\":" + epoch
                                + ",\"owner\":{\"kind\":\"HOST\",\"id\":\"" + owner.value() + "\"}}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        routes.put(map, new Route(owner, epoch));
    }

    private static String ping(TestService service) throws Exception {
        return http.send(
                        HttpRequest.newBuilder(URI.create(service.url() + "/internal/v1/ping"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    /** A player who is let in by the map's owner. */
    private static TestClient connect(String map) throws IOException {
        Route route = routes.get(map);
        int account = dbProxy.player(Owner.host(route.owner), map, route.epoch);
        return TestClient.inGame(frontPort(), account);
    }

    private static String talk(String map, String text) throws IOException {
        try (TestClient player = connect(map)) {
            return player.talk(text);
        }
    }

    /** A host with one cell for all its maps. */
    private final class Host implements TunnelClientListener, AutoCloseable {
        final HostId id = HostId.random();
        final List<String> said = new CopyOnWriteArrayList<>();
        private final MapServerStand cell = new MapServerStand("cell");
        private final TunnelClient client;

        Host() {
            this(suite.authority, true, relayAddress());
        }

        Host(TestAuthority authority, boolean admitted, InetSocketAddress relayAddress) {
            client = new TunnelClient(
                    TunnelClient.Options.of(relayAddress, "host/test")
                            .withRetry(Duration.ofMillis(50), Duration.ofMillis(200)),
                    RotatingTls.connecting(authority.host(id)),
                    transport,
                    new DialPlaces(),
                    this,
                    new RecordingMetrics());
            client.start();
            hosts.add(this);
            if (admitted) {
                await().until(() -> tunnels().of(id).isPresent());
                await().until(client::isConnected);
            }
        }

        void ready(String map, long epoch) {
            assertThat(client.ready(MapName.of(map), Epoch.of(epoch), true, "cell up"))
                    .isTrue();
        }

        @Override
        public void assign(MapName map, Epoch epoch, CellRole role) {
            said.add("assign " + map + " " + epoch + " " + role);
        }

        @Override
        public void fenced(MapName map, Epoch currentEpoch) {
            said.add("fenced " + map + " " + currentEpoch);
        }

        @Override
        public OpenAnswer open(MapName map, Epoch epoch) {
            said.add("open " + map + " " + epoch);
            return OpenAnswer.accept(cell.endpoint());
        }

        @Override
        public void goAway(GoAwayCode code) {
            said.add("goaway " + code);
        }

        @Override
        public void disconnected(CloseReason reason, Duration nextAttempt) {
            said.add("disconnected " + reason);
        }

        @Override
        public void close() {
            client.close();
            cell.close();
        }
    }
}
