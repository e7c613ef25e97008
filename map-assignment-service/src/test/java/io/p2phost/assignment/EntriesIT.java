package io.p2phost.assignment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.p2phost.assignment.Stage.Reply;
import io.p2phost.contracts.HostLifeState;
import io.p2phost.contracts.Owner;
import io.p2phost.contracts.Role;
import io.p2phost.contracts.ServiceName;
import io.p2phost.contracts.event.HostStateChanged;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A player enters a map: each answer of the decision, over HTTP, on the real database. Every test has maps of its own. */
class EntriesIT {
    private static Stage stage;

    @BeforeAll
    static void start() {
        stage = new Stage(1, Map.of());
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
    void eligibleMapGoesToAReadyHostAndTheScoreIsExplained() {
        HostStateChanged host = stage.say(stage.strongHost(5));
        stage.hostsBecomeReady();
        Reply reply = stage.enter("moc_fild01");
        assertThat(reply.status()).as(reply.toString()).isEqualTo(200);
        assertThat(reply.text("/decision")).as(reply.toString()).isEqualTo("P2P");
        assertThat(reply.text("/reason")).isEqualTo("ASSIGNED");
        assertThat(reply.text("/hostId")).isEqualTo(host.hostId().value());
        assertThat(reply.json().at("/epoch").asLong()).isEqualTo(1);
        assertThat(reply.json().at("/target/port").asInt()).isEqualTo(stage.peers.portOf("moc_fild01"));
        double sum = 0;
        double weights = 0;
        for (var term : reply.json().at("/score/terms")) {
            assertThat(term.get("value").asDouble()).isBetween(0.0, 1.0);
            sum += term.get("value").asDouble() * term.get("weight").asDouble();
            weights += term.get("weight").asDouble();
        }
        assertThat(reply.json().at("/score/total").asDouble())
                .isCloseTo(sum / weights, org.assertj.core.data.Offset.offset(1e-9));
        assertThat(Stage.requireOwner(stage.peers.owner("moc_fild01")))
                .isEqualTo(host.hostId().value());
        assertThat(stage.get("/api/v1/maps/moc_fild01").text("/owner/id"))
                .isEqualTo(host.hostId().value());
    }

    @Test
    void liveAssignmentIsKept() {
        stage.say(stage.strongHost(5));
        stage.hostsBecomeReady();
        Reply first = stage.enter("pay_fild01");
        stage.say(stage.strongHost(5));
        for (int i = 0; i < 5; i++) {
            Reply again = stage.enter("pay_fild01");
            assertThat(again.text("/hostId")).isEqualTo(first.text("/hostId"));
            assertThat(again.json().at("/epoch").asLong()).isEqualTo(1);
        }
    }

    @Test
    void sameRequestGetsTheSameAnswerEvenWhenTheWorldHasChanged() {
        UUID request = UUID.randomUUID();
        Reply before = stage.enter(stage.one(), "pay_fild02", request);
        assertThat(before.text("/reason")).as(before.toString()).isEqualTo("NO_HOST");
        stage.say(stage.strongHost(5));
        stage.hostsBecomeReady();
        assertThat(stage.enter(stage.one(), "pay_fild02", request).body()).isEqualTo(before.body());
        assertThat(stage.enter("pay_fild02").text("/decision")).isEqualTo("P2P");
    }

    @Test
    void requestIdOfAnotherEntryIsRefused() {
        UUID request = UUID.randomUUID();
        stage.enter(stage.one(), "pay_fild03", request);
        Reply other = stage.enter(stage.one(), "pay_fild04", request);
        assertThat(other.status()).isEqualTo(409);
        assertThat(other.body()).contains("/problems/conflict");
    }

    @Test
    void withoutAHostTheReserveServesThroughTheRelay() {
        Reply reply = stage.enter("gef_fild01");
        assertThat(reply.text("/decision")).isEqualTo("VPS");
        assertThat(reply.text("/reason")).isEqualTo("NO_HOST");
        assertThat(reply.json().at("/target/port").asInt()).isEqualTo(stage.peers.portOf("gef_fild01"));
        assertThat(stage.peers.owner("gef_fild01").owner()).isEqualTo(Owner.vps("reserve", "127.0.0.1:5131"));
    }

    @Test
    void withoutARelayTheVpsServesAtItsOwnAddress() {
        stage.peers.relayAlive = false;
        stage.say(stage.strongHost(5));
        stage.hostsBecomeReady();
        await().untilAsserted(() -> {
            Reply reply = stage.enter("gef_fild03");
            assertThat(reply.text("/reason")).isEqualTo("NO_RELAY");
            assertThat(reply.json().at("/target/port").asInt()).isEqualTo(5131);
        });
        stage.peers.relayAlive = true;
        await().untilAsserted(() ->
                assertThat(stage.enter("gef_fild03").text("/decision")).isEqualTo("P2P"));
    }

    @Test
    void hostThatIsNotReadyInTimeLeavesThePlayerOnTheVpsAndThenLosesTheMap() {
        HostStateChanged host = stage.say(stage.strongHost(5));
        Reply reply = stage.enter("gef_fild04");
        assertThat(reply.text("/decision")).isEqualTo("VPS");
        assertThat(reply.text("/reason")).isEqualTo("HOST_NOT_READY");
        assertThat(reply.json().at("/target/port").asInt()).isEqualTo(5131);
        assertThat(Stage.requireOwner(stage.peers.owner("gef_fild04")))
                .isEqualTo(host.hostId().value());
        await().untilAsserted(() ->
                assertThat(Stage.requireOwner(stage.peers.owner("gef_fild04"))).isEqualTo("reserve"));
        Reply explained = stage.get("/api/v1/maps/gef_fild04/explain");
        assertThat(explained.body()).contains("\"gate\":\"PENALTY\"");
        assertThat(stage.enter("gef_fild05").text("/reason"))
                .as("the host is passed over")
                .isEqualTo("NO_HOST");
    }

    @Test
    void hostThatIsReadyLaterServesTheNextPlayer() {
        HostStateChanged host = stage.say(stage.strongHost(5));
        assertThat(stage.enter("gef_fild06").text("/reason")).isEqualTo("HOST_NOT_READY");
        stage.readiness("gef_fild06", host.hostId().value(), 1, true);
        assertThat(stage.enter("gef_fild06").text("/decision")).isEqualTo("P2P");
    }

    @Test
    void hostThatSaysItCannotLosesTheMapAtOnce() {
        HostStateChanged host = stage.say(stage.strongHost(5));
        stage.peers.onChange = row -> {
            if (row.owner() != null && row.owner().isHost()) {
                Thread.ofVirtual()
                        .start(() -> stage.readiness(
                                "gef_fild07", host.hostId().value(), row.epoch().value(), false));
            }
        };
        assertThat(stage.enter("gef_fild07").text("/decision")).isEqualTo("VPS");
        await().untilAsserted(() ->
                assertThat(Stage.requireOwner(stage.peers.owner("gef_fild07"))).isEqualTo("reserve"));
    }

    @Test
    void readinessForAnEpochThatIsStillToComeIsNotLost() {
        HostStateChanged host = stage.say(stage.strongHost(5));
        stage.peers.onChange = row -> {
            if (row.owner() != null && row.owner().isHost()) {
                // The relay is quicker than db-proxy's answer.
                stage.readiness(
                        row.map().value(), host.hostId().value(), row.epoch().value(), true);
            }
        };
        assertThat(stage.enter("gef_fild08").text("/decision")).isEqualTo("P2P");
    }

    @Test
    void hostThatDbProxyRefusesIsPassedOverForAnother() {
        HostStateChanged refused = stage.say(stage.strongHost(5));
        stage.peers.refuse(refused.hostId().value());
        HostStateChanged good = stage.say(stage.host(1, 5, HostLifeState.READY));
        stage.hostsBecomeReady();
        for (String map : new String[] {"prt_fild00", "prt_fild01", "prt_fild02"}) {
            Reply reply = stage.enter(map);
            assertThat(reply.text("/hostId"))
                    .as(reply.toString())
                    .isEqualTo(good.hostId().value());
        }
    }

    @Test
    void hostCarriesNoMoreMapsThanItWants() {
        HostStateChanged small = stage.say(stage.strongHost(1));
        stage.hostsBecomeReady();
        assertThat(stage.enter("prt_fild03").text("/hostId"))
                .isEqualTo(small.hostId().value());
        assertThat(stage.enter("prt_fild04").text("/reason")).isEqualTo("NO_HOST");
        assertThat(stage.get("/api/v1/maps/prt_fild04/explain").body()).contains("\"gate\":\"MAP_SLOTS\"");
    }

    @Test
    void restrictedAndUnlistedMapsStayOnTheCore() {
        stage.say(stage.strongHost(5));
        stage.hostsBecomeReady();
        Reply prontera = stage.enter("prontera");
        assertThat(prontera.text("/decision")).isEqualTo("VPS");
        assertThat(prontera.text("/reason")).isEqualTo("RESTRICTED");
        assertThat(prontera.json().at("/target/port").asInt()).isEqualTo(5121);
        Reply alberta = stage.enter("alberta.gat");
        assertThat(alberta.text("/reason")).isEqualTo("RESTRICTED");
        Reply castle = stage.enter("guild_castle");
        assertThat(castle.text("/reason"))
                .as("longer than a map-server can announce")
                .isEqualTo("NOT_ELIGIBLE");
        assertThat(stage.peers.changes).noneMatch(row -> row.map().value().equals("prontera"));
    }

    @Test
    void mapNeedsAHostOfItsTier() {
        stage.say(stage.host(1, 5, HostLifeState.READY));
        stage.hostsBecomeReady();
        assertThat(stage.enter("guild_room").text("/reason")).as("tier 2").isEqualTo("NO_HOST");
        assertThat(stage.enter("p2p_test").text("/decision")).as("tier 1").isEqualTo("P2P");
    }

    @Test
    void dbProxyAwayMeansNothingMovesAndTheVpsServes() {
        stage.say(stage.strongHost(5));
        stage.hostsBecomeReady();
        stage.peers.dbProxyFails = true;
        Reply reply = stage.enter("prt_fild05");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.text("/reason")).isEqualTo("ARBITER_UNAVAILABLE");
        assertThat(reply.json().at("/target/port").asInt()).isEqualTo(5131);
        assertThat(stage.peers.owner("prt_fild05")).isNull();
        stage.peers.dbProxyFails = false;
        await().untilAsserted(() ->
                assertThat(stage.enter("prt_fild05").text("/decision")).isEqualTo("P2P"));
    }

