package io.p2phost.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.contracts.Json;
import io.p2phost.contracts.ServiceName;
import io.p2phost.links.testing.SuiteStandIn;
import io.p2phost.relay.charfront.CharFront;
import io.p2phost.relay.front.Front;
import io.p2phost.testkit.TestService;
import io.p2phost.testkit.TestTokens;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Routes that db-proxy tells the whole relay. */
class RouteIT {
    private static final HttpClient http = HttpClient.newHttpClient();
    private static TestTokens tokens;
    private static SuiteStandIn suite;
    private static Map<String, String> settings;
    private static TestService relay;

    @BeforeAll
    static void start() {
        tokens = new TestTokens();
        suite = new SuiteStandIn(ServiceName.RELAY);
        settings = new HashMap<>(TestService.databaseSettings(ServiceName.RELAY));
        settings.putAll(suite.settings());
        settings.put("p2p.relay.tunnel-port", "0");
        settings.put("p2p.relay.front-ports", "0");
        settings.put("p2p.relay.announce-every", "200ms");
        settings.put("p2p.relay.char-front.port", "0");
        relay = TestService.start(RelayApplication::start, ServiceName.RELAY, tokens, settings);
    }

    @AfterAll
    static void stop() {
        relay.close();
        suite.close();
        tokens.close();
    }

    @Test
    void staleRoutesAreRefusedWithTheRowInEffect() throws Exception {
        HttpResponse<String> taken = put(
                "stale", "{\"epoch\":5,\"owner\":{\"kind\":\"VPS\",\"id\":\"reserve\",\"address\":\"127.0.0.1:1\"}}");
        assertThat(taken.statusCode()).as(taken.body()).isEqualTo(200);
        assertThat(Json.mapper().readTree(taken.body()).get("port").asInt())
                .isEqualTo(relay.context().getBean(Front.class).ports().getFirst());
        HttpResponse<String> lower = put("stale", "{\"epoch\":4}");
        assertThat(lower.statusCode()).isEqualTo(409);
        assertThat(Json.mapper().readTree(lower.body()).get("epoch").asInt()).isEqualTo(5);
        assertThat(put("stale", "{\"epoch\":5}").statusCode()).isEqualTo(409);
    }

    @Test
    void charServersPortIsThereWhereItIsAskedFor() throws Exception {
        CharFront front = relay.context().getBean(CharFront.class);
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), front.port())) {
            client.setSoTimeout(10_000);
            client.getOutputStream().write(new byte[] {(byte) 0xf8, 0x2a});
            assertThat(client.getInputStream().read()).isNegative();
        } catch (SocketException reset) {
            // A cut is a reset.
            assertThat(reset).hasMessageContaining("reset");
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
}
