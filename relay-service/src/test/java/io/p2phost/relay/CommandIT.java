package io.p2phost.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.HostLifeState;
import io.p2phost.contracts.Json;
import io.p2phost.contracts.Owner;
import io.p2phost.contracts.ServiceName;
import io.p2phost.contracts.event.EventEnvelope;
import io.p2phost.contracts.event.HostStateChanged;
import io.p2phost.contracts.event.Topics;
import io.p2phost.links.testing.SuiteStandIn;
import io.p2phost.relay.front.Front;
import io.p2phost.ro.Packet;
import io.p2phost.ro.client.ColouredLine;
import io.p2phost.ro.client.MapToClient;
import io.p2phost.testkit.TestInfra;
import io.p2phost.testkit.TestService;
import io.p2phost.testkit.TestTokens;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Players ask the suite in the chat: the whole relay, on a real database and Kafka; the other services stand in. */
class CommandIT {
    private static final String STATUS = """
            {"state":"UP","services":[],"hosts":{"known":3,"ready":2},"maps":{"known":9,"eligible":5},
             "assignments":{"onHosts":4,"onVps":5,"notReady":1},"calledHome":false,"degraded":[],"new":"field"}""";
    private static final String REGIONS = """
            [{"region":"EU","relays":1,"playerSessions":12,"hostTunnels":3}]""";

    private static final Map<String, String> answers = new ConcurrentHashMap<>();
    private static final List<String> asked = new CopyOnWriteArrayList<>();
    private static TestTokens tokens;
    private static SuiteStandIn suite;
    private static DbProxyStandIn dbProxy;
    private static HttpServer others;
    private static TestService relay;

    @BeforeAll
    static void start() throws IOException {
        tokens = new TestTokens();
        suite = new SuiteStandIn(ServiceName.RELAY);
        dbProxy = new DbProxyStandIn();
        others = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        others.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        others.createContext("/internal/v1/", exchange -> {
            String path = exchange.getRequestURI().toString();
            asked.add(path + " " + exchange.getRequestHeaders().containsKey("Authorization"));
            String answer = answers.get(exchange.getRequestURI().getPath());
            byte[] bytes = (answer == null ? "{}" : answer).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(answer == null ? 503 : 200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        others.start();
        String url = "http://127.0.0.1:" + others.getAddress().getPort();
        Map<String, String> settings = new HashMap<>(TestService.databaseSettings(ServiceName.RELAY));
        settings.putAll(suite.settings());
        settings.put("p2p.services.db-proxy", dbProxy.url());
        settings.put("p2p.services.map-assignment", url);
        settings.put("p2p.services.metrics", url);
        settings.put("p2p.services.security-validator", url);
        settings.put("p2p.relay.tunnel-port", "0");
        settings.put("p2p.relay.front-ports", "0");
        relay = TestService.start(RelayApplication::start, ServiceName.RELAY, tokens, settings);
    }

    @AfterAll
    static void stop() {
        relay.close();
        others.stop(0);
        dbProxy.close();
        suite.close();
        tokens.close();
    }

    /** Lines up to and with one that begins so. */
    private static List<String> upTo(TestClient player, String begin) throws IOException {
        List<String> lines = new ArrayList<>();
        do {
            Packet line = player.await(MapToClient.COLOURED_LINE);
            lines.add(new ColouredLine(line).text());
        } while (!lines.getLast().startsWith(begin));
        return lines;
    }

    @Test
    void playerIsAnsweredFromWhatTheServicesSayAndTheMapServerHearsNothing() throws Exception {
        answers.put("/internal/v1/status", STATUS);
        answers.put("/internal/v1/metrics/regions", REGIONS);
        try (MapServerStand reserve = new MapServerStand("reserve")) {
            int account = dbProxy.player(Owner.vps("reserve", reserve.address()), "prt_fild08", 1);
            HostId host = HostId.random();
            answers.put("/internal/v1/hosts/" + host + "/score", "{\"score\":0.5}");
            answers.put(
                    "/internal/v1/validations",
                    "{\"items\":[{\"hostId\":\"" + host + "\",\"map\":\"prt_fild08\",\"verdict\":\"PASSED\","
                            + "\"strikes\":0,\"findings\":[]}]}");
            say(host, account);
            try (TestClient player = TestClient.inGame(port(), account)) {
                player.say("@p2pstatus");
                assertThat(upTo(player, "Your map"))
                        .contains("The suite is UP: 2 of 3 hosts ready, 4 maps on hosts, 5 on the server");
                await().until(() -> {
                    player.say("@p2pvalidate");
                    return upTo(player, "You").getLast().equals("Your host attic on prt_fild08: PASSED, strikes: 0");
                });
                player.say("@p2pmetrics");
                assertThat(upTo(player, "Relays"))
                        .contains("Relays in EU: 1, with 12 players and 3 hosts")
                        .anySatisfy(line ->
                                assertThat(line).startsWith("Your host attic").endsWith("score 0.50"));
                assertThat(player.talk("hello"))
                        .as("nothing before it was answered there")
                        .isEqualTo("reserve hello");
            }
            assertThat(asked)
                    .contains(
                            "/internal/v1/status true",
                            "/internal/v1/metrics/regions true",
                            "/internal/v1/hosts/" + host + "/score true",
                            "/internal/v1/validations?limit=15&hostId=" + host + " true");
        }
    }

    @Test
    void serviceThatIsAwayIsSaidToBeUnknown() throws Exception {
        try (MapServerStand reserve = new MapServerStand("reserve")) {
            dbProxy.group = 99;
            int account = dbProxy.player(Owner.vps("reserve", reserve.address()), "prt_fild08", 1);
            try (TestClient staff = TestClient.inGame(port(), account)) {
                answers.remove("/internal/v1/validations");
                staff.say("@p2pvalidate");
                assertThat(upTo(staff, "The validator"))
                        .containsExactly("The validator's verdicts are not known at the moment.");
            } finally {
                dbProxy.group = 0;
            }
        }
    }

    private static int port() {
        return relay.context().getBean(Front.class).ports().getFirst();
    }

    private static void say(HostId host, int account) {
        HostStateChanged change = new HostStateChanged(
                host,
                account,
                "attic",
                "EU",
                HostLifeState.READY,
                3,
                4.0,
                8,
                32,
                500,
                4,
                10.0,
                20.0,
                1.0,
                25.0,
                0.0,
                null,
                "test");
        EventEnvelope<HostStateChanged> event = new EventEnvelope<>(
                UUID.randomUUID().toString(), HostStateChanged.TYPE, 1, Instant.now(), host.value(), 1, null, change);
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
}
