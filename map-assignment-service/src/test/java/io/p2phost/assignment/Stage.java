package io.p2phost.assignment;

import static org.awaitility.Awaitility.await;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.p2phost.assignment.selection.HostIndex;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.HostLifeState;
import io.p2phost.contracts.Json;
import io.p2phost.contracts.Owner;
import io.p2phost.contracts.Role;
import io.p2phost.contracts.ServiceName;
import io.p2phost.contracts.event.EventEnvelope;
import io.p2phost.contracts.event.HostStateChanged;
import io.p2phost.contracts.event.Topics;
import io.p2phost.testkit.TestInfra;
import io.p2phost.testkit.TestService;
import io.p2phost.testkit.TestTokens;
import java.io.IOException;
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
import java.util.Objects;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import tools.jackson.databind.JsonNode;

/** The service, one instance or more on one real database and Kafka, with stand-ins for its peers. */
final class Stage implements AutoCloseable {
    final TestTokens tokens = new TestTokens();
    final StandIns peers = new StandIns(tokens);
    final List<TestService> instances = new ArrayList<>();
    final Map<String, String> database = TestService.databaseSettings(ServiceName.MAP_ASSIGNMENT);
    private final HttpClient http = HttpClient.newHttpClient();
    private final KafkaProducer<byte[], byte[]> kafka;
    private final Map<String, Long> versions = new HashMap<>();
    private final Map<String, HostStateChanged> hosts = new HashMap<>();

