package io.p2phost.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.p2phost.contracts.Json;
import io.p2phost.contracts.ServiceName;
import io.p2phost.links.testing.SuiteStandIn;
import io.p2phost.testkit.TestService;
import io.p2phost.testkit.TestTokens;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The whole relay on a real database, with a db-proxy that only answers and map-servers that say who they are. */
class RelayIT {
    private static final HttpClient http = HttpClient.newHttpClient();
    private static TestTokens tokens;
    private static SuiteStandIn suite;
    private static Map<String, String> settings;
    private static TestService relay;

    @BeforeAll
    static void start() throws IOException {
        tokens = new TestTokens();
        suite = new SuiteStandIn(ServiceName.RELAY);
        int first = FreePorts.first();
        settings = new HashMap<>(TestService.databaseSettings(ServiceName.RELAY));
        settings.putAll(suite.settings());
        settings.put("p2p.relay.tunnel-port", "0");
        settings.put("p2p.relay.first-front-port", String.valueOf(first));
        settings.put("p2p.relay.last-front-port", String.valueOf(first + 7));
        settings.put("p2p.relay.announce-every", "200ms");
        relay = TestService.start(RelayApplication::start, ServiceName.RELAY, tokens, settings);
    }

    @AfterAll
    static void stop() {
        relay.close();
        suite.close();
        tokens.close();
    }

