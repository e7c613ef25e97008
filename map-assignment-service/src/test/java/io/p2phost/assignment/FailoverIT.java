package io.p2phost.assignment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.p2phost.assignment.Stage.Reply;
import io.p2phost.contracts.HostLifeState;
import io.p2phost.contracts.Owner;
import io.p2phost.contracts.ServiceName;
import io.p2phost.contracts.event.HostStateChanged;
import io.p2phost.testkit.TestService;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A host is lost: its maps move, whoever says it and however often. */
class FailoverIT {
    private static Stage stage;
    private static int maps;

    @BeforeAll
    static void start() {
        stage = new Stage(1, Map.of());
        stage.distribute(false);
        stage.registerVps("reserve", 5131, "RESERVE");
    }

    @AfterAll
    static void stop() {
        stage.close();
    }

    @AfterEach
    void noHosts() {
        stage.clear();
    }

    @Test
    void mapsOfALostHostGoToTheReserveAndFromThereToAnotherHost() {
        HostStateChanged lost = stage.say(stage.strongHost(5));
        stage.hostsBecomeReady();
        List<String> held = assign(3);
        HostStateChanged other = stage.say(stage.strongHost(5));
        Reply reply = report(lost, "TUNNEL_LOST");
        assertThat(reply.status()).as(reply.toString()).isEqualTo(202);
        assertThat(reply.json().at("/moved")).hasSize(3);
        for (var moved : reply.json().at("/moved")) {
            assertThat(moved.at("/owner/id").asString()).isEqualTo("reserve");
            assertThat(moved.at("/epoch").asLong()).isEqualTo(2);
        }
        for (String map : held) {
            assertThat(ownerOf(map)).isEqualTo("reserve");
            assertThat(stage.peers.owner(map).planned())
                    .as("a lost host saves nobody")
                    .isFalse();
            assertThat(stage.enter(map).text("/hostId"))
                    .isEqualTo(other.hostId().value());
        }
    }

    @Test
    void withoutAnotherHostTheMapsGoToTheReserve() {
        HostStateChanged lost = stage.say(stage.strongHost(5));
        stage.hostsBecomeReady();
        List<String> held = assign(2);
        assertThat(report(lost, "CHAR_LINK_LOST").json().at("/moved")).hasSize(2);
        held.forEach(
                map -> assertThat(Stage.requireOwner(stage.peers.owner(map))).isEqualTo("reserve"));
        // The registry still calls the host Ready; it is passed over all the same.
        assertThat(stage.enter(held.getFirst()).text("/reason")).isEqualTo("NO_HOST");
    }

    @Test
    void otherHostsTakeNoMoreThanTheyMay() {
        HostStateChanged lost = stage.say(stage.strongHost(5));
        stage.hostsBecomeReady();
        List<String> held = assign(4);
        HostStateChanged small = stage.say(stage.strongHost(2));
        stage.say(lost, HostLifeState.DRAINING);
        await().untilAsserted(() -> assertThat(held)
                .noneMatch(map -> ownerOf(map).equals(lost.hostId().value())));
        assertThat(held.stream()
                        .filter(map -> ownerOf(map).equals(small.hostId().value())))
                .hasSize(2);
        assertThat(held.stream().filter(map -> ownerOf(map).equals("reserve"))).hasSize(2);
    }

