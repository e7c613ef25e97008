package io.p2phost.kit.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.p2phost.contracts.Json;
import io.p2phost.contracts.ServiceName;
import io.p2phost.kit.tokens.ServiceTokens;
import io.p2phost.testkit.TestTokens;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.env.MockEnvironment;

/** What becomes of another service's answer, whatever it is. */
class InternalClientsTest {
    private final TestTokens tokens = new TestTokens();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final InternalClients clients = new InternalClients(
            new ServiceTokens(ServiceName.DB_PROXY, tokens.privateKeyOf(ServiceName.DB_PROXY), Clock.systemUTC()),
            new PeerAddresses(new MockEnvironment()),
            Json.mapper(),
            meters);
    private HttpServer server;
    private String answer = "";

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(503, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        clients.close();
        tokens.close();
    }

    private void ask() {
        clients.rest(
                        "http://127.0.0.1:" + server.getAddress().getPort(),
                        ServiceName.MAP_ASSIGNMENT,
                        Duration.ofSeconds(10))
                .get()
                .uri("/")
                .retrieve()
                .toBodilessEntity();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "7", "\"no\"", "{", "<html>", "{\"detail\":null}"})
    void errorIsToldByItsStatusWhateverItsBodyIs(String body) {
        answer = body;
        assertThatThrownBy(this::ask).isInstanceOfSatisfying(PeerProblemException.class, problem -> {
            assertThat(problem.peer()).isEqualTo("map-assignment");
            assertThat(problem.status()).isEqualTo(503);
        });
    }

    @Test
    void problemDocumentIsTold() {
        answer = "{\"type\":\"https://example.net/problems/stale-epoch\",\"detail\":\"older\",\"epoch\":7}";
        assertThatThrownBy(this::ask).isInstanceOfSatisfying(PeerProblemException.class, problem -> {
            assertThat(problem.isType("stale-epoch")).isTrue();
            assertThat(problem.problem()).containsAllEntriesOf(Map.of("detail", "older", "epoch", 7));
        });
    }

    @Test
    void whoDoesNotAnswerIsAwayAndCounted() {
        server.stop(0);
        assertThatThrownBy(this::ask).isInstanceOf(PeerUnavailableException.class);
        assertThat(meters.get("p2p_peer_unavailable_total")
                        .tag("peer", "map-assignment")
                        .counter()
                        .count())
                .isEqualTo(1);
    }
}