    @Test
    void lostAnswerOfDbProxyIsFoundOutAndTakenOver() {
        HostStateChanged host = stage.say(stage.strongHost(5));
        stage.hostsBecomeReady();
        // Longer than the deadline: the change takes effect, its answer comes too late.
        stage.peers.dbProxyDelay = java.time.Duration.ofMillis(1_200);
        Reply reply = stage.enter("prt_fild06");
        assertThat(reply.text("/decision")).isEqualTo("VPS");
        stage.peers.dbProxyDelay = java.time.Duration.ZERO;
        await().untilAsserted(
                        () -> assertThat(stage.get("/api/v1/maps/prt_fild06").text("/owner/id"))
                                .isEqualTo(host.hostId().value()));
        await().untilAsserted(() ->
                assertThat(stage.enter("prt_fild06").text("/decision")).isEqualTo("P2P"));
    }

    @Test
    void plannedChangeHasTheTimeThatFinalSavesTake() {
        HostStateChanged host = stage.say(stage.strongHost(5));
        stage.hostsBecomeReady();
        // Longer than the deadline of other calls.
        stage.peers.changeDelay = java.time.Duration.ofMillis(600);
        assertThat(stage.enter("prt_fild09").text("/hostId"))
                .isEqualTo(host.hostId().value());
        assertThat(stage.peers.changes.stream().filter(row -> row.map().value().equals("prt_fild09")))
                .singleElement()
                .satisfies(row -> assertThat(row.planned()).isTrue());
    }

