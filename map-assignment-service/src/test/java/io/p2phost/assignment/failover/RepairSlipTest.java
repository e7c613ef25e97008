package io.p2phost.assignment.failover;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.assignment.World;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** An instance that stood still does not hold it against hosts. */
class RepairSlipTest {
    private static final MapName MAP = MapName.of("moc_fild01");

    private final World world = new World();
    private final World.Instance service = world.instance(world.inMemory());
    private final HostId host = world.host(1, "203.0.113.0/24");

    @Test
    void hostThatIsLateLosesItsMapWhenTheLooksAreOnTime() {
        looks(3);
        service.placement.toHost(MAP, host, "TEST", row -> true);
        looks(10);
        assertThat(world.dbProxy.owner(MAP.value())).isEqualTo(Owner.host(host));
        looks(1);
        assertThat(world.dbProxy.owner(MAP.value())).isEqualTo(World.RESERVE);
    }

    @Test
    void afterASlipReadinessThatWaitedInTheSocketIsReadFirst() {
        looks(3);
        service.placement.toHost(MAP, host, "TEST", row -> true);
        world.pass(Duration.ofSeconds(60));
        service.repair.unsettled();
        assertThat(world.dbProxy.owner(MAP.value()))
                .as("we slept, not the host")
                .isEqualTo(Owner.host(host));
        service.stores.states().readiness(MAP, Epoch.of(1), true);
        looks(5);
        assertThat(world.dbProxy.owner(MAP.value())).isEqualTo(Owner.host(host));
    }

    @Test
    void afterASlipAHostThatIsLateStillLosesItsMapASecondLater() {
        looks(3);
        service.placement.toHost(MAP, host, "TEST", row -> true);
        world.pass(Duration.ofSeconds(60));
        service.repair.unsettled();
        looks(1);
        assertThat(world.dbProxy.owner(MAP.value())).isEqualTo(Owner.host(host));
        looks(1);
        assertThat(world.dbProxy.owner(MAP.value())).isEqualTo(World.RESERVE);
    }

    @Test
    void hostThatSaysItCannotLosesItsMapAtOnceEvenThen() {
        service.placement.toHost(MAP, host, "TEST", row -> true);
        service.stores.states().readiness(MAP, Epoch.of(1), false);
        service.repair.unsettled();
        assertThat(world.dbProxy.owner(MAP.value())).isEqualTo(World.RESERVE);
    }

    private void looks(int count) {
        for (int i = 0; i < count; i++) {
            world.pass(Duration.ofSeconds(1));
            service.repair.unsettled();
        }
    }
}
