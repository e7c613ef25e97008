package io.p2phost.dbproxy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import io.p2phost.dbproxy.ownership.MapOwner;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SuccessionTest {
    private static final MapName FIELD = MapName.of("prt_fild08");

    private final Fake servers = new Fake();
    private final Succession succession = new Succession(servers);

    private static final class Fake implements Succession.Servers {
        private final Set<MapOwner> there = new HashSet<>();
        private final List<String> said = new ArrayList<>();
        private final List<Runnable> released = new ArrayList<>();
        private boolean reserve = true;

        @Override
        public boolean isThere(MapOwner owner) {
            return there.contains(owner);
        }

        @Override
        public boolean reserveIsReady() {
            return reserve;
        }

        @Override
        public void owned(MapOwner owner) {
            said.add("owned " + owner.epoch().value());
        }

        @Override
        public void bridge(MapName map) {
            said.add("bridge");
        }

        @Override
        public void stay(MapName map) {
            said.add("stay");
        }

        @Override
        public void release(MapName map, Runnable then) {
            said.add("release");
            released.add(then);
        }
    }

    private static MapOwner owner(long epoch) {
        return new MapOwner(
                FIELD, Epoch.of(epoch), Owner.host(HostId.of("00000000-0000-0000-0000-00000000000" + epoch)));
    }

    @Test
    void whoIsThereHasTheMapAtOnce() {
        servers.there.add(owner(2));
        succession.is(owner(2));
        assertThat(servers.said).containsExactly("owned 2");
    }

    @Test
    void theReserveHasThePlayersUntilItsServerIsReady() {
        succession.is(owner(2));
        succession.tick();
        assertThat(servers.said).containsExactly("bridge");

        servers.there.add(owner(2));
        succession.tick();
        succession.tick();
        assertThat(servers.said).containsExactly("bridge", "release");
        servers.released.getFirst().run();
        assertThat(servers.said).containsExactly("bridge", "release", "owned 2");
        succession.tick();
        assertThat(servers.said).hasSize(3);
    }

    /** Its server has been there all the while, as the map's standby; nothing more will come of it. */
    @Test
    void standbyThatIsToHaveTheMapGetsThePlayersFromTheReserve() {
        servers.there.add(owner(2));
        succession.willBe(owner(2));
        succession.tick();
        assertThat(servers.said).containsExactly("release");
        servers.released.getFirst().run();
        assertThat(servers.said).containsExactly("release", "owned 2");
    }

    @Test
    void withoutAReserveNobodyIsSentThere() {
        servers.reserve = false;
        succession.is(owner(2));
        assertThat(servers.said).containsExactly("owned 2");
    }

    /** The rows are looked at a second after each change: meanwhile the new owner's link may have broken. */
    @Test
    void toldAgainWhileItsServerIsAwayItKeepsTheMap() {
        servers.there.add(owner(2));
        succession.is(owner(2));
        servers.there.clear();

        succession.is(owner(2));
        succession.willBe(owner(2));
        servers.there.add(owner(2));
        succession.tick();
        assertThat(servers.said).containsExactly("owned 2");
    }

    @Test
    void toldAgainWhileTheReserveLetsGoNothingIsHurried() {
        succession.is(owner(2));
        servers.there.add(owner(2));
        succession.tick();

        succession.is(owner(2));
        assertThat(servers.said).containsExactly("bridge", "release");
    }

    @Test
    void aChangeToldAfterTheNextOneWasDecidedOnTakesPlayersFromTheOwnerBeforeBoth() {
        servers.there.add(owner(1));
        succession.is(owner(1));
        succession.willBe(owner(3));
        succession.is(owner(2));
        assertThat(servers.said).containsExactly("owned 1", "bridge");
        servers.there.add(owner(3));
        succession.tick();
        servers.released.getFirst().run();
        assertThat(servers.said).containsExactly("owned 1", "bridge", "release", "owned 3");
    }

    @Test
    void whoIsDecidedOnIsWaitedForWithoutAWayRound() {
        succession.willBe(owner(2));
        succession.is(owner(2));
        assertThat(servers.said).isEmpty();
        servers.there.add(owner(2));
        succession.tick();
        assertThat(servers.said).containsExactly("release");
    }

    @Test
    void anOlderOwnerIsHistory() {
        servers.there.addAll(Set.of(owner(2), owner(3)));
        succession.is(owner(3));
        succession.is(owner(2));
        succession.willBe(owner(2));
        succession.tick();
        assertThat(servers.said).containsExactly("owned 3");
    }

    @Test
    void aNewerOwnerTakesThePlaceOfOneThatIsComing() {
        succession.is(owner(2));
        servers.there.add(owner(2));
        succession.tick();
        servers.there.add(owner(3));
        succession.is(owner(3));
        servers.released.getFirst().run();
        succession.tick();
        assertThat(servers.said).containsExactly("bridge", "release", "owned 3", "stay");
    }

    @Test
    void whoIsSupersededWhileTheReserveLetsGoDoesNotGetTheMap() {
        succession.willBe(owner(2));
        servers.there.add(owner(2));
        succession.tick();
        succession.is(owner(3));
        servers.released.getFirst().run();
        assertThat(servers.said).containsExactly("release", "bridge", "stay");

        servers.there.add(owner(3));
        succession.tick();
        servers.released.getLast().run();
        assertThat(servers.said).containsExactly("release", "bridge", "stay", "release", "owned 3");
    }
}