    @Test
    void duplicateReportsCollapse() throws Exception {
        HostStateChanged lost = stage.say(stage.strongHost(5));
        stage.hostsBecomeReady();
        List<String> held = assign(4);
        stage.say(stage.strongHost(5));
        List<Callable<Reply>> reports = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            reports.add(() -> report(lost, "TUNNEL_LOST"));
        }
        try (ExecutorService executor = Executors.newFixedThreadPool(8)) {
            for (Future<Reply> reply : executor.invokeAll(reports)) {
                assertThat(reply.get().status()).isEqualTo(202);
            }
        }
        for (String map : held) {
            assertThat(stage.peers.changes.stream()
                            .filter(row -> row.map().value().equals(map)))
                    .as("one change to the host and one away from it: " + map)
                    .hasSize(2);
        }
    }

    @Test
    void mapsThatTheHostGotAfterTheLossStay() {
        HostStateChanged host = stage.say(stage.strongHost(5));
        stage.hostsBecomeReady();
        String map = assign(1).getFirst();
        Reply reply = report(host, "TUNNEL_LOST", Instant.now().minusSeconds(60));
        assertThat(reply.json().at("/moved")).isEmpty();
        assertThat(ownerOf(map)).isEqualTo(host.hostId().value());
    }

    @ParameterizedTest
    @EnumSource(
            names = {"OFFLINE", "DRAINING", "QUARANTINED", "BLACKLISTED", "ENROLLED"},
            value = HostLifeState.class)
    void mapsLeaveAHostThatTheRegistryTookOut(HostLifeState state) {
        HostStateChanged host = stage.say(stage.strongHost(5));
        stage.hostsBecomeReady();
        String map = assign(1).getFirst();
        stage.say(host, state);
        await().untilAsserted(() -> assertThat(ownerOf(map)).isEqualTo("reserve"));
        assertThat(stage.peers.owner(map).planned())
                .as("who drains saves his players")
                .isEqualTo(state == HostLifeState.DRAINING);
    }

    @Test
    void missedHeartbeatsAloneMoveNothing() {
        HostStateChanged host = stage.say(stage.strongHost(5));
        stage.hostsBecomeReady();
        String map = assign(1).getFirst();
        stage.say(host, HostLifeState.UNHEALTHY);
        assertThat(stage.enter(map).text("/hostId")).isEqualTo(host.hostId().value());
        assertThat(ownerOf(map)).isEqualTo(host.hostId().value());
    }

    @Test
    void whatDbProxyCouldNotDoIsDoneWhenItIsBack() {
        HostStateChanged lost = stage.say(stage.strongHost(5));
        stage.hostsBecomeReady();
        String map = assign(1).getFirst();
        stage.peers.dbProxyFails = true;
        Reply reply = report(lost, "TUNNEL_LOST");
        assertThat(reply.status()).isEqualTo(202);
        assertThat(reply.json().at("/moved")).isEmpty();
        assertThat(ownerOf(map)).isEqualTo(lost.hostId().value());
        stage.peers.dbProxyFails = false;
        await().untilAsserted(() -> assertThat(ownerOf(map)).isEqualTo("reserve"));
    }

    @Test
    void anotherInstanceFinishesWhatOneLeft() {
        HostStateChanged lost = stage.say(stage.strongHost(5));
        stage.hostsBecomeReady();
        String map = assign(1).getFirst();
        stage.peers.dbProxyFails = true;
        // This instance looks at nothing by itself: it takes the report and dies with it.
        TestService dying = stage.start(Map.of(
                "p2p.assignment.sweep-interval", "10m",
                "p2p.assignment.repair-interval", "10m"));
        Reply reply = stage.call(
                dying,
                stage.tokens.service(ServiceName.RELAY, ServiceName.MAP_ASSIGNMENT),
                "POST",
                "/internal/v1/failovers",
                body(lost, "TUNNEL_LOST", Instant.now()));
        assertThat(reply.status()).isEqualTo(202);
        dying.close();
        stage.peers.dbProxyFails = false;
        await().untilAsserted(() -> assertThat(ownerOf(map)).isEqualTo("reserve"));
    }

    @Test
    void rowsThatDbProxyLostAreMadeAnew() {
        HostStateChanged host = stage.say(stage.strongHost(5));
        stage.hostsBecomeReady();
        String map = assign(1).getFirst();
        stage.peers.forget(map);
        assertThat(report(host, "TUNNEL_LOST").status()).isEqualTo(202);
        await().untilAsserted(() -> {
            stage.enter(map);
            assertThat(stage.peers.owner(map)).isNotNull();
            assertThat(stage.get("/api/v1/maps/" + map).json().at("/epoch").asLong())
                    .isEqualTo(stage.peers.owner(map).epoch().value());
        });
    }

    @Test
    void restartedServiceAdoptsWhatIsInEffect() {
        HostStateChanged host = stage.say(stage.strongHost(5));
        stage.peers.force("restart_map", Owner.host(host.hostId()));
        try (TestService restarted = stage.start(Map.of())) {
            await().untilAsserted(() -> assertThat(stage.call(
                                    restarted,
                                    stage.token(io.p2phost.contracts.Role.VIEWER),
                                    "GET",
                                    "/api/v1/assignments?limit=500",
                                    "")
                            .body())
                    .contains("restart_map"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|400",
                "{\"hostId\":\"x\",\"cause\":\"TUNNEL_LOST\"}|400",
                "{\"hostId\":\"5b0c6a52-7d0e-4c5e-9a43-0f4f9f1c2d11\"}|400",
                "{\"hostId\":\"5b0c6a52-7d0e-4c5e-9a43-0f4f9f1c2d11\",\"cause\":\"HOST_STATE\"}|400",
                "{\"hostId\":\"5b0c6a52-7d0e-4c5e-9a43-0f4f9f1c2d11\",\"cause\":\"BORED\"}|400",
                "{\"hostId\":\"5b0c6a52-7d0e-4c5e-9a43-0f4f9f1c2d11\",\"cause\":\"TUNNEL_LOST\",\"observedAt\":\"soon\"}|400",
                "{\"hostId\":\"5b0c6a52-7d0e-4c5e-9a43-0f4f9f1c2d11\",\"cause\":\"TUNNEL_LOST\",\"observedAt\":\"2999-01-01T00:00:00Z\"}|400",
                "rubbish|400",
                "{\"hostId\":\"5b0c6a52-7d0e-4c5e-9a43-0f4f9f1c2d11\",\"cause\":\"TUNNEL_LOST\"}|202"
            })
    void badReportIsRefused(String body, int status) {
        Reply reply = stage.internal(ServiceName.RELAY, "POST", "/internal/v1/failovers", body);
        assertThat(reply.status()).as(reply.toString()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|400",
                "{\"hostId\":\"5b0c6a52-7d0e-4c5e-9a43-0f4f9f1c2d11\",\"map\":\"x\",\"epoch\":-1,\"ready\":true}|400",
                "{\"hostId\":\"5b0c6a52-7d0e-4c5e-9a43-0f4f9f1c2d11\",\"map\":\"X X\",\"epoch\":1,\"ready\":true}|400",
                "{\"hostId\":\"5b0c6a52-7d0e-4c5e-9a43-0f4f9f1c2d11\",\"map\":\"x\",\"epoch\":1,\"ready\":\"yes\"}|400",
                "{\"hostId\":\"5b0c6a52-7d0e-4c5e-9a43-0f4f9f1c2d11\",\"map\":\"x\",\"epoch\":1}|400",
                "{\"hostId\":\"5b0c6a52-7d0e-4c5e-9a43-0f4f9f1c2d11\",\"map\":\"never_seen\",\"epoch\":1,\"ready\":true}|204"
            })
    void badReadinessIsRefused(String body, int status) {
        Reply reply = stage.internal(ServiceName.RELAY, "POST", "/internal/v1/readiness", body);
        assertThat(reply.status()).as(reply.toString()).isEqualTo(status);
    }

    @Test
    void onlyTheServicesConcernedMayReport() {
        String body = "{\"hostId\":\"5b0c6a52-7d0e-4c5e-9a43-0f4f9f1c2d11\",\"cause\":\"TUNNEL_LOST\"}";
        assertThat(stage.internal(ServiceName.METRICS, "POST", "/internal/v1/failovers", body)
                        .status())
                .isEqualTo(403);
        assertThat(stage.internal(ServiceName.DB_PROXY, "POST", "/internal/v1/readiness", "{}")
                        .status())
                .isEqualTo(403);
        assertThat(stage.operator("POST", "/internal/v1/failovers", body).status())
                .isEqualTo(403);
        assertThat(stage.call(stage.one(), "", "POST", "/internal/v1/failovers", body)
                        .status())
                .isEqualTo(401);
    }

    /** Gives that many fresh maps to the one host there is. */
    private static List<String> assign(int count) {
        List<String> assigned = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String map = "moc_fild%02d".formatted(20 + maps++);
            Reply reply = stage.enter(map);
            assertThat(reply.text("/decision")).as(reply.toString()).isEqualTo("P2P");
            assigned.add(map);
        }
        return assigned;
    }

    private static String ownerOf(String map) {
        return Stage.requireOwner(stage.peers.owner(map));
    }

    private static Reply report(HostStateChanged host, String cause) {
        return report(host, cause, Instant.now());
    }

    private static Reply report(HostStateChanged host, String cause, Instant observedAt) {
        return stage.internal(ServiceName.RELAY, "POST", "/internal/v1/failovers", body(host, cause, observedAt));
    }

    private static String body(HostStateChanged host, String cause, Instant observedAt) {
        return """
                {"hostId":"%s","reporter":"relay","cause":"%s","observedAt":"%s"}""".formatted(host.hostId(), cause, observedAt);
    }
}
