package io.p2phost.assignment.ownership;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What every store of rows must do. Every case has names of its own, because the real one is shared. */
public abstract class MapStatesContract {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final Instant STALE = NOW.minusSeconds(4);
    private static final Owner VPS = Owner.vps("reserve", "127.0.0.1:5121");

    protected abstract MapStates states();

    @Test
    void unknownMapHasNoRow() {
        assertThat(states().find(map("nothing"))).isEmpty();
        states().readiness(map("nothing"), Epoch.of(1), true);
        states().hold(map("nothing"), NOW);
        states().entered(map("nothing"), NOW);
        assertThat(states().find(map("nothing"))).isEmpty();
    }

    @Test
    void claimWritesTheIntentAndSettlingEndsIt() {
        MapName map = map("claim");
        HostId host = HostId.random();
        MapState claimed = claim(map, Owner.host(host), 5).state();
        assertThat(claimed.intent().owner()).isEqualTo(Owner.host(host));
        assertThat(claimed.intent().fromEpoch()).isEqualTo(Epoch.NONE);
        assertThat(claimed.owner()).isNull();
        MapState settled = settle(claimed, 1, Owner.host(host));
        assertThat(settled.epoch()).isEqualTo(Epoch.of(1));
        assertThat(settled.owner()).isEqualTo(Owner.host(host));
        assertThat(settled.intent()).isNull();
        assertThat(settled.routes()).containsExactly(new Route("r1", "eu", "127.0.0.1", 7000));
        assertThat(settled.readyDeadline()).isEqualTo(NOW.plusSeconds(10));
        assertThat(settled.ready()).isFalse();
        assertThat(states().find(map)).contains(settled);
    }

    @Test
    void freshIntentOfSomebodyElseIsBusyAndAnOldOneIsReplaced() {
        MapName map = map("busy");
        UUID first = claim(map, VPS, 0).state().intent().attempt();
        assertThat(claim(map, VPS, 0)).isInstanceOf(Claim.Busy.class);
        Claim later = states().claim(
                        map, row -> Optional.of(Wanted.vps(VPS, "TEST")), NOW.plusSeconds(5), NOW.plusSeconds(1));
        assertThat(later).isInstanceOf(Claim.Claimed.class);
        assertThat(later.state().intent().attempt()).isNotEqualTo(first);
        states().abandon(map, first);
        assertThat(states().find(map).orElseThrow().intent())
                .as("not the first one's to end")
                .isNotNull();
    }

    @Test
    void nothingWantedWritesNothing() {
        MapName map = map("declined");
        Claim claim = states().claim(map, row -> Optional.empty(), NOW, STALE);
        assertThat(claim).isInstanceOf(Claim.Declined.class);
        assertThat(claim.state().intent()).isNull();
    }

    @Test
    void hostCannotBeIntendedForMoreMapsThanItsSlots() {
        HostId host = HostId.random();
        settle(claim(map("full1"), Owner.host(host), 2).state(), 1, Owner.host(host));
        assertThat(claim(map("full2"), Owner.host(host), 2))
                .as("an intent counts")
                .isInstanceOf(Claim.Claimed.class);
        assertThat(claim(map("full3"), Owner.host(host), 2)).isInstanceOf(Claim.HostFull.class);
        assertThat(states().ofHost(host)).extracting(MapState::map).containsExactly(map("full1"), map("full2"));
    }

