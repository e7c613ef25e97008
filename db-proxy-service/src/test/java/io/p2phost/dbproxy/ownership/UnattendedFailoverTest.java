package io.p2phost.dbproxy.ownership;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UnattendedFailoverTest {
    private static final MapName MAP = MapName.of("prt_fild08");

    private final HostId lost = HostId.random();
    private final HostId standby = HostId.random();
    private final InMemoryMapOwners owners = new InMemoryMapOwners();
    private final HostIndex hosts = new HostIndex(host -> Optional.empty());
    private final List<Epoch> told = new ArrayList<>();
    private final List<HostId> standbys = new ArrayList<>();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final UnattendedFailover failover = new UnattendedFailover(
            new Arbiter(
                    owners,
                    hosts,
                    now -> {},
                    new Players() {
                        @Override
                        public void release(MapName map) {
                            throw new AssertionError("nobody is there to let them go");
                        }

                        @Override
                        public void recall(MapName map) {
                            throw new AssertionError("nobody is there to let them go");
                        }

                        @Override
                        public void stay(MapName map) {}

                        @Override
                        public void ownerWillBe(MapOwner owner) {
                            throw new AssertionError("they have no server meanwhile");
                        }

                        @Override
                        public void ownerIs(MapOwner owner) {
                            told.add(owner.epoch());
                        }
                    },
                    now -> List.of(),
                    meters),
            map -> map.equals(MAP) ? List.copyOf(standbys) : List.of(),
            meters);

    @BeforeEach
    void hosted() {
        owners.compareAndSet(new OwnerChange(MAP, Epoch.NONE, Owner.host(lost), false, "TEST", "test"));
        hosts.update(standby, HostLifeState.READY, 1);
        hosts.update(lost, HostLifeState.READY, 1);
    }

    private double counted(String to) {
        return meters.counter("p2p_dbproxy_unattended_failovers_total", "to", to)
                .count();
    }

    @Test
    void standbyThatIsThereTakesTheMap() {
        standbys.addAll(List.of(lost, standby));
        failover.hostLost(lost, MAP, Epoch.of(1));
        assertThat(owners.find(MAP).orElseThrow().owner()).isEqualTo(Owner.host(standby));
        assertThat(told).containsExactly(Epoch.of(2));
        assertThat(counted("standby")).isEqualTo(1);
    }

    @Test
    void withoutAStandbyThatMayServeTheReserveDoes() {
        standbys.add(standby);
        hosts.update(standby, HostLifeState.BLACKLISTED, 2);
        failover.hostLost(lost, MAP, Epoch.of(1));
        assertThat(owners.find(MAP).orElseThrow().owner()).isNull();
        assertThat(told).containsExactly(Epoch.of(2));
        assertThat(counted("vps")).isEqualTo(1);
    }

    @Test
    void whatSomebodyHasDecidedMeanwhileStands() {
        standbys.add(standby);
        owners.compareAndSet(new OwnerChange(MAP, Epoch.of(1), Owner.vps("main", "127.0.0.1:5121"), false, "T", "t"));
        failover.hostLost(lost, MAP, Epoch.of(1));
        assertThat(owners.find(MAP).orElseThrow().epoch()).isEqualTo(Epoch.of(2));
        assertThat(told).isEmpty();
        assertThat(counted("standby") + counted("vps")).isZero();
    }
}
