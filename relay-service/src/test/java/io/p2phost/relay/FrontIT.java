package io.p2phost.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.p2phost.contracts.Json;
import io.p2phost.contracts.Owner;
import io.p2phost.contracts.ServiceName;
import io.p2phost.links.testing.LeakGuard;
import io.p2phost.links.testing.SuiteStandIn;
import io.p2phost.relay.announce.Announcer;
import io.p2phost.relay.codec.Codecs;
import io.p2phost.relay.codec.StreamCodec;
import io.p2phost.relay.front.Front;
import io.p2phost.relay.player.Players;
import io.p2phost.ro.Packet;
import io.p2phost.ro.client.ClientIds;
import io.p2phost.ro.client.ClientToMap;
import io.p2phost.ro.client.MapToClient;
import io.p2phost.ro.client.Refused;
import io.p2phost.testkit.TestService;
import io.p2phost.testkit.TestTokens;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole relay on a real database, with map-servers of the VPS; db-proxy stands in. */
@ExtendWith(LeakGuard.class)
class FrontIT {
    private static final String KEYS = "0x4a715ef9,0x79103e4f,0x405c1238";
    private static final HttpClient http = HttpClient.newHttpClient();
    private static TestTokens tokens;
    private static SuiteStandIn suite;
    private static DbProxyStandIn dbProxy;
    private static TestService relay;
    private static TestService splicing;
    private static Map<String, String> database;

    @BeforeAll
    static void start() {
        tokens = new TestTokens();
        suite = new SuiteStandIn(ServiceName.RELAY);
        dbProxy = new DbProxyStandIn();
        database = TestService.databaseSettings(ServiceName.RELAY);
        relay = relay("relay-1", Map.of());
        splicing = relay("relay-2", Map.of("p2p.relay.splice-versions", "20200401"));
    }

    private static TestService relay(String id, Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(database);
        settings.putAll(suite.settings());
        settings.put("p2p.services.db-proxy", dbProxy.url());
        settings.put("p2p.relay.relay-id", id);
        settings.put("p2p.relay.tunnel-port", "0");
        settings.put("p2p.relay.front-ports", "0,0");
        settings.put("p2p.relay.announce-every", "200ms");
        settings.putAll(more);
        return TestService.start(RelayApplication::start, ServiceName.RELAY, tokens, settings);
    }

    @AfterAll
    static void stop() {
        splicing.close();
        relay.close();
        dbProxy.close();
        suite.close();
        tokens.close();
    }

    @BeforeEach
    void fresh() {
        dbProxy.away = false;
        dbProxy.signals.clear();
        dbProxy.entries.clear();
    }

    private static int port(TestService of, int index) {
        return of.context().getBean(Front.class).ports().get(index);
    }

    private static double alone() {
        return relay.context()
                .getBean(MeterRegistry.class)
                .get("p2p_relay_players_alone")
                .gauge()
                .value();
    }

    private static Owner vps(MapServerStand server) {
        return Owner.vps("reserve", server.address());
    }

    @Test
    void playerIsServedByWhomDbProxyNamesFromAnAddressOfHisOwn() throws Exception {
        try (MapServerStand reserve = new MapServerStand("reserve")) {
            int account = dbProxy.player(vps(reserve), "prt_fild08", 1);
            int other = dbProxy.player(vps(reserve), "prt_fild08", 1);
            try (TestClient player = TestClient.inGame(port(relay, 0), account);
                    TestClient second = TestClient.inGame(port(relay, 1), other)) {
                assertThat(player.talk("hello")).isEqualTo("reserve hello");
                assertThat(second.talk("hello")).isEqualTo("reserve hello");
            }
            assertThat(reserve.entered)
                    .allSatisfy(entered ->
                            assertThat(entered.from()).matches("127\\.(6[4-9]|[7-9]\\d|1[01]\\d|12[0-7])\\..*"));
            assertThat(reserve.entered.get(0).from())
                    .isNotEqualTo(reserve.entered.get(1).from());
            assertThat(reserve.entered.get(0).loginId1()).isEqualTo(DbProxyStandIn.pseudonym(1));
        }
        assertThat(dbProxy.entries.getFirst().required("clientIp").asString()).isEqualTo("127.0.0.1");
        assertThat(dbProxy.entries.getFirst().required("relayId").asString()).isEqualTo("relay-1");
    }