    @Test
    void bytesFlowToTheOwnerAndBackAndAnOrderlyEndIsPassedOn() throws Exception {
        try (Stand server = new Stand("reserve")) {
            int port = route("flow", 1, server);
            try (Socket player = new Socket(InetAddress.getLoopbackAddress(), port)) {
                player.getOutputStream().write("nonce-1".getBytes(StandardCharsets.UTF_8));
                player.shutdownOutput();
                assertThat(new String(player.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                        .isEqualTo("reserve nonce-1");
            }
        }
    }

    @Test
    void newOwnerKeepsThePortAndCutsTheConnectionsOfTheOld() throws Exception {
        try (Stand old = new Stand("old");
                Stand next = new Stand("next")) {
            int port = route("moves", 1, old);
            try (Socket player = new Socket(InetAddress.getLoopbackAddress(), port)) {
                player.getOutputStream().write('x');
                await().until(() -> old.accepted.size() == 1);
                assertThat(route("moves", 2, next)).isEqualTo(port);
                assertThat(player.getInputStream().read()).as("cut").isNegative();
            }
            assertThat(talk(port, "n2")).isEqualTo("next n2");
        }
    }

    @Test
    void mapWithoutOwnerOrWithADeadOneClosesTheDoor() throws Exception {
        HttpResponse<String> released = put("nobody", "{\"epoch\":3}");
        int port = Json.mapper().readTree(released.body()).get("port").asInt();
        assertThat(talk(port, "x")).isEmpty();
        put("nobody", "{\"epoch\":4,\"owner\":{\"kind\":\"VPS\",\"id\":\"dead\",\"address\":\"127.0.0.1:1\"}}");
        assertThat(talk(port, "x")).isEmpty();
    }

    @Test
    void staleRoutesAreRefusedWithTheRowInEffect() throws Exception {
        try (Stand server = new Stand("reserve")) {
            route("stale", 5, server);
            HttpResponse<String> lower = put("stale", "{\"epoch\":4}");
            assertThat(lower.statusCode()).isEqualTo(409);
            assertThat(Json.mapper().readTree(lower.body()).get("epoch").asInt())
                    .isEqualTo(5);
            assertThat(put("stale", "{\"epoch\":5}").statusCode()).isEqualTo(409);
        }
    }

    @ParameterizedTest
    @CsvSource({"'{}',400", "'{\"epoch\":0}',400", "'{\"epoch\":\"1\"}',400", "'nonsense',400"})
    void badRoutesAreRefused(String body, int status) throws Exception {
        assertThat(put("bad", body).statusCode()).isEqualTo(status);
    }

    @Test
    void onlyDbProxyMaySetRoutes() throws Exception {
        assertThat(send("mine", "{\"epoch\":1}", ServiceName.MAP_ASSIGNMENT).statusCode())
                .isEqualTo(403);
    }

    @Test
    void mapBeyondTheLastPortIsRefusedAndTheOthersGoOn() throws Exception {
        Map<String, String> small = new HashMap<>(settings);
        small.put("p2p.relay.relay-id", "relay-small");
        // The last two ports of the range, which no other map has reached.
        int last = Integer.parseInt(settings.get("p2p.relay.last-front-port"));
        small.put("p2p.relay.first-front-port", String.valueOf(last - 1));
        try (TestService second = TestService.start(RelayApplication::start, ServiceName.RELAY, tokens, small);
                Stand server = new Stand("reserve")) {
            String body = "{\"epoch\":1,\"owner\":{\"kind\":\"VPS\",\"id\":\"reserve\",\"address\":\""
                    + server.address() + "\"}}";
            assertThat(send(second, "one", body, ServiceName.DB_PROXY).statusCode())
                    .isEqualTo(200);
            HttpResponse<String> two = send(second, "two", body, ServiceName.DB_PROXY);
            assertThat(two.statusCode()).isEqualTo(200);

            HttpResponse<String> three = send(second, "three", body, ServiceName.DB_PROXY);

            assertThat(three.statusCode()).isEqualTo(503);
            assertThat(three.body()).contains("no-port").contains("map: three");
            int port = Json.mapper().readTree(two.body()).get("port").asInt();
            assertThat(talk(port, "x")).isEqualTo("reserve x");
        }
    }

    @Test
    void routesOfADeadRelayComeBackByItsOwnPullAtTheSamePort() throws Exception {
        try (Stand server = new Stand("reserve")) {
            int port = route("restart", 7, server);
            relay.close();
            suite.owners =
                    "{\"owners\":[{\"map\":\"restart\",\"epoch\":7,\"owner\":{\"kind\":\"VPS\",\"id\":\"reserve\",\"address\":\""
                            + server.address() + "\"}}]}";
            relay = TestService.start(RelayApplication::start, ServiceName.RELAY, tokens, settings);
            await().atMost(Duration.ofSeconds(10))
                    .ignoreExceptions()
                    .until(() -> talk(port, "back").equals("reserve back"));
            assertThat(suite.announced)
                    .anyMatch(a -> a.startsWith("/internal/v1/relays/relay-1") && a.contains("apiUrl"));
        } finally {
            suite.owners = "{\"owners\":[]}";
        }
    }

    private static int route(String map, long epoch, Stand owner) throws Exception {
        HttpResponse<String> answer = put(
                map,
                "{\"epoch\":" + epoch + ",\"owner\":{\"kind\":\"VPS\",\"id\":\"" + owner.name + "\",\"address\":\""
                        + owner.address() + "\"}}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Json.mapper().readTree(answer.body()).get("port").asInt();
    }

    private static HttpResponse<String> put(String map, String body) throws Exception {
        return send(map, body, ServiceName.DB_PROXY);
    }

    private static HttpResponse<String> send(String map, String body, ServiceName from) throws Exception {
        return send(relay, map, body, from);
    }

    private static HttpResponse<String> send(TestService to, String map, String body, ServiceName from)
            throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(to.url() + "/internal/v1/routes/" + map))
                        .header("Authorization", "Bearer " + tokens.service(from, ServiceName.RELAY))
                        .header("Content-Type", "application/json")
                        .PUT(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static String talk(int port, String nonce) throws IOException {
        try (Socket player = new Socket(InetAddress.getLoopbackAddress(), port)) {
            player.getOutputStream().write(nonce.getBytes(StandardCharsets.UTF_8));
            player.shutdownOutput();
            return new String(player.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (java.net.SocketException e) {
            // The relay closed the door while we were still talking.
            return "";
        }
    }

    /** A map-server's stand-in: says its name and repeats what it was told. */
    private static final class Stand implements AutoCloseable {
        private final String name;
        private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final List<Socket> accepted = new CopyOnWriteArrayList<>();

        Stand(String name) throws IOException {
            this.name = name;
            Thread.ofVirtual().start(() -> {
                while (!server.isClosed()) {
                    try {
                        Socket socket = server.accept();
                        accepted.add(socket);
                        Thread.ofVirtual().start(() -> answer(socket));
                    } catch (IOException e) {
                        return;
                    }
                }
            });
        }

        private void answer(Socket socket) {
            try (socket) {
                String said = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                socket.getOutputStream().write((name + " " + said).getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                // Cut by the relay: that is what some tests are about.
                accepted.remove(socket);
            }
        }

        String address() {
            return "127.0.0.1:" + server.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }
}
