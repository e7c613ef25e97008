package io.p2phost.assignment.standby;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.assignment.World;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.HostLifeState;
import io.p2phost.contracts.MapName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class StandbyPlannerTest {
    private static final String MAP = "moc_fild01";
    private static final String HOME = "203.0.113.0/24";
    private static final String AWAY = "198.51.100.0/24";

    private final World world = new World();
    private final World.Instance service = world.instance(world.inMemory());
    private final HostId owner = world.host(1, HOME);

    @BeforeEach
    void owned() {
        service.give(MAP, owner);
    }

    @Test
    void hostedMapGetsAStandbyAndRelaysAreTold() {
        HostId other = world.host(2, AWAY);
        service.planner.look();
        assertThat(service.standbyOf(MAP)).isEqualTo(other);
        assertThat(world.told.getLast()).singleElement().satisfies(standby -> {
            assertThat(standby.host()).isEqualTo(other);
            assertThat(standby.epoch()).as("the owner's").isEqualTo(Epoch.of(1));
        });
    }

    @Test
    void aMapThatNoHostCanStartGetsNoStandbyAndOneThatRunsStays() {
        HostId other = world.host(2, AWAY);
        world.notInBundle.add(MapName.of(MAP));
        service.planner.look();
        assertThat(service.standbyOf(MAP)).isNull();

        world.notInBundle.clear();
        service.planner.look();
        world.notInBundle.add(MapName.of(MAP));
        service.planner.look();
        assertThat(service.standbyOf(MAP)).isEqualTo(other);
    }

    @Test
    void ownerIsNoStandbyOfItsOwn() {
        service.planner.look();
        assertThat(service.standbyOf(MAP)).isNull();
    }

    @Test
    void mapOnTheVpsHasNone() {
        world.host(2, AWAY);
        service.planner.look();
        service.placement.home(MapName.of(MAP), "TEST", state -> true);
        service.planner.look();
        assertThat(service.standbyOf(MAP)).isNull();
        assertThat(count("not_wanted")).isOne();
    }

    @Test
    void anotherAccountInAnotherNetworkIsBest() {
        world.host(1, AWAY);
        world.host(2, HOME);
        HostId apart = world.host(2, AWAY);
        service.planner.look();
        assertThat(service.standbyOf(MAP)).isEqualTo(apart);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 203.0.113.0/24, 2, 203.0.113.0/24", // the account rather than nothing
        "1, 198.51.100.0/24, 2, 203.0.113.0/24", // the account rather than the network
        "1, 203.0.113.0/24, 1, 198.51.100.0/24" // the network rather than nothing
    })
    void nextBestIsTakenWhereNobodyIsApart(long account, String network, long betterAccount, String betterNetwork) {
        world.host(account, network);
        HostId better = world.host(betterAccount, betterNetwork);
        service.planner.look();
        assertThat(service.standbyOf(MAP)).isEqualTo(better);
    }

    @Test
    void onlyHostThereIsBetterThanNone() {
        HostId same = world.host(1, HOME);
        service.planner.look();
        assertThat(service.standbyOf(MAP)).isEqualTo(same);
        HostId apart = world.host(2, AWAY);
        service.planner.look();
        assertThat(service.standbyOf(MAP)).as("until there is one apart").isEqualTo(apart);
    }

    @Test
    void goodStandbyIsKeptHoweverGoodOthersAre() {
        HostId first = world.host(2, AWAY);
        service.planner.look();
        for (int i = 0; i < 5; i++) {
            world.idleHost(3 + i, "192.0.2.0/24");
        }
        service.planner.look();
        assertThat(service.standbyOf(MAP)).isEqualTo(first);
    }

    @ParameterizedTest
    @EnumSource(
            value = HostLifeState.class,
            names = {"READY", "UNHEALTHY"},
            mode = EnumSource.Mode.EXCLUDE)
    void standbyWhoseHostGoesIsReplaced(HostLifeState state) {
        HostId first = world.host(2, AWAY);
        service.planner.look();
        HostId second = world.host(3, AWAY);
        world.state(first, state);
        service.planner.look();
        assertThat(service.standbyOf(MAP)).isEqualTo(second);
        world.state(second, state);
        service.planner.look();
        assertThat(service.standbyOf(MAP)).as("nobody is left").isNull();
    }

    @Test
    void missedHeartbeatReplacesNobody() {
        HostId first = world.host(2, AWAY);
        service.planner.look();
        world.host(3, AWAY);
        world.state(first, HostLifeState.UNHEALTHY);
        service.planner.look();
        assertThat(service.standbyOf(MAP)).isEqualTo(first);
    }

    @Test
    void standbyThatBecameTheOwnerIsReplacedByAnother() {
        HostId first = world.host(2, AWAY);
        service.planner.look();
        service.give(MAP, first);
        service.planner.look();
        assertThat(service.standbyOf(MAP)).isEqualTo(owner);
        assertThat(service.stores.standbys().find(MapName.of(MAP)).orElseThrow().epoch())
                .isEqualTo(Epoch.of(2));
    }

    @Test
    void standbyIsToldOfANewOwnersEpoch() {
        HostId first = world.host(2, AWAY);
        service.planner.look();
        service.give(MAP, world.host(3, "192.0.2.0/24"));
        service.planner.look();
        assertThat(service.standbyOf(MAP)).isEqualTo(first);
        assertThat(world.told.getLast()).extracting(Standby::epoch).containsExactly(Epoch.of(2));
    }

    @Test
    void standbyThatDoesNotConnectInTimeGivesWayToAnotherAndIsNotTriedAgainSoon() {
        HostId first = world.host(2, AWAY);
        service.planner.look();
        HostId second = world.host(3, AWAY);
        world.pass(Duration.ofSeconds(30));
        service.planner.look();
        assertThat(service.standbyOf(MAP)).isEqualTo(first);
        world.pass(Duration.ofMillis(1));
        service.planner.look();
        assertThat(service.standbyOf(MAP)).isEqualTo(second);
        world.state(second, HostLifeState.OFFLINE);
        service.planner.look();
        assertThat(service.standbyOf(MAP)).as("not fit for this map").isNull();
        world.pass(Duration.ofMinutes(11));
        service.planner.look();
        assertThat(service.standbyOf(MAP)).isEqualTo(first);
    }

    @Test
    void standbyThatLosesItsLinkHasTimeToComeBackAlsoAtARestartOfThisService() {
        HostId first = world.host(2, AWAY);
        service.planner.look();
        service.link();
        world.host(3, AWAY);
        world.pass(Duration.ofHours(1));
        service.planner.look();
        world.links = Set.of();
        World.Instance next = world.instance(service.stores);
        for (World.Instance instance : List.of(service, next)) {
            instance.planner.look();
            assertThat(service.standbyOf(MAP)).isEqualTo(first);
        }
        world.pass(Duration.ofSeconds(30));
        next.planner.look();
        assertThat(service.standbyOf(MAP)).isEqualTo(first);
        world.pass(Duration.ofMillis(1));
        next.planner.look();
        assertThat(service.standbyOf(MAP)).isNotEqualTo(first);
    }

    @Test
    void standbyOfALostOwnerIsKeptUntilTheMapHasMoved() {
        HostId first = world.host(2, AWAY);
        service.planner.look();
        world.state(owner, HostLifeState.OFFLINE);
        service.planner.look();
        assertThat(service.standbyOf(MAP)).isEqualTo(first);
        assertThat(count("not_wanted")).isZero();
    }

    @Test
    void linkedStandbyIsKeptAndWhileDbProxyIsAwayAnyIs() {
        HostId first = world.host(2, AWAY);
        service.planner.look();
        service.link();
        world.host(3, AWAY);
        world.pass(Duration.ofMinutes(1));
        service.planner.look();
        assertThat(service.standbyOf(MAP)).isEqualTo(first);
        assertThat(service.meters
                        .get("p2p_assignment_standbys_connected")
                        .gauge()
                        .value())
                .isOne();

        world.links = null;
        world.pass(Duration.ofMinutes(1));
        service.planner.look();
        assertThat(service.standbyOf(MAP)).isEqualTo(first);
        assertThat(service.meters
                        .get("p2p_assignment_standbys_connected")
                        .gauge()
                        .value())
                .as("nobody knows")
                .isZero();
    }

    @Test
    void hostStandsByForNoMoreMapsThanItHasSlotsFor() {
        HostId small = world.host(2, AWAY, 2);
        service.give("moc_fild02", owner);
        service.give("moc_fild03", owner);
        service.planner.look();
        assertThat(List.of(MAP, "moc_fild02", "moc_fild03"))
                .filteredOn(map -> small.equals(service.standbyOf(map)))
                .hasSize(2);
    }

    @Test
    void everyoneIsToldAnewNowAndThen() {
        world.host(2, AWAY);
        service.planner.look();
        assertThat(world.told).hasSize(1);
        world.pass(Duration.ofSeconds(14));
        service.planner.look();
        assertThat(world.told).hasSize(1);
        world.pass(Duration.ofSeconds(1));
        service.planner.look();
        assertThat(world.told).hasSize(2);
        assertThat(world.told.getLast()).hasSize(1);
    }

    @Test
    void replicationOfOneMeansNone() {
        world.host(2, AWAY);
        service.planner.look();
        String text =
                service.config.version("p2p_settings.conf", null).orElseThrow().text();
        service.config.put(
                "p2p_settings.conf", text.replaceAll("min_replication: \\d+", "min_replication: 1"), null, "test");
        service.planner.look();
        assertThat(service.standbyOf(MAP)).isNull();
    }

    @Test
    void instancesDoNotFightOverAStandby() {
        World.Instance second = world.instance(service.stores);
        for (int i = 0; i < 8; i++) {
            world.host(2 + i, AWAY);
        }
        service.planner.look();
        HostId chosen = service.standbyOf(MAP);
        second.planner.look();
        service.planner.look();
        assertThat(service.standbyOf(MAP)).isEqualTo(chosen);
    }

    @Test
    void memoryBoundsStandbys() {
        StandbyChoice.Limits limits = new StandbyChoice.Limits(5, 85);
        var full = Map.of(0, true, 4, true, 5, false);
        full.forEach((standbys, room) -> assertThat(
                        StandbyChoice.hasRoom(TestHosts.withMemory(64, 20.0), 0, standbys, limits))
                .isEqualTo(room));
        // 1 GB, 70 % used, 85 % allowed: 153 MiB are free, three times 48 fit.
        assertThat(StandbyChoice.hasRoom(TestHosts.withMemory(1, 70.0), 0, 2, limits))
                .isTrue();
        assertThat(StandbyChoice.hasRoom(TestHosts.withMemory(1, 70.0), 0, 3, limits))
                .isFalse();
        assertThat(StandbyChoice.hasRoom(TestHosts.withMemory(64, 85.0), 0, 0, limits))
                .isFalse();
        assertThat(StandbyChoice.hasRoom(TestHosts.withMemory(64, null), 4, 0, limits))
                .isTrue();
        assertThat(StandbyChoice.hasRoom(TestHosts.withMemory(64, null), 4, 1, limits))
                .isFalse();
    }

    private double count(String why) {
        return service.meters
                .counter("p2p_assignment_standby_changes_total", "why", why)
                .count();
    }
}