    @Test
    void ownerThatSomebodyElseSetIsAdopted() {
        HostStateChanged host = stage.say(stage.strongHost(5));
        stage.peers.force("prt_fild07", Owner.host(host.hostId()));
        await().untilAsserted(
                        () -> assertThat(stage.get("/api/v1/maps/prt_fild07").text("/owner/id"))
                                .isEqualTo(host.hostId().value()));
        await().untilAsserted(() -> assertThat(stage.enter("prt_fild07").text("/hostId"))
                .isEqualTo(host.hostId().value()));
    }

    @Test
    void unknownMapIsNotFound() {
        Reply reply = stage.enter("no_such_map");
        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.body()).contains("/problems/not-found").contains("no_such_map");
        assertThat(stage.get("/api/v1/maps/no_such_map").status()).isEqualTo(404);
        assertThat(stage.get("/api/v1/maps/no_such_map/explain").status()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "moc_fild02|{}|400",
                "moc_fild02|{\"requestId\":\"x\",\"accountId\":1}|400",
                "moc_fild02|{\"requestId\":\"1-1-1-1-1\",\"accountId\":1}|400",
                "moc_fild02|{\"requestId\":\"5b0c6a52-7d0e-4c5e-9a43-0f4f9f1c2d11\"}|400",
                "moc_fild02|{\"requestId\":\"5b0c6a52-7d0e-4c5e-9a43-0f4f9f1c2d11\",\"accountId\":0}|400",
                "moc_fild02|{\"requestId\":\"5b0c6a52-7d0e-4c5e-9a43-0f4f9f1c2d11\",\"accountId\":\"1\"}|400",
                "moc_fild02|{\"requestId\":\"5b0c6a52-7d0e-4c5e-9a43-0f4f9f1c2d11\",\"accountId\":1.5}|400",
                "moc_fild02|{\"requestId\":\"5b0c6a52-7d0e-4c5e-9a43-0f4f9f1c2d11\",\"accountId\":1,\"region\":\"e u\"}|400",
                "moc_fild02|{\"requestId\":5,\"accountId\":1}|400",
                "moc_fild02|not json|400",
                "moc_fild02|[]|400",
                "MOC_FILD02|{\"requestId\":\"5b0c6a52-7d0e-4c5e-9a43-0f4f9f1c2d11\",\"accountId\":1}|400",
                "a_name_of_more_than_24_characters|{\"requestId\":\"5b0c6a52-7d0e-4c5e-9a43-0f4f9f1c2d11\",\"accountId\":1}|400",
                "moc%20fild|{\"requestId\":\"5b0c6a52-7d0e-4c5e-9a43-0f4f9f1c2d11\",\"accountId\":1}|400",
            })
    void badEntryIsRefusedWithAProblem(String map, String body, int status) {
        Reply reply =
                stage.call(stage.one(), stage.token(Role.PLAYER), "POST", "/api/v1/maps/" + map + "/entries", body);
        assertThat(reply.status()).as(reply.toString()).isEqualTo(status);
        assertThat(reply.response().headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(reply.body()).doesNotContain("Exception");
    }

    @Test
    void onlyGameToolsAndOperatorsMayEnter() {
        String body = "{\"requestId\":\"%s\",\"accountId\":1}".formatted(UUID.randomUUID());
        String path = "/api/v1/maps/moc_fild03/entries";
        assertThat(stage.call(stage.one(), "", "POST", path, body).status()).isEqualTo(401);
        assertThat(stage.call(stage.one(), "rubbish", "POST", path, body).status())
                .isEqualTo(401);
        assertThat(stage.call(stage.one(), stage.token(Role.VIEWER), "POST", path, body)
                        .status())
                .isEqualTo(403);
        assertThat(stage.call(stage.one(), stage.token(Role.HOST), "POST", path, body)
                        .status())
                .isEqualTo(403);
        String relay = stage.tokens.service(ServiceName.RELAY, ServiceName.MAP_ASSIGNMENT);
        assertThat(stage.call(stage.one(), relay, "POST", path, body).status()).isEqualTo(200);
    }

    @Test
    void bodyLargerThanTheLimitIsRefused() {
        String body = "{\"requestId\":\"" + "x".repeat(300_000) + "\"}";
        assertThat(stage.call(stage.one(), stage.token(Role.PLAYER), "POST", "/api/v1/maps/moc_fild03/entries", body)
                        .status())
                .isEqualTo(413);
    }
}