    @Test
    void ownAddressIsTheSameAtEveryRelayAndAfterARestart() throws Exception {
        try (MapServerStand reserve = new MapServerStand("reserve")) {
            int account = dbProxy.player(vps(reserve), "prt_fild08", 1);
            TestClient.inGame(port(relay, 0), account).close();
            TestClient.inGame(port(splicing, 0), account).close();
            assertThat(reserve.entered.get(0).from())
                    .isEqualTo(reserve.entered.get(1).from());
        }
    }

    @Test
    void unknownLoginIsToldSo() throws Exception {
        try (TestClient stranger = new TestClient(port(relay, 0), 1)) {
            stranger.enter();
            assertThat(new Refused(stranger.await(MapToClient.REFUSED)).reason())
                    .isZero();
            assertThat(stranger.isCut()).isTrue();
        }
    }

    @Test
    void whoSpeaksSomethingElseIsCut() throws Exception {
        try (TestClient http = new TestClient(port(relay, 0), 1)) {
            http.socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(http.isCut()).isTrue();
        }
    }

    @Test
    void whileDbProxyIsAwayPlayersWaitAndAreLetInWhenItIsBack() throws Exception {
        try (MapServerStand reserve = new MapServerStand("reserve")) {
            int account = dbProxy.player(vps(reserve), "prt_fild08", 1);
            dbProxy.away = true;
            try (TestClient player = new TestClient(port(relay, 0), account)) {
                player.enter();
                await().until(() -> dbProxy.entries.size() >= 2);
                dbProxy.away = false;
                player.await(MapToClient.ENTER_ACCEPTED);
            }
        }
    }

    /** db-proxy's HTTP answers within seven seconds, whoever it waits for itself. */
    @Test
    void asLongAsDbProxyMayTakeThePlayerIsLetInByItsFirstAnswer() throws Exception {
        dbProxy.late = CompletableFuture.delayedExecutor(7, TimeUnit.SECONDS);
        try (MapServerStand reserve = new MapServerStand("reserve")) {
            int account = dbProxy.player(vps(reserve), "prt_fild08", 1);
            try (TestClient player = new TestClient(port(relay, 0), account)) {
                player.enter();
                player.await(MapToClient.ENTER_ACCEPTED);
            }
            assertThat(dbProxy.entries).hasSize(1);
        } finally {
            dbProxy.late = Runnable::run;
        }
    }

