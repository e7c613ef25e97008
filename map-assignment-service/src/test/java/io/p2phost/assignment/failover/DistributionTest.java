package io.p2phost.assignment.failover;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.assignment.World;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.HostLifeState;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Maps that fell back to the VPS go to hosts again. */
class DistributionTest {
    private static final MapName MAP = MapName.of("moc_fild01");

    private final World world = new World();
    private final World.Instance service = world.instance(world.inMemory());
    private HostId next;

    /** A map whose host is lost, and another host that comes long after. */
    @BeforeEach
    void onTheVps() {
        HostId lost = world.host(1, "203.0.113.0/24");
        service.placement.toHost(MAP, lost, "TEST", row -> true);
        service.stores.states().readiness(MAP, Epoch.of(1), false);
        service.repair.unsettled();
        assertThat(world.dbProxy.owner(MAP.value())).isEqualTo(World.RESERVE);
        world.state(lost, HostLifeState.DRAINING);
        world.pass(Duration.ofHours(1));
        next = world.host(2, "198.51.100.0/24");
    }

    private Owner distributed() {
        world.pass(Duration.ofMinutes(5));
        service.repair.distribute();
        return world.dbProxy.owner(MAP.value());
    }

    @Test
    void mapThatPlayersAreOnGoesToAHostThoughNobodyEntersIt() {
        world.played = Set.of(MAP);
        assertThat(distributed()).isEqualTo(Owner.host(next));
    }

    @Test
    void mapThatNobodyIsOnStays() {
        world.played = Set.of(MapName.of("moc_fild02"));
        assertThat(distributed()).isEqualTo(World.RESERVE);
    }

    @Test
    void mapThatWasEnteredLatelyGoesThoughDbProxyDoesNotSay() {
        service.stores.states().entered(MAP, world.now.get());
        assertThat(distributed()).isEqualTo(Owner.host(next));
    }
}
