package io.p2phost.assignment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.p2phost.assignment.Stage.Reply;
import io.p2phost.contracts.Owner;
import io.p2phost.contracts.Role;
import io.p2phost.contracts.ServiceName;
import io.p2phost.contracts.event.HostStateChanged;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
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

/** A player stands on the reserve, on a map without a host. Every test has maps of its own. */
class DecisionsIT {
    private static Stage stage;

    @BeforeAll
    static void start() {
        // A decision that waited for READY would never be answered in time.
        stage = new Stage(1, Map.of("p2p.assignment.ready-wait", "60s", "p2p.assignment.ready-timeout", "60s"));
        stage.distribute(false);
        stage.registerVps("core", 5121, "CORE");
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
    void mapThatNobodyOwnsIsGivenToAHostAtOnceAndIsItsWhenTheHostIsReady() {
        HostStateChanged host = stage.say(stage.strongHost(5));

        Reply asked = decide("moc_fild01");

        assertThat(asked.status()).as(asked.toString()).isEqualTo(200);
        assertThat(asked.text("/decision")).isEqualTo("ASSIGNING");
        assertThat(asked.text("/reason")).isEqualTo("HOST_NOT_READY");
        assertThat(asked.text("/hostId")).isEqualTo(host.hostId().value());
        StandIns.Row row = stage.peers.owner("moc_fild01");
        assertThat(row.owner()).isEqualTo(Owner.host(host.hostId()));
        assertThat(row.epoch().value()).isEqualTo(1);
        assertThat(row.planned())
                .as("the reserve has him until the host is ready")
                .isTrue();

        stage.readiness("moc_fild01", host.hostId().value(), 1, true);

        Reply later = decide("moc_fild01");
        assertThat(later.text("/decision")).isEqualTo("HOST");
        assertThat(later.text("/reason")).isEqualTo("ASSIGNED");
        assertThat(changesOf("moc_fild01")).isEqualTo(1);
        assertThat(stage.get("/api/v1/maps/moc_fild01").json().at("/ready").asBoolean())
                .isTrue();
    }

    @Test
    void mapOfTheVpsMovesToAHostThatCameLater() {
        assertThat(decide("moc_fild02").text("/reason")).isEqualTo("NO_HOST");
        assertThat(Stage.requireOwner(stage.peers.owner("moc_fild02"))).isEqualTo("reserve");
        HostStateChanged host = stage.say(stage.strongHost(5));
        stage.hostsBecomeReady();

        assertThat(decide("moc_fild02").text("/hostId")).isEqualTo(host.hostId().value());

        assertThat(stage.peers.owner("moc_fild02").owner()).isEqualTo(Owner.host(host.hostId()));
        assertThat(stage.peers.owner("moc_fild02").planned()).isTrue();
        await().untilAsserted(
                        () -> assertThat(decide("moc_fild02").text("/decision")).isEqualTo("HOST"));
        assertThat(changesOf("moc_fild02")).as("to the VPS and to the host").isEqualTo(2);
    }

    @Test
    void sameRequestGetsTheSameAnswerEvenWhenTheWorldHasChanged() {
        UUID request = UUID.randomUUID();
        String before = decide(request, "moc_fild03").body();
        stage.say(stage.strongHost(5));

        assertThat(decide(request, "moc_fild03").body()).isEqualTo(before);
        assertThat(decide("moc_fild03").text("/decision")).isEqualTo("ASSIGNING");
        Reply other = decide(request, "moc_fild01");
        assertThat(other.status()).isEqualTo(409);
        assertThat(other.body()).contains("/problems/conflict");
    }

    @Test
    void manyPlayersOfOneMapMakeOneChange() throws Exception {
        stage.say(stage.strongHost(5));
        stage.peers.dbProxyDelay = Duration.ofMillis(150);
        List<Callable<Reply>> players = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            players.add(() -> decide("pay_fild01"));
        }
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Reply> reply : executor.invokeAll(players)) {
                assertThat(reply.get().status()).isEqualTo(200);
                assertThat(reply.get().text("/decision")).isEqualTo("ASSIGNING");
            }
        }
        assertThat(changesOf("pay_fild01")).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"no_such_map, UNKNOWN_MAP", "prontera, RESTRICTED", "alberta, RESTRICTED", "guild_castle, NOT_ELIGIBLE"
    })
    void mapThatNoHostMayHaveStaysWhereItIs(String map, String reason) {
        stage.say(stage.strongHost(5));

        Reply reply = decide(map);

        assertThat(reply.text("/decision")).isEqualTo("VPS");
        assertThat(reply.text("/reason")).isEqualTo(reason);
        assertThat(reply.json().has("hostId")).isFalse();
        assertThat(changesOf(map)).isZero();
    }

    @Test
    void dbProxyThatDoesNotAnswerLeavesTheMapWhereItIs() {
        stage.say(stage.strongHost(5));
        stage.peers.dbProxyFails = true;

        assertThat(decide("pay_fild02").text("/reason")).isEqualTo("ARBITER_UNAVAILABLE");

        stage.peers.dbProxyFails = false;
        await().untilAsserted(
                        () -> assertThat(decide("pay_fild02").text("/decision")).isEqualTo("ASSIGNING"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}",
                "{\"requestId\":\"x\",\"map\":\"moc_fild01\",\"accountId\":1}",
                "{\"requestId\":\"5b0c6a52-7d0e-4c5e-9a43-0f4f9f1c2d11\",\"accountId\":1}",
                "{\"requestId\":\"5b0c6a52-7d0e-4c5e-9a43-0f4f9f1c2d11\",\"map\":\"a b\",\"accountId\":1}",
                "{\"requestId\":\"5b0c6a52-7d0e-4c5e-9a43-0f4f9f1c2d11\",\"map\":\"moc_fild01\"}",
                "{\"requestId\":\"5b0c6a52-7d0e-4c5e-9a43-0f4f9f1c2d11\",\"map\":\"moc_fild01\",\"accountId\":1,\"region\":\"e u\"}",
            })
    void badRequestIsRefusedWithAProblem(String body) {
        Reply reply = stage.internal(ServiceName.DB_PROXY, "POST", "/internal/v1/decisions", body);
        assertThat(reply.status()).as(reply.toString()).isEqualTo(400);
        assertThat(reply.body()).contains("expected").doesNotContain("Exception");
    }

    @Test
    void onlyDbProxyMayAsk() {
        String body = body(UUID.randomUUID(), "moc_fild01");
        assertThat(stage.internal(ServiceName.RELAY, "POST", "/internal/v1/decisions", body)
                        .status())
                .isEqualTo(403);
        assertThat(stage.call(stage.one(), stage.token(Role.ADMIN), "POST", "/internal/v1/decisions", body)
                        .status())
                .isIn(401, 403);
        assertThat(stage.call(stage.one(), "", "POST", "/internal/v1/decisions", body)
                        .status())
                .isEqualTo(401);
    }

    private static long changesOf(String map) {
        return stage.peers.changes.stream()
                .filter(row -> row.map().value().equals(map))
                .count();
    }

    private static Reply decide(String map) {
        return decide(UUID.randomUUID(), map);
    }

    private static Reply decide(UUID requestId, String map) {
        return stage.internal(ServiceName.DB_PROXY, "POST", "/internal/v1/decisions", body(requestId, map));
    }

    private static String body(UUID requestId, String map) {
        return "{\"requestId\":\"%s\",\"map\":\"%s\",\"accountId\":2000002,\"region\":\"eu\"}"
                .formatted(requestId, map);
    }
}
