package io.p2phost.dbproxy.ownership;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What every store of owners must do, in memory and on PostgreSQL. */
abstract class MapOwnersContract {
    static final Owner RESERVE = Owner.vps("reserve", "127.0.0.1:5131");

    /** Stores that share their rows: two instances of the service. */
    abstract List<MapOwners> instances();

    private MapOwners owners() {
        return instances().getFirst();
    }

    @Test
    void firstOwnerGetsEpochOne() {
        MapName map = new MapName("first");
        assertThat(owners().compareAndSet(change(map, 0, RESERVE)))
                .isEqualTo(new OwnerDecision.Changed(new MapOwner(map, Epoch.of(1), RESERVE), null, List.of()));
        assertThat(owners().find(map)).contains(new MapOwner(map, Epoch.of(1), RESERVE));
    }

    @Test
    void callerWithAnOldEpochGetsTheRowInEffect() {
        MapName map = new MapName("old_epoch");
        Owner host = Owner.host(HostId.random());
        owners().compareAndSet(change(map, 0, RESERVE));
        owners().compareAndSet(change(map, 1, host));
        OwnerDecision.Stale stale = new OwnerDecision.Stale(new MapOwner(map, Epoch.of(2), host));
        assertThat(owners().compareAndSet(change(map, 0, RESERVE))).isEqualTo(stale);
        assertThat(owners().compareAndSet(change(map, 1, RESERVE))).isEqualTo(stale);
        assertThat(owners().compareAndSet(change(map, 3, RESERVE))).isEqualTo(stale);
    }

    @Test
    void epochOfAnUnknownMapIsNone() {
        MapName map = new MapName("unknown");
        assertThat(owners().compareAndSet(change(map, 5, RESERVE)))
                .isEqualTo(new OwnerDecision.Stale(new MapOwner(map, Epoch.NONE, null)));
        assertThat(owners().find(map)).isEmpty();
    }

    @Test
    void releasedMapKeepsItsEpoch() {
        MapName map = new MapName("released");
        owners().compareAndSet(change(map, 0, RESERVE));
        owners().compareAndSet(change(map, 1, null));
        assertThat(owners().find(map)).contains(new MapOwner(map, Epoch.of(2), null));
        assertThat(owners().compareAndSet(change(map, 2, RESERVE))).isInstanceOf(OwnerDecision.Changed.class);
    }

    /** Interleaving is forced by 32 callers that all read the same epoch before any of them asks. */
    @Test
    void oneOfManyConcurrentCallersWinsEachEpoch() throws Exception {
        MapName map = new MapName("contended");
        int rounds = 100;
        int callers = 32;
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int round = 0; round < rounds; round++) {
                List<Callable<OwnerDecision>> calls = new ArrayList<>();
                for (int caller = 0; caller < callers; caller++) {
                    MapOwners through = instances().get(caller % instances().size());
                    OwnerChange change = change(map, round, Owner.vps("vps-" + caller, "127.0.0.1:1"));
                    calls.add(() -> through.compareAndSet(change));
                }
                List<OwnerDecision> decisions = results(executor.invokeAll(calls));
                List<OwnerDecision> winners = decisions.stream()
                        .filter(OwnerDecision.Changed.class::isInstance)
                        .toList();
                assertThat(winners).as("round " + round).hasSize(1);
                MapOwner now = owners().find(map).orElseThrow();
                assertThat(now).isEqualTo(((OwnerDecision.Changed) winners.getFirst()).now());
                assertThat(now.epoch()).isEqualTo(Epoch.of(round + 1L));
                assertThat(decisions.stream().filter(OwnerDecision.Stale.class::isInstance))
                        .allSatisfy(d ->
                                assertThat(((OwnerDecision.Stale) d).current()).isEqualTo(now));
            }
        }
    }

    private static List<OwnerDecision> results(List<Future<OwnerDecision>> futures)
            throws InterruptedException, ExecutionException {
        List<OwnerDecision> results = new ArrayList<>();
        for (Future<OwnerDecision> future : futures) {
            results.add(future.get());
        }
        return results;
    }

    static OwnerChange change(MapName map, long from, Owner owner) {
        return new OwnerChange(map, Epoch.of(from), owner, false, "TEST", "service:map-assignment");
    }
}
