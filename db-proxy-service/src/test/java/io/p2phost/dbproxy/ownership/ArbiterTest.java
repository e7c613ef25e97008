package io.p2phost.dbproxy.ownership;

import static io.p2phost.dbproxy.ownership.MapOwnersContract.RESERVE;
import static io.p2phost.dbproxy.ownership.MapOwnersContract.change;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.HostLifeState;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import io.p2phost.dbproxy.hosts.HostIndex;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ArbiterTest {
    private static final MapName MAP = new MapName("prt_fild08");

    private final List<String> steps = new ArrayList<>();
    private final InMemoryMapOwners owners = new InMemoryMapOwners();
    private final HostIndex hosts = new HostIndex(host -> Optional.empty());
    private final Arbiter arbiter = new Arbiter(
            owners,
            hosts,
            now -> steps.add("fence " + now.epoch()),
            new Players() {
                @Override
                public void release(MapName map) {
                    steps.add("release " + map);
                }

                @Override
                public void recall(MapName map) {
                    steps.add("recall " + map);
                }

                @Override
                public void stay(MapName map) {
                    steps.add("stay " + map);
                }

                @Override
                public void ownerWillBe(MapOwner owner) {
                    steps.add("await " + owner.epoch());
                }

                @Override
                public void ownerIs(MapOwner owner) {
                    steps.add("hand over " + owner.epoch());
                }
            },
            now -> {
                steps.add("push " + now.epoch());
                return List.of(new RelayRoute("relay-1", "EU", "127.0.0.1", 7000));
            },
            new SimpleMeterRegistry());

    @Test
    void ownerBeforeIsFencedBeforeTheRelaysAreTold() {
        OwnerDecision decision = arbiter.decide(change(MAP, 0, RESERVE));
        assertThat(steps).containsExactly("fence 1", "hand over 1", "push 1");
        assertThat(((OwnerDecision.Changed) decision).routes())
                .extracting(RelayRoute::port)
                .containsExactly(7000);
    }

    @Test
    void ownerThatNoRelayReachesIsAskedItselfForFinalSaves() {
        hosted();
        arbiter.decide(new OwnerChange(MAP, Epoch.of(1), null, true, true, "TUNNEL_ONLY", "test"));
        assertThat(steps).containsExactly("recall " + MAP, "fence 2", "hand over 2", "push 2");
    }

    @Test
    void staleCallerCausesNothing() {
        arbiter.decide(change(MAP, 0, RESERVE));
        steps.clear();
        assertThat(arbiter.decide(change(MAP, 0, RESERVE))).isInstanceOf(OwnerDecision.Stale.class);
        assertThat(steps).isEmpty();
    }

    @Test
    void plannedChangeWaitsForFinalSavesFirst() {
        hosted();
        arbiter.decide(new OwnerChange(MAP, Epoch.of(1), null, true, "DRAIN", "test"));
        assertThat(steps).containsExactly("release " + MAP, "fence 2", "hand over 2", "push 2");
    }

    /** A host owns the map at epoch 1. */
    private void hosted() {
        HostId host = HostId.random();
        hosts.update(host, HostLifeState.READY, 1);
        arbiter.decide(change(MAP, 0, Owner.host(host)));
        steps.clear();
    }

    @Test
    void mapThatStaysOnTheVpsKeepsItsPlayersWhereTheyAre() {
        arbiter.decide(new OwnerChange(MAP, Epoch.NONE, RESERVE, true, "NO_HOST", "test"));
        arbiter.decide(new OwnerChange(MAP, Epoch.of(1), null, true, "VPS_CHANGED", "test"));
        assertThat(steps).containsExactly("fence 1", "hand over 1", "push 1", "fence 2", "hand over 2", "push 2");
    }

    @Test
    void plannedMoveFromTheVpsWaitsForTheHostsServer() {
        HostId host = HostId.random();
        hosts.update(host, HostLifeState.READY, 1);
        arbiter.decide(change(MAP, 0, RESERVE));
        steps.clear();
        arbiter.decide(new OwnerChange(MAP, Epoch.of(1), Owner.host(host), true, "ENTRY", "test"));
        assertThat(steps).containsExactly("fence 2", "await 2", "push 2");
    }

    @Test
    void playersComeBackWhenAPlannedChangeIsNotMade() {
        hosted();
        owners.failing = true;
        assertThatThrownBy(() -> arbiter.decide(new OwnerChange(MAP, Epoch.of(1), null, true, "DRAIN", "test")))
                .isInstanceOf(IllegalStateException.class);
        assertThat(steps).containsExactly("release " + MAP, "stay " + MAP);
    }

    @Test
    void stalePlanLetsNobodyGo() {
        arbiter.decide(change(MAP, 0, RESERVE));
        steps.clear();
        arbiter.decide(new OwnerChange(MAP, Epoch.NONE, null, true, "DRAIN", "test"));
        assertThat(steps).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(value = HostLifeState.class, names = "READY", mode = EnumSource.Mode.EXCLUDE)
    void onlyAReadyHostMayOwnAMap(HostLifeState state) {
        HostId host = HostId.random();
        hosts.update(host, state, 1);
        assertThat(arbiter.decide(change(MAP, 0, Owner.host(host)))).isInstanceOf(OwnerDecision.NotReady.class);
        assertThat(owners.all()).isEmpty();
        hosts.update(host, HostLifeState.READY, 2);
        assertThat(arbiter.decide(change(MAP, 0, Owner.host(host)))).isInstanceOf(OwnerDecision.Changed.class);
    }

    @Test
    void hostNobodyKnowsIsRefused() {
        assertThat(arbiter.decide(change(MAP, 0, Owner.host(HostId.random()))))
                .isInstanceOf(OwnerDecision.NotReady.class);
    }

    @Test
    void olderStateOfAHostIsIgnored() {
        HostId host = HostId.random();
        hosts.update(host, HostLifeState.BLACKLISTED, 7);
        hosts.update(host, HostLifeState.READY, 6);
        assertThat(arbiter.decide(change(MAP, 0, Owner.host(host))))
                .isEqualTo(new OwnerDecision.NotReady("host " + host + " is blacklisted (expected: READY)"));
    }

    @Test
    void releaseAsksNothingOfHosts() {
        arbiter.decide(change(MAP, 0, RESERVE));
        assertThat(arbiter.decide(change(MAP, 1, null))).isInstanceOf(OwnerDecision.Changed.class);
    }
}
