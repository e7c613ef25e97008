package io.p2phost.assignment.failover;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.assignment.World;
import io.p2phost.assignment.failover.LossReport.Cause;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.HostLifeState;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FailoversTest {
    private static final String MAP = "moc_fild01";

    private final World world = new World();
    private final World.Instance service = world.instance(world.inMemory());
    private final HostId owner = world.host(1, "203.0.113.0/24");

    @Test
    void connectedStandbyIsPreferredToTheBestHost() {
        service.give(MAP, owner);
        HostId standby = world.host(2, "198.51.100.0/24", 2);
        service.planner.look();
        service.link();
        world.idleHost(3, "192.0.2.0/24");
        service.report(owner, "relay-1", Cause.TUNNEL_LOST);
        assertThat(world.dbProxy.owner(MAP)).isEqualTo(Owner.host(standby));
        assertThat(world.dbProxy.changes).containsExactly(MAP + " 1 TEST planned", MAP + " 2 TUNNEL_LOST");

        service.planner.look();
        assertThat(service.standbyOf(MAP))
                .as("and there is a new one")
                .isNotNull()
                .isNotEqualTo(standby);
    }

    @Test
    void withoutALinkedStandbyPlayersAreOnTheReserveAtOnceInsteadOfWaitingForACell() {
        service.give(MAP, owner);
        HostId standby = world.host(2, "198.51.100.0/24", 2);
        service.planner.look();
        assertThat(service.standbyOf(MAP)).isEqualTo(standby);
        world.idleHost(3, "192.0.2.0/24");
        service.report(owner, "relay-1", Cause.TUNNEL_LOST);
        assertThat(world.dbProxy.owner(MAP)).isEqualTo(World.RESERVE);
    }

    @Test
    void whoDrainsServesHisPlayersUntilAnotherHostHasThem() {
        service.give(MAP, owner);
        HostId best = world.idleHost(3, "192.0.2.0/24");
        world.state(owner, HostLifeState.DRAINING);
        service.failovers.takeFrom(owner);
        assertThat(world.dbProxy.owner(MAP)).isEqualTo(Owner.host(best));
    }

    @Test
    void standbyThatIsGoneIsPassedOver() {
        service.give(MAP, owner);
        HostId standby = world.host(2, "198.51.100.0/24");
        service.planner.look();
        service.link();
        world.state(standby, HostLifeState.UNHEALTHY);
        service.report(owner, "relay-1", Cause.TUNNEL_LOST);
        assertThat(world.dbProxy.owner(MAP)).as("the reserve, then").isEqualTo(World.RESERVE);
    }

    @Test
    void ownerAndStandbyLostTogetherLeaveTheReserve() {
        service.give(MAP, owner);
        HostId standby = world.host(2, "198.51.100.0/24");
        service.planner.look();
        service.link();
        service.report(standby, "relay-1", Cause.TUNNEL_LOST);
        service.report(owner, "relay-1", Cause.TUNNEL_LOST);
        assertThat(world.dbProxy.owner(MAP)).isEqualTo(World.RESERVE);
    }

    @Test
    void hostThatAnotherRelayHearsKeepsItsMapsAndStaysChoosable() {
        service.give(MAP, owner);
        world.heard.put(owner, Set.of("relay-2", "db-proxy"));
        service.report(owner, "relay-1", Cause.TUNNEL_LOST);
        assertThat(world.dbProxy.owner(MAP)).isEqualTo(Owner.host(owner));
        assertThat(decisions("STAY")).isOne();
        assertThat(world.carried).containsExactly(owner + " from relay-1 to [relay-2]");
        assertThat(service.index.choosable(owner, 1)).isTrue();
        world.pass(Duration.ofSeconds(1));
        service.sweep();
        assertThat(world.dbProxy.epoch(MAP)).as("it is over").isOne();

        // The other relay loses it too: a new report, and nobody is left.
        world.heard.remove(owner);
        service.report(owner, "relay-2", Cause.TUNNEL_LOST);
        assertThat(world.dbProxy.owner(MAP)).isEqualTo(World.RESERVE);
    }

    /** Nobody is carried twice, and not whose tunnel is back. */
    @Test
    void playersWaitForTheTunnelOfTheirOwnRelayBeforeTheyAreCarriedToAnother() {
        service.give(MAP, owner);
        world.heard.put(owner, Set.of("relay-1", "relay-2", "db-proxy"));
        service.report(owner, "relay-1", Cause.TUNNEL_LOST);
        assertThat(world.asked).containsExactly(owner + " but [relay-1]", owner + " but []");
        assertThat(world.carried).isEmpty();
        assertThat(world.dbProxy.owner(MAP)).isEqualTo(Owner.host(owner));
    }

    @Test
    void mapsLeaveAHostWhoseOtherRelaysTakeNoPlayers() {
        world.carrying = false;
        service.give(MAP, owner);
        world.heard.put(owner, Set.of("relay-2", "db-proxy"));
        service.report(owner, "relay-1", Cause.TUNNEL_LOST);
        assertThat(world.dbProxy.owner(MAP)).isEqualTo(World.RESERVE);
        assertThat(world.dbProxy.changes.getLast()).isEqualTo(MAP + " 2 TUNNEL_ONLY planned");
    }

    @Test
    void reporterIsNotAskedAboutItsOwnReport() {
        service.give(MAP, owner);
        world.heard.put(owner, Set.of("relay-1"));
        service.report(owner, "relay-1", Cause.TUNNEL_LOST);
        assertThat(world.asked).containsExactly(owner + " but [relay-1]");
        assertThat(world.dbProxy.owner(MAP)).isEqualTo(World.RESERVE);
    }

    @Test
    void hostThatOnlyDbProxyHearsSavesItsPlayersFirst() {
        service.give(MAP, owner);
        world.heard.put(owner, Set.of("db-proxy"));
        service.report(owner, "relay-1", Cause.TUNNEL_LOST);
        assertThat(world.dbProxy.owner(MAP)).isEqualTo(World.RESERVE);
        assertThat(world.dbProxy.changes.getLast()).isEqualTo(MAP + " 2 TUNNEL_ONLY planned");
    }

    @Test
    void hostThatDbProxyHearsKeepsItsMapsWhenItsTunnelIsBackInTime() {
        service.give(MAP, owner);
        world.heard.put(owner, Set.of("db-proxy", "relay-1"));
        service.report(owner, "relay-1", Cause.TUNNEL_LOST);
        assertThat(world.asked).containsExactly(owner + " but [relay-1]", owner + " but []");
        assertThat(world.dbProxy.owner(MAP)).isEqualTo(Owner.host(owner));
        assertThat(world.dbProxy.epoch(MAP)).isOne();
        assertThat(decisions("STAY")).isOne();
        assertThat(service.index.choosable(owner, 1)).isTrue();
    }

    @Test
    void hostWhoseCharLinkEndsWhileItsTunnelIsWaitedForLosesItsMapsAtOnce() {
        service.give(MAP, owner);
        world.heard.put(owner, Set.of("db-proxy"));
        world.onAsked = () -> world.heard.remove(owner);
        service.report(owner, "relay-1", Cause.TUNNEL_LOST);
        assertThat(world.asked).hasSize(2);
        assertThat(world.dbProxy.owner(MAP)).isEqualTo(World.RESERVE);
        assertThat(world.dbProxy.changes.getLast()).isEqualTo(MAP + " 2 TUNNEL_LOST");
    }

    @Test
    void hostWithoutCharLinkLosesItsMapsWhoeverHearsIt() {
        service.give(MAP, owner);
        world.heard.put(owner, Set.of("relay-1", "relay-2"));
        service.report(owner, "db-proxy", Cause.CHAR_LINK_LOST);
        assertThat(world.dbProxy.owner(MAP)).isEqualTo(World.RESERVE);
        assertThat(world.dbProxy.changes.getLast()).isEqualTo(MAP + " 2 CHAR_LINK_LOST");
    }

    @ParameterizedTest
    @EnumSource(
            value = HostLifeState.class,
            names = {"READY", "UNHEALTHY"},
            mode = EnumSource.Mode.EXCLUDE)
    void hostThatTheRegistryTookOutLosesItsMapsWhoeverHearsIt(HostLifeState state) {
        service.give(MAP, owner);
        world.heard.put(owner, Set.of("relay-2", "db-proxy"));
        world.state(owner, state);
        service.report(owner, "relay-1", Cause.TUNNEL_LOST);
        assertThat(world.dbProxy.owner(MAP)).isEqualTo(World.RESERVE);
        assertThat(world.asked).isEmpty();
    }

    @Test
    void whenTooManyAreLostAtOnceMapsWithALivingStandbyHealAndOthersWait() {
        List<HostId> lost = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            HostId host = world.host(10 + i, "203.0.113.0/24", 1);
            service.give("moc_fild1" + i, host);
            lost.add(host);
        }
        HostId living = world.host(2, "198.51.100.0/24", 1);
        service.planner.look();
        String covered =
                List.of("moc_fild10", "moc_fild11", "moc_fild12", "moc_fild13", "moc_fild14", "moc_fild15").stream()
                        .filter(map -> living.equals(service.standbyOf(map)))
                        .findFirst()
                        .orElseThrow();
        service.link();
        world.heard.put(living, Set.of("relay-1"));
        HostId coveredOwner = HostId.of(world.dbProxy.owner(covered).id());

        // The last two are the fifth and the sixth of eight hosts: more than half.
        lost.remove(coveredOwner);
        lost.add(coveredOwner);
        lost.forEach(host -> service.report(host, "relay-1", Cause.TUNNEL_LOST));

        assertThat(decisions("GO_ON")).isEqualTo(4);
        assertThat(decisions("HOLD")).isEqualTo(2);
        assertThat(world.dbProxy.owner(covered)).isEqualTo(Owner.host(living));
        String waiting = mapOf(lost.get(4));
        assertThat(world.dbProxy.owner(waiting)).isEqualTo(Owner.host(lost.get(4)));

        world.pass(Duration.ofMillis(2_999));
        service.sweep();
        assertThat(world.dbProxy.owner(waiting)).isEqualTo(Owner.host(lost.get(4)));
        world.pass(Duration.ofMillis(1));
        service.sweep();
        assertThat(world.dbProxy.owner(waiting)).as("nobody heard it again").isNotEqualTo(Owner.host(lost.get(4)));
    }

    @Test
    void hostsThatAreHeardAgainAfterTheHoldKeepTheirMaps() {
        List<HostId> hosts = new ArrayList<>(List.of(owner));
        for (int i = 0; i < 5; i++) {
            hosts.add(world.host(10 + i, "203.0.113.0/24", 1));
        }
        HostId last = hosts.getLast();
        service.give(MAP, last);
        hosts.forEach(host -> service.report(host, "relay-1", Cause.TUNNEL_LOST));
        assertThat(decisions("HOLD")).isPositive();

        // The relay's own line was down: its tunnels are back.
        world.heard.put(last, Set.of("relay-1"));
        world.pass(Duration.ofSeconds(3));
        service.sweep();
        assertThat(world.dbProxy.owner(MAP)).isEqualTo(Owner.host(last));
        assertThat(service.stores
                        .failovers()
                        .open(world.now.get(), world.now.get().plusSeconds(60), 50))
                .isEmpty();
    }

    @Test
    void mapThatIsOnItsWayToALostHostLeavesItOnceItIsThere() {
        HostId next = world.host(2, "198.51.100.0/24");
        service.give(MAP, owner);
        // db-proxy has made the change, its answer has not been taken over yet.
        var states = service.stores.states();
        var claimed = states.claim(
                        MapName.of(MAP),
                        row -> java.util.Optional.of(
                                new io.p2phost.assignment.ownership.Wanted(Owner.host(next), 5, "TEST")),
                        world.now.get(),
                        world.now.get().minusSeconds(4))
                .state();
        world.dbProxy.compareAndSet(MapName.of(MAP), claimed.epoch(), Owner.host(next), "TEST", true);
        Failover open = service.failovers.open(new LossReport(next, "relay-1", Cause.TUNNEL_LOST, world.now.get()));
        assertThat(open.steps()).extracting(Failover.Step::map).containsExactly(MapName.of(MAP));
        states.settle(
                MapName.of(MAP),
                Objects.requireNonNull(claimed.intent()).attempt(),
                claimed.epoch().next(),
                Owner.host(next),
                List.of(),
                null,
                world.now.get());

        world.pass(Duration.ofSeconds(1));
        service.sweep();

        assertThat(world.dbProxy.owner(MAP)).isEqualTo(World.RESERVE);
    }

    private String mapOf(HostId host) {
        return service.stores.states().ofHost(host).getFirst().map().value();
    }

    private double decisions(String decision) {
        return service.meters
                .counter("p2p_assignment_failover_decisions_total", "decision", decision)
                .count();
    }
}
