package io.p2phost.assignment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.p2phost.assignment.Stage.Reply;
import io.p2phost.contracts.HostLifeState;
import io.p2phost.contracts.ServiceName;
import io.p2phost.contracts.event.HostStateChanged;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Standbys and observers at the whole service. */
class StandbyIT {
    private static Stage stage;
    private static int maps;

    @BeforeAll
    static void start() {
        stage = new Stage(
                1,
                Map.of(
                        "p2p.assignment.standby.interval", "100ms",
                        "p2p.assignment.standby.repeat", "300ms",
                        // A machine that is busy elsewhere answers late.
                        "p2p.assignment.observer-deadline", "1s"));
        stage.distribute(false);
        stage.registerVps("reserve", 5131, "RESERVE");
    }

    @AfterAll
    static void stop() {
        stage.close();
    }

    @AfterEach
    void noHosts() {
        stage.peers.linked.clear();
        stage.peers.heardByRelay.clear();
        stage.peers.heardByDbProxy.clear();
        stage.clear();
    }

    @Test
    void standbyIsToldToRelaysShownAndPreferred() {
        HostStateChanged owner = stage.say(stage.strongHost(5));
        stage.hostsBecomeReady();
        String map = assign();
        HostStateChanged standby = stage.say(stage.strongHost(2));
        String id = standby.hostId().value();
        await().until(() -> stage.peers.standbysTold.stream()
                .anyMatch(told -> told.toString().contains(id)));
        await().until(() -> explained(map).text("/standby/hostId").equals(id));
        assertThat(explained(map).json().at("/standby/connected").asBoolean()).isFalse();
        assertThat(stage.get("/api/v1/assignments?limit=500").body()).contains("\"standby\":{\"hostId\":\"" + id);

        stage.peers.linked.put(id, map);
        await().until(() -> explained(map).json().at("/standby/connected").asBoolean());
        stage.say(stage.strongHost(50));
        assertThat(report(owner).json().at("/moved")).hasSize(1);
        assertThat(ownerOf(map)).isEqualTo(id);
        await().untilAsserted(() ->
                assertThat(explained(map).text("/standby/hostId")).isNotEmpty().isNotEqualTo(id));
    }

    @Test
    void drainedStandbyIsReplaced() {
        stage.say(stage.strongHost(5));
        stage.hostsBecomeReady();
        String map = assign();
        HostStateChanged first = stage.say(stage.strongHost(5));
        await().until(() ->
                explained(map).text("/standby/hostId").equals(first.hostId().value()));
        HostStateChanged second = stage.say(stage.strongHost(5));
        stage.say(first, HostLifeState.DRAINING);
        await().until(() ->
                explained(map).text("/standby/hostId").equals(second.hostId().value()));
    }

    @Test
    void hostThatAnotherRelayHearsKeepsItsMap() {
        HostStateChanged owner = stage.say(stage.strongHost(5));
        stage.hostsBecomeReady();
        String map = assign();
        stage.peers.heardByRelay.put(owner.hostId().value(), 400L);
        assertThat(report(owner).json().at("/moved")).isEmpty();
        assertThat(ownerOf(map)).isEqualTo(owner.hostId().value());
        // A second and a half is long for somebody who speaks every second.
        stage.peers.heardByRelay.put(owner.hostId().value(), 1_500L);
        assertThat(report(owner).json().at("/moved")).hasSize(1);
        assertThat(ownerOf(map)).isEqualTo("reserve");
        assertThat(stage.peers.owner(map).planned()).isFalse();
    }

    @Test
    void hostThatOnlyDbProxyHearsSavesFirst() {
        HostStateChanged owner = stage.say(stage.strongHost(5));
        stage.hostsBecomeReady();
        String map = assign();
        stage.peers.heardByDbProxy.put(owner.hostId().value(), 400L);
        assertThat(report(owner).json().at("/moved")).hasSize(1);
        assertThat(stage.peers.owner(map).planned()).isTrue();
        assertThat(stage.peers.owner(map).cause()).isEqualTo("TUNNEL_ONLY");
    }

    @Test
    void hostWhoseTunnelIsBackWhileItIsWaitedForKeepsItsMap() {
        HostStateChanged owner = stage.say(stage.strongHost(5));
        stage.hostsBecomeReady();
        String map = assign();
        stage.peers.heardByDbProxy.put(owner.hostId().value(), 400L);
        // The reporter is the only relay: it is asked once it may have the tunnel again.
        stage.peers.heardByRelay.put(owner.hostId().value(), 0L);
        assertThat(report(owner, "relay-eu-1").json().at("/moved")).isEmpty();
        assertThat(ownerOf(map)).isEqualTo(owner.hostId().value());
    }

    @Test
    void reporterWithoutANameIsRefused() {
        String body = """
                {"hostId":"5b0c6a52-7d0e-4c5e-9a43-0f4f9f1c2d11","cause":"TUNNEL_LOST","reporter":" "}""";
        assertThat(stage.internal(ServiceName.RELAY, "POST", "/internal/v1/failovers", body)
                        .status())
                .isEqualTo(400);
    }

    private static Reply explained(String map) {
        return stage.get("/api/v1/maps/" + map + "/explain");
    }

    private static String assign() {
        String map = "moc_fild%02d".formatted(60 + maps++);
        Reply reply = stage.enter(map);
        assertThat(reply.text("/decision")).as(reply.toString()).isEqualTo("P2P");
        return map;
    }

    private static String ownerOf(String map) {
        return Stage.requireOwner(stage.peers.owner(map));
    }

    private static Reply report(HostStateChanged host) {
        return report(host, "relay-us-1");
    }

    private static Reply report(HostStateChanged host, String reporter) {
        return stage.internal(ServiceName.RELAY, "POST", "/internal/v1/failovers", """
                {"hostId":"%s","reporter":"%s","cause":"TUNNEL_LOST","observedAt":"%s"}""".formatted(
                        host.hostId(), reporter, Instant.now()));
    }
}