    @ParameterizedTest
    @EnumSource(value = DbProxyStandIn.Fault.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void whileDbProxyAnswersWronglyOrNotAtAllPlayersWaitAndAreLetInAfterwards(DbProxyStandIn.Fault fault)
            throws Exception {
        try (MapServerStand reserve = new MapServerStand("reserve")) {
            int account = dbProxy.player(vps(reserve), "prt_fild08", 1);
            int before = dbProxy.player(vps(reserve), "prt_fild08", 1);
            int faulty = dbProxy.faulty.get();
            Announcer announcer = relay.context().getBean(Announcer.class);
            try (TestClient playing = TestClient.inGame(port(relay, 0), before);
                    TestClient player = new TestClient(port(relay, 0), account)) {
                await().until(announcer::isDbProxyTold);
                dbProxy.fault = fault;
                player.enter();
                await().atMost(Duration.ofSeconds(30)).until(() -> dbProxy.faulty.get() >= faulty + 2);
                await().until(() -> !announcer.isDbProxyTold());
                assertThat(playing.talk("meanwhile")).isEqualTo("reserve meanwhile");
                dbProxy.fault = DbProxyStandIn.Fault.NONE;
                await().atMost(Duration.ofSeconds(30)).until(() -> reserve.players() == 2);
                player.await(MapToClient.ENTER_ACCEPTED);
                await().until(announcer::isDbProxyTold);
                assertThat(playing.talk("still")).isEqualTo("reserve still");
            }
        } finally {
            dbProxy.fault = DbProxyStandIn.Fault.NONE;
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = DbProxyStandIn.Fault.class,
            names = {"ERROR", "NULL_ERROR", "CUTS", "HANGS"})
    void whoLeavesWhileDbProxyFailsIsToldToItAfterwards(DbProxyStandIn.Fault fault) throws Exception {
        try (MapServerStand reserve = new MapServerStand("reserve")) {
            int account = dbProxy.player(vps(reserve), "prt_fild08", 1);
            int faulty = dbProxy.faulty.get();
            try (TestClient player = TestClient.inGame(port(relay, 0), account)) {
                assertThat(player.talk("x")).isEqualTo("reserve x");
                dbProxy.fault = fault;
            }
            await().atMost(Duration.ofSeconds(30)).until(() -> dbProxy.faulty.get() >= faulty + 2);
            dbProxy.fault = DbProxyStandIn.Fault.NONE;
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> dbProxy.signals.stream()
                            .anyMatch(
                                    signal -> signal.required("kind").asString().equals("GONE")
                                            && signal.required("accountId").asInt() == account));
        } finally {
            dbProxy.fault = DbProxyStandIn.Fault.NONE;
        }
    }

    @Test
    void whoLeavesIsToldToDbProxyUntilItKnows() throws Exception {
        try (MapServerStand reserve = new MapServerStand("reserve")) {
            int account = dbProxy.player(vps(reserve), "prt_fild08", 1);
            try (TestClient player = TestClient.inGame(port(relay, 0), account)) {
                assertThat(player.talk("x")).isEqualTo("reserve x");
                dbProxy.away = true;
            }
            await().until(() -> reserve.players() == 0);
            await().until(() -> dbProxy.signals.size() >= 2);
            dbProxy.away = false;
            await().untilAsserted(() -> {
                var last = dbProxy.signals.getLast();
                assertThat(last.required("kind").asString()).isEqualTo("GONE");
                assertThat(last.required("accountId").asInt()).isEqualTo(account);
                assertThat(last.required("sessionNumber").asLong()).isEqualTo(1);
            });
        }
    }

    @Test
    void characterSelectIsToldFirst() throws Exception {
        try (MapServerStand reserve = new MapServerStand("reserve")) {
            int account = dbProxy.player(vps(reserve), "prt_fild08", 1);
            try (TestClient player = TestClient.inGame(port(relay, 0), account)) {
                player.send(Packet.fixed(ClientToMap.RESTART, 3).u8(2, 1));
                await().until(() -> dbProxy.signals.stream()
                        .anyMatch(signal -> signal.required("kind").asString().equals("RESTART")));
                assertThat(player.talk("still here")).isEqualTo("reserve still here");
            }
        }
    }

    @Test
    void deadMapServerLeavesThePlayerConnectedAndHeIsToldToComeAgainByOrder() throws Exception {
        try (MapServerStand first = new MapServerStand("first");
                MapServerStand next = new MapServerStand("next")) {
            int account = dbProxy.player(vps(first), "prt_fild08", 1);
            try (TestClient player = TestClient.inGame(port(relay, 0), account)) {
                assertThat(player.talk("x")).isEqualTo("first x");
                first.close();
                await().until(() -> alone() == 1);
                player.send(Packet.fixed(ClientToMap.TIME_REQUEST, 6));
                player.await(MapToClient.TIME);

                dbProxy.goes(account, vps(next), "prt_fild08", 2, 2);
                rehome(relay, account, vps(next), 2);
                player.await(MapToClient.SERVER_MOVE);
            }
            try (TestClient again = TestClient.inGame(port(relay, 0), account)) {
                assertThat(again.talk("x")).isEqualTo("next x");
            }
        }
        assertThat(dbProxy.signals)
                .noneMatch(signal -> signal.required("sessionNumber").asLong() == 1);
    }

    @Test
    void spliceMovesThePlayerWithinHisConnection() throws Exception {
        try (MapServerStand first = new MapServerStand("first");
                MapServerStand next = new MapServerStand("next")) {
            int account = dbProxy.player(vps(first), "prt_fild08", 1);
            try (TestClient player = TestClient.inGame(port(splicing, 0), account)) {
                assertThat(player.talk("x")).isEqualTo("first x");
                first.close();
                rehome(splicing, account, vps(next), 2);
                player.await(MapToClient.MAP_CHANGE);
                player.send(Packet.fixed(ClientToMap.MAP_LOADED, 2));
                assertThat(player.talk("x")).isEqualTo("next x");
            }
        }
        await().until(() -> !dbProxy.signals.isEmpty());
        assertThat(dbProxy.signals.getLast().required("sessionNumber").asLong()).isEqualTo(2);
    }

    @Test
    void thirtyPlayersOfADeadServerAreAllBackInTheirOwnConnections() throws Exception {
        try (MapServerStand first = new MapServerStand("first");
                MapServerStand next = new MapServerStand("next")) {
            List<TestClient> players = new ArrayList<>();
            List<Integer> accounts = new ArrayList<>();
            try {
                for (int i = 0; i < 30; i++) {
                    int account = dbProxy.player(vps(first), "prt_fild08", 1);
                    accounts.add(account);
                    players.add(TestClient.inGame(port(splicing, 0), account));
                }
                await().until(() -> first.players() == 30);
                first.close();
                for (int account : accounts) {
                    rehome(splicing, account, vps(next), 2);
                }
                for (TestClient player : players) {
                    player.await(MapToClient.MAP_CHANGE);
                    player.send(Packet.fixed(ClientToMap.MAP_LOADED, 2));
                    assertThat(player.talk("x")).isEqualTo("next x");
                }
            } finally {
                for (TestClient player : players) {
                    player.close();
                }
            }
        }
    }

    @Test
    void kickAndReleaseAreCarriedOutAndStrangersAreNotFound() throws Exception {
        try (MapServerStand reserve = new MapServerStand("reserve")) {
            int account = dbProxy.player(vps(reserve), "prt_fild08", 1);
            try (TestClient player = TestClient.inGame(port(relay, 0), account)) {
                assertThat(player.talk("x")).isEqualTo("reserve x");
                assertThat(order(relay, List.of(player("RELEASE", account)))).isEmpty();
                await().until(() -> reserve.players() == 0);
                assertThat(order(relay, List.of(player("KICK", account)))).isEmpty();
                assertThat(player.isCut()).isTrue();
            }
        }
        assertThat(order(relay, List.of(player("KICK", 5)))).containsExactly(5);
    }

    @Test
    void ordersOfOneCallAreCarriedOutInTheirOrderAndAStrangerHoldsUpNobody() throws Exception {
        try (MapServerStand first = new MapServerStand("first");
                MapServerStand next = new MapServerStand("next")) {
            int one = dbProxy.player(vps(first), "prt_fild08", 1);
            int two = dbProxy.player(vps(first), "prt_fild08", 1);
            try (TestClient moving = TestClient.inGame(port(splicing, 0), one);
                    TestClient going = TestClient.inGame(port(splicing, 0), two)) {
                assertThat(order(
                                splicing,
                                List.of(player("RELEASE", one), player("KICK", 5), player("KICK", two), to(one, next))))
                        .containsExactly(5);
                moving.await(MapToClient.MAP_CHANGE);
                moving.send(Packet.fixed(ClientToMap.MAP_LOADED, 2));
                assertThat(moving.talk("x")).isEqualTo("next x");
                assertThat(going.isCut()).isTrue();
            }
        }
    }

    @Test
    void nothingOfACallIsDoneWhenOneOrderIsWrong() throws Exception {
        try (MapServerStand reserve = new MapServerStand("reserve")) {
            int account = dbProxy.player(vps(reserve), "prt_fild08", 1);
            try (TestClient player = TestClient.inGame(port(relay, 0), account)) {
                String orders = Json.mapper()
                        .writeValueAsString(Map.of("orders", List.of(player("KICK", account), player("BAN", account))));
                HttpResponse<String> answer = send(relay, "orders", orders, ServiceName.DB_PROXY);
                assertThat(answer.statusCode()).isEqualTo(400);
                assertThat(answer.body()).contains("kind").contains("BAN").contains("REHOME, RELEASE or KICK");
                assertThat(player.talk("x")).isEqualTo("reserve x");
            }
        }
    }

    @Test
    void moreOrdersThanFitIntoACallAreRefused() throws Exception {
        List<Map<String, Object>> orders = new ArrayList<>(Collections.nCopies(256, player("KICK", 5)));
        assertThat(send(
                                relay,
                                "orders",
                                Json.mapper().writeValueAsString(Map.of("orders", orders)),
                                ServiceName.DB_PROXY)
                        .statusCode())
                .isEqualTo(200);
        orders.add(player("KICK", 5));
        assertThat(send(
                                relay,
                                "orders",
                                Json.mapper().writeValueAsString(Map.of("orders", orders)),
                                ServiceName.DB_PROXY)
                        .body())
                .contains("257 (expected: at most 256)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "nonsense",
                "{\"orders\":[{}]}",
                "{\"orders\":[{\"kind\":\"KICK\",\"accountId\":\"x\",\"sessionNumber\":1}]}",
                "{\"orders\":[{\"kind\":\"RELEASE\",\"accountId\":1}]}",
                "{\"orders\":[{\"kind\":\"REHOME\",\"accountId\":1,\"sessionNumber\":1}]}",
                "{\"orders\":[{\"kind\":\"REHOME\",\"accountId\":1,\"sessionNumber\":9,\"owner\":{\"kind\":\"VPS\",\"id\":\"x\",\"address\":\"127.0.0.1:1\"},\"map\":\"a\",\"epoch\":1,\"loginId1\":1,\"x\":1,\"y\":1,\"front\":{\"host\":\"127.0.0.1\",\"port\":70000}}]}"
            })
    void badOrdersAreRefused(String body) throws Exception {
        assertThat(send(relay, "orders", body, ServiceName.DB_PROXY).statusCode())
                .isEqualTo(400);
    }

    @Test
    void operatorsLearnWhoIsBehindAnAddressThatMapServersSee() throws Exception {
        try (MapServerStand reserve = new MapServerStand("reserve")) {
            int account = dbProxy.player(vps(reserve), "prt_fild08", 1);
            try (TestClient player = TestClient.inGame(port(relay, 0), account)) {
                assertThat(player.talk("x")).isEqualTo("reserve x");
                String source = reserve.entered.getFirst().from();
                for (String whom : List.of(source, String.valueOf(account))) {
                    var found = Json.mapper()
                            .readTree(whois(whom, ServiceName.MAP_ASSIGNMENT).body());
                    assertThat(found.size()).isEqualTo(1);
                    assertThat(found.get(0).required("accountId").asInt()).isEqualTo(account);
                    assertThat(found.get(0).required("clientAddress").asString())
                            .isEqualTo("127.0.0.1");
                    assertThat(found.get(0).required("sourceAddress").asString())
                            .isEqualTo(source);
                    assertThat(found.get(0).required("sessionNumber").asLong()).isEqualTo(1);
                    assertThat(found.get(0).required("phase").asString()).isEqualTo("PLAYING");
                    assertThat(found.get(0).required("map").asString()).isEqualTo("prt_fild08");
                    assertThat(found.get(0).required("owner").required("id").asString())
                            .isEqualTo("reserve");
                }
            }
        }
        assertThat(whois("5", ServiceName.MAP_ASSIGNMENT).body()).isEqualTo("[]");
        assertThat(whois("127.0.0.1", ServiceName.MAP_ASSIGNMENT).statusCode()).isEqualTo(400);
        assertThat(whois("5", ServiceName.DB_PROXY).statusCode()).isEqualTo(403);
    }

    @Test
    void onlyDbProxyGivesOrders() throws Exception {
        assertThat(send(relay, "orders", "{\"orders\":[]}", ServiceName.MAP_ASSIGNMENT)
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void connectionsAboveTheLimitsAreClosedAtTheDoorAndCounted() throws Exception {
        try (TestService strict = relay("relay-3", Map.of("p2p.relay.players.max-per-address", "2"));
                TestClient one = new TestClient(port(strict, 0), 1);
                TestClient two = new TestClient(port(strict, 1), 1)) {
            await().until(() -> strict.context().getBean(Front.class).connections() == 2);
            try (TestClient three = new TestClient(port(strict, 0), 1)) {
                assertThat(three.isCut()).isTrue();
            }
            assertThat(one.socket.isClosed() || two.socket.isClosed()).isFalse();
            assertThat(strict.context()
                            .getBean(MeterRegistry.class)
                            .get("p2p_relay_dropped_total")
                            .tag("part", "players")
                            .tag("reason", "address_limit")
                            .counter()
                            .count())
                    .isEqualTo(1);
        }
    }

    @Test
    void clientThatObfuscatesItsPacketIdsPlaysAndIsMovedWithinItsConnection() throws Exception {
        StreamCodec codec = Codecs.named(
                "rathena-obfuscation",
                new StreamCodec.Context(MapServerStand.LENGTHS, ClientIds.STANDARD, Map.of("keys", KEYS)));
        TestService old = relay(
                "relay-6",
                Map.of(
                        "p2p.relay.splice-versions", "20200401",
                        "p2p.relay.clients.codec", "rathena-obfuscation",
                        "p2p.relay.clients.codec-settings.keys", KEYS));
        try (MapServerStand first =
                        new MapServerStand("first", () -> codec.open().fromClient());
                MapServerStand second =
                        new MapServerStand("second", () -> codec.open().fromClient())) {
            int account = dbProxy.player(vps(first), "prt_fild08", 1);
            TestClient alice =
                    new TestClient(port(old, 0), account, codec.open().server().to());
            alice.enter();
            alice.await(MapToClient.ENTER_ACCEPTED);
            alice.send(Packet.fixed(ClientToMap.MAP_LOADED, 2));
            assertThat(alice.talk("one")).isEqualTo("first one");

            first.dropPlayers();
            rehome(old, account, vps(second), 2);
            alice.await(MapToClient.MAP_CHANGE);
            alice.send(Packet.fixed(ClientToMap.MAP_LOADED, 2));
            assertThat(alice.talk("two")).isEqualTo("second two");
            alice.close();

            // Who is plain nevertheless is none of the codec's, and his server would not read him: he is turned away
            // there.
            try (MapServerStand plain = new MapServerStand("plain")) {
                int other = dbProxy.player(vps(plain), "prt_fild08", 1);
                TestClient bob = TestClient.inGame(port(old, 0), other);
                assertThat(bob.talk("three")).isEqualTo("plain three");
                bob.close();
            }
        } finally {
            old.close();
        }
    }

    @Test
    void clientThatNobodyCanReadIsServedByTheReserve() throws Exception {
        try (ServerSocket reserve = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            TestService vps =
                    relay("relay-7", Map.of("p2p.relay.clients.protected-to", "127.0.0.1:" + reserve.getLocalPort()));
            try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port(vps, 0))) {
                byte[] secret = {(byte) 0xee, (byte) 0xdd, 3, 4, 5};
                client.getOutputStream().write(secret);
                try (Socket there = reserve.accept()) {
                    assertThat(there.getInetAddress().getHostAddress()).startsWith("127.");
                    assertThat(there.getInputStream().readNBytes(5)).isEqualTo(secret);
                    there.getOutputStream().write(secret);
                    assertThat(client.getInputStream().readNBytes(5)).isEqualTo(secret);
                    assertThat(vps.context()
                                    .getBean(MeterRegistry.class)
                                    .get("p2p_relay_protected_players")
                                    .gauge()
                                    .value())
                            .isEqualTo(1);
                }
                assertThat(client.getInputStream().read())
                        .as("his server is gone")
                        .isEqualTo(-1);
            } finally {
                vps.close();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "packets.entre, 0941, p2p.relay.clients.packets.entre (expected: one of",
        "protected-to, reserve, p2p.relay.clients.protected-to: reserve (expected: host:port)",
        "codec, gepard, p2p.relay.clients.codec: name: gepard (expected: one of",
        "codec, rathena-obfuscation, p2p.relay.clients.codec: keys: missing (expected: the three keys",
        "codec-settings.keys, 0x1, p2p.relay.clients.codec: missing (expected: the codec"
    })
    void wrongSettingsOfClientsRefuseTheStart(String setting, String value, String fault) {
        assertThatThrownBy(() -> relay("relay-8", Map.of("p2p.relay.clients." + setting, value)))
                .hasStackTraceContaining(fault);
    }

    @Test
    void portThatIsTakenRefusesTheStart() {
        int taken = port(relay, 0);
        assertThatThrownBy(() -> relay("relay-4", Map.of("p2p.relay.front-ports", "0," + taken)))
                .rootCause()
                .hasMessageContaining("in use");
    }

    @Test
    void unknownClientVersionRefusesTheStartAndSaysWhatToDo() {
        assertThatThrownBy(() -> relay("relay-5", Map.of("p2p.relay.client-version", "20130807")))
                .rootCause()
                .hasMessageContaining("20130807")
                .hasMessageContaining("recvpackets.txt");
    }

    @Test
    void playerWhoGoesIsForgotten() throws Exception {
        try (MapServerStand reserve = new MapServerStand("reserve")) {
            int account = dbProxy.player(vps(reserve), "prt_fild08", 1);
            TestClient.inGame(port(relay, 0), account).close();
            await().until(() -> relay.context().getBean(Players.class).size() == 0);
            await().until(() -> relay.context().getBean(Front.class).connections() == 0);
        }
    }

    private static void rehome(TestService of, int account, Owner owner, long number) throws Exception {
        assertThat(order(of, List.of(rehome(account, owner, number)))).isEmpty();
    }

    private static Map<String, Object> to(int account, MapServerStand next) {
        return rehome(account, vps(next), 2);
    }

    private static Map<String, Object> rehome(int account, Owner owner, long number) {
        Map<String, Object> order = DbProxyStandIn.destination(owner, "prt_fild08", number, number);
        order.put("kind", "REHOME");
        order.put("accountId", account);
        return order;
    }

    private static Map<String, Object> player(String kind, int account) {
        return Map.of("kind", kind, "accountId", account, "sessionNumber", 1);
    }

    /** Orders of one call; the accounts that are not there. */
    private static List<Integer> order(TestService of, List<Map<String, Object>> orders) throws Exception {
        String body = Json.mapper().writeValueAsString(Map.of("orders", orders));
        HttpResponse<String> answer = send(of, "orders", body, ServiceName.DB_PROXY);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        List<Integer> unknown = new ArrayList<>();
        Json.mapper().readTree(answer.body()).required("unknown").forEach(account -> unknown.add(account.asInt()));
        return unknown;
    }

    private static HttpResponse<String> whois(String whom, ServiceName from) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(relay.url() + "/internal/v1/players/" + whom))
                        .header("Authorization", "Bearer " + tokens.service(from, ServiceName.RELAY))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static HttpResponse<String> send(TestService of, String what, String body, ServiceName from)
            throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(of.url() + "/internal/v1/" + what))
                        .header("Authorization", "Bearer " + tokens.service(from, ServiceName.RELAY))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