    @Test
    void manyClaimsForTheLastSlotOfAHostGiveItToOne() throws Exception {
        HostId host = HostId.random();
        List<Callable<Claim>> claims = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            MapName map = map("slot" + i);
            claims.add(() -> claim(map, Owner.host(host), 1));
        }
        int won = 0;
        try (ExecutorService executor = Executors.newFixedThreadPool(8)) {
            for (Future<Claim> claim : executor.invokeAll(claims)) {
                won += claim.get() instanceof Claim.Claimed ? 1 : 0;
            }
        }
        assertThat(won).isEqualTo(1);
    }

    @Test
    void manyClaimsForOneMapGiveItToOne() throws Exception {
        MapName map = map("race");
        List<Callable<Claim>> claims = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            claims.add(() -> claim(map, Owner.host(HostId.random()), 1));
        }
        int won = 0;
        try (ExecutorService executor = Executors.newFixedThreadPool(8)) {
            for (Future<Claim> claim : executor.invokeAll(claims)) {
                won += claim.get() instanceof Claim.Claimed ? 1 : 0;
            }
        }
        assertThat(won).isEqualTo(1);
    }

    @Test
    void rowThatIsFurtherKeepsItsOwner() {
        MapName map = map("further");
        MapState slow = claim(map, Owner.host(HostId.random()), 1).state();
        MapState quick = states().claim(
                        map, row -> Optional.of(Wanted.vps(VPS, "TEST")), NOW.plusSeconds(5), NOW.plusSeconds(1))
                .state();
        settle(quick, 5, VPS);
        MapState settled = settle(slow, 3, Owner.host(HostId.random()));
        assertThat(settled.epoch()).isEqualTo(Epoch.of(5));
        assertThat(settled.owner()).isEqualTo(VPS);
        assertThat(settled.intent()).isNull();
    }

    @Test
    void answerFromBelowTheStartMeansThatDbProxyLostItsRows() {
        MapName map = map("lost");
        Owner host = Owner.host(HostId.random());
        settle(claim(map, host, 1).state(), 5, host);
        states().readiness(map, Epoch.of(5), true);
        MapState again = claim(map, VPS, 0).state();
        MapState settled = states().settle(map, again.intent().attempt(), Epoch.of(2), null, List.of(), null, NOW);
        assertThat(settled.epoch()).isEqualTo(Epoch.of(2));
        assertThat(settled.owner()).isNull();
        MapState later = claim(map, host, 1).state();
        assertThat(settle(later, 5, host).ready()).as("not the same epoch 5").isFalse();
    }

    @Test
    void releaseLeavesNoOwner() {
        MapName map = map("release");
        settle(claim(map, VPS, 0).state(), 1, VPS);
        MapState claimed = states().claim(map, row -> Optional.of(Wanted.release("TEST")), NOW, STALE)
                .state();
        assertThat(claimed.intent().owner()).isNull();
        MapState settled = states().settle(map, claimed.intent().attempt(), Epoch.of(2), null, List.of(), null, NOW);
        assertThat(settled.owner()).isNull();
        assertThat(settled.ownerSince()).isNull();
        assertThat(settled.ready()).isFalse();
        assertThat(settled.routes()).as("ports are kept through every owner").isNotEmpty();
    }

    @Test
    void readinessCountsForItsEpochAloneAndMayComeEarly() {
        MapName map = map("ready");
        Owner host = Owner.host(HostId.random());
        MapState claimed = claim(map, host, 1).state();
        states().readiness(map, Epoch.of(1), true);
        assertThat(states().find(map).orElseThrow().ready()).isFalse();
        assertThat(settle(claimed, 1, host).ready()).isTrue();
        MapState next = claim(map, host, 1).state();
        assertThat(settle(next, 2, host).ready()).as("of the epoch before").isFalse();
        states().readiness(map, Epoch.of(2), false);
        assertThat(states().find(map).orElseThrow().failed()).isTrue();
        states().readiness(map, Epoch.of(2), true);
        MapState ready = states().find(map).orElseThrow();
        assertThat(ready.ready()).isTrue();
        assertThat(ready.failed()).isFalse();
        assertThat(ready.readyDeadline()).isNull();
    }

    @Test
    void adoptionTakesHigherEpochsOnlyAndNeverOverAnIntent() {
        MapName map = map("adopt");
        Owner host = Owner.host(HostId.random());
        assertThat(states().adopt(map, Epoch.of(4), host, NOW)).isTrue();
        MapState adopted = states().find(map).orElseThrow();
        assertThat(adopted.owner()).isEqualTo(host);
        assertThat(adopted.ready()).as("what is in effect is presumed to serve").isTrue();
        assertThat(states().adopt(map, Epoch.of(4), VPS, NOW)).isFalse();
        assertThat(states().adopt(map, Epoch.of(3), VPS, NOW)).isFalse();
        MapState claimed = claim(map, VPS, 0).state();
        assertThat(states().adopt(map, Epoch.of(5), VPS, NOW)).isFalse();
        states().abandon(map, claimed.intent().attempt());
        assertThat(states().adopt(map, Epoch.of(5), null, NOW)).isTrue();
        assertThat(states().find(map).orElseThrow().owner()).isNull();
    }

    @Test
    void unsettledAreOldIntentsAndHostsThatAreLateOrFailed() {
        MapName left = map("u_left");
        MapName late = map("u_late");
        MapName failed = map("u_failed");
        MapName fine = map("u_fine");
        claim(left, VPS, 0);
        for (MapName map : List.of(late, failed, fine)) {
            Owner host = Owner.host(HostId.random());
            settle(claim(map, host, 1).state(), 1, host);
        }
        states().readiness(failed, Epoch.of(1), false);
        states().readiness(fine, Epoch.of(1), true);
        assertThat(unsettled(NOW.plusSeconds(1), STALE)).contains(failed).doesNotContain(left, late, fine);
        assertThat(unsettled(NOW.plusSeconds(11), NOW.plusSeconds(7)))
                .contains(failed, left, late)
                .doesNotContain(fine);
        assertThat(states().unsettled(NOW.plusSeconds(11), NOW.plusSeconds(7), 1))
                .hasSize(1);
    }

    @Test
    void pagesGoThroughAllRowsInOrder() {
        for (String name : List.of("p_b", "p_a", "p_c")) {
            settle(claim(map(name), VPS, 0).state(), 1, VPS);
        }
        List<MapName> seen = new ArrayList<>();
        MapName after = null;
        List<MapState> page;
        do {
            page = states().page(after, 2);
            page.forEach(row -> seen.add(row.map()));
            after = page.isEmpty() ? null : page.getLast().map();
        } while (!page.isEmpty());
        assertThat(seen).isSorted().doesNotHaveDuplicates().contains(map("p_a"), map("p_b"), map("p_c"));
    }

    @Test
    void entriesAndHoldsAreNoted() {
        MapName map = map("times");
        claim(map, VPS, 0);
        states().entered(map, NOW);
        states().entered(map, NOW.plusSeconds(3));
        assertThat(states().find(map).orElseThrow().lastEnteredAt()).isEqualTo(NOW);
        states().entered(map, NOW.plusSeconds(11));
        assertThat(states().find(map).orElseThrow().lastEnteredAt()).isEqualTo(NOW.plusSeconds(11));
        states().hold(map, NOW.plusSeconds(60));
        assertThat(states().find(map).orElseThrow().heldAt(NOW)).isTrue();
        assertThat(states().find(map).orElseThrow().heldAt(NOW.plusSeconds(60))).isFalse();
        states().hold(map, null);
        assertThat(states().find(map).orElseThrow().heldUntil()).isNull();
    }

    private List<MapName> unsettled(Instant now, Instant staleBefore) {
        return states().unsettled(now, staleBefore, 1_000).stream()
                .map(MapState::map)
                .toList();
    }

    private Claim claim(MapName map, Owner owner, int slots) {
        return states().claim(map, row -> Optional.of(new Wanted(owner, slots, "TEST")), NOW, STALE);
    }

    private MapState settle(MapState claimed, long epoch, Owner owner) {
        return states().settle(
                        claimed.map(),
                        claimed.intent().attempt(),
                        Epoch.of(epoch),
                        owner,
                        List.of(new Route("r1", "eu", "127.0.0.1", 7000)),
                        owner.isHost() ? NOW.plusSeconds(10) : null,
                        NOW);
    }

    private static MapName map(String name) {
        return new MapName("c_" + name);
    }
}