    Stage(int count, Map<String, String> more) {
        kafka = new KafkaProducer<>(
                Map.of("bootstrap.servers", TestInfra.shared().bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        for (int i = 0; i < count; i++) {
            instances.add(start(more));
        }
    }

    /** Starts a further instance on the same database. */
    TestService start(Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(database);
        settings.putAll(peers.settings());
        settings.put("p2p.assignment.ready-wait", "2s");
        settings.put("p2p.assignment.ready-timeout", "3s");
        settings.put("p2p.assignment.ready-penalty", "30s");
        settings.put("p2p.assignment.loss-penalty", "5s");
        settings.put("p2p.assignment.sweep-interval", "100ms");
        settings.put("p2p.assignment.repair-interval", "200ms");
        settings.put("p2p.assignment.relay-poll-interval", "100ms");
        settings.put("p2p.assignment.bundle-interval", "100ms");
        settings.put("p2p.assignment.networks-interval", "100ms");
        settings.put("p2p.assignment.owners-interval", "500ms");
        settings.put("p2p.assignment.arbiter-deadline", "400ms");
        settings.put("p2p.assignment.planned-deadline", "900ms");
        settings.put("p2p.assignment.intent-lease", "1s");
        settings.putAll(more);
        return TestService.start(MapAssignmentApplication::start, ServiceName.MAP_ASSIGNMENT, tokens, settings);
    }

    TestService one() {
        return instances.getFirst();
    }

    /** A machine well above tier 3. */
    HostStateChanged strongHost(int maxMaps) {
        return host(3, maxMaps, HostLifeState.READY);
    }

    HostStateChanged host(int tier, int maxMaps, HostLifeState state) {
        return new HostStateChanged(
                HostId.random(),
                2_000_001,
                "host",
                "eu",
                state,
                tier,
                5.0,
                16,
                64,
                2_000,
                maxMaps,
                10.0,
                20.0,
                5.0,
                20.0,
                0.0,
                Instant.now().minusSeconds(600),
                null);
    }

    /** Says a host's state as the registry does, and waits until every instance knows it. */
    HostStateChanged say(HostStateChanged host) {
        String id = host.hostId().value();
        long version = versions.merge(id, 1L, Long::sum);
        hosts.put(id, host);
        EventEnvelope<HostStateChanged> event = new EventEnvelope<>(
                UUID.randomUUID().toString(), HostStateChanged.TYPE, 1, Instant.now(), id, version, null, host);
        kafka.send(new ProducerRecord<>(
                Topics.HOST_STATE,
                id.getBytes(StandardCharsets.UTF_8),
                Json.mapper().writeValueAsBytes(event)));
        kafka.flush();
        for (TestService instance : instances) {
            HostIndex index = instance.context().getBean(HostIndex.class);
            await().atMost(Duration.ofSeconds(20)).until(() -> index.versionOf(host.hostId()) >= version);
        }
        return host;
    }

    void say(HostStateChanged host, HostLifeState state) {
        say(new HostStateChanged(
                host.hostId(),
                host.accountId(),
                host.name(),
                host.region(),
                state,
                host.tier(),
                host.cpuGhz(),
                host.cpuCores(),
                host.ramGb(),
                host.networkMbps(),
                host.maxMaps(),
                host.cpuPercent(),
                host.memoryPercent(),
                host.networkPercent(),
                host.latencyMs(),
                host.packetLossPercent(),
                state == HostLifeState.READY ? host.readySince() : null,
                "test"));
    }

    /** Takes all hosts away, and waits until their maps have left them and db-proxy is trusted to answer. */
    void clear() {
        peers.onChange = row -> {};
        peers.relayAlive = true;
        peers.dbProxyFails = false;
        peers.dbProxyDelay = Duration.ZERO;
        peers.changeDelay = Duration.ZERO;
        for (HostStateChanged host : List.copyOf(hosts.values())) {
            if (host.state() != HostLifeState.OFFLINE) {
                say(host, HostLifeState.OFFLINE);
            }
        }
        await().until(() -> Collections.disjoint(peers.hostsWithMaps(), hosts.keySet()));
        for (TestService instance : instances) {
            CircuitBreakerRegistry breakers = instance.context().getBean(CircuitBreakerRegistry.class);
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> breakers.circuitBreaker("db-proxy").getState() == CircuitBreaker.State.CLOSED);
        }
    }

    /** Relays say READY for every map that a host gets, as a good host does. */
    void hostsBecomeReady() {
        peers.onChange = row -> {
            Owner owner = row.owner();
            if (owner != null && owner.isHost()) {
                Thread.ofVirtual()
                        .start(() -> readiness(
                                row.map().value(), owner.id(), row.epoch().value(), true));
            }
        };
    }

    void readiness(String map, String hostId, long epoch, boolean ready) {
        Reply reply = internal(ServiceName.RELAY, "POST", "/internal/v1/readiness", """
                {"relayId":"%s","hostId":"%s","map":"%s","epoch":%d,"ready":%b,"detail":"test"}""".formatted(
                        StandIns.RELAY_ID, hostId, map, epoch, ready));
        if (reply.status() != 204) {
            throw new IllegalStateException(reply.toString());
        }
    }

    Reply enter(String map) {
        return enter(one(), map, UUID.randomUUID());
    }

    Reply enter(TestService instance, String map, UUID requestId) {
        return call(instance, token(Role.PLAYER), "POST", "/api/v1/maps/" + map + "/entries", """
                {"requestId":"%s","accountId":2000002,"region":"eu"}""".formatted(requestId));
    }

    /** Turns auto_distribute on or off, as an operator does. */
    void distribute(boolean on) {
        Reply text = get("/api/v1/config/p2p_settings.conf");
        Reply reply =
                put("p2p_settings.conf", text.body().replaceAll("auto_distribute: \\w+", "auto_distribute: " + on));
        if (reply.status() != 200) {
            throw new IllegalStateException(reply.toString());
        }
    }

    /** Changes a file. */
    Reply put(String file, String text) {
        return call(
                one(), token(Role.ADMIN, Role.OPERATOR), "PUT", "/api/v1/config/" + file, text, "text/plain", Map.of());
    }

    void registerVps(String id, int port, String role) {
        Reply reply = operator("PUT", "/api/v1/vps/" + id, """
                {"host":"127.0.0.1","port":%d,"role":"%s"}""".formatted(port, role));
        if (reply.status() != 200) {
            throw new IllegalStateException(reply.toString());
        }
    }

    Reply operator(String method, String path, String body) {
        return call(one(), token(Role.ADMIN, Role.OPERATOR), method, path, body);
    }

    Reply get(String path) {
        return operator("GET", path, "");
    }

    Reply internal(ServiceName from, String method, String path, String body) {
        return call(one(), tokens.service(from, ServiceName.MAP_ASSIGNMENT), method, path, body);
    }

    String token(Role... roles) {
        return tokens.access("key:test", roles);
    }

    Reply call(TestService instance, String token, String method, String path, String body) {
        return call(instance, token, method, path, body, "application/json", Map.of());
    }

    Reply call(
            TestService instance,
            String token,
            String method,
            String path,
            String body,
            String contentType,
            Map<String, String> headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(instance.url() + path))
                .timeout(Duration.ofSeconds(20))
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        if (!body.isEmpty()) {
            request.header("Content-Type", contentType);
        }
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        headers.forEach(request::header);
        try {
            HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Reply(response.statusCode(), response.body(), response);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** An answer over HTTP. */
    record Reply(int status, String body, HttpResponse<String> response) {
        JsonNode json() {
            return Json.mapper().readTree(body);
        }

        String text(String pointer) {
            return json().at(pointer).asString("");
        }

        @Override
        public String toString() {
            return status + " " + body;
        }
    }

    @Override
    public void close() {
        clear();
        instances.forEach(TestService::close);
        kafka.close();
        peers.close();
        tokens.close();
        http.close();
    }

    static String requireOwner(StandIns.Row row) {
        return Objects.requireNonNull(row.owner()).id();
    }
}
