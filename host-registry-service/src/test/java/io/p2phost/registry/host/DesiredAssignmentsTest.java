package io.p2phost.registry.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.contracts.Owner;
import org.junit.jupiter.api.Test;

class DesiredAssignmentsTest {
    private final DesiredAssignments assignments = new DesiredAssignments();
    private final HostId one = HostId.random();
    private final HostId two = HostId.random();
    private final MapName field = MapName.of("prt_fild08");
    private final MapName cave = MapName.of("pay_dun01");

    @Test
    void aHostIsToldItsMapsInTheOrderOfTheirNames() {
        assignments.changed(field, Epoch.of(1), Owner.host(one));
        assignments.changed(cave, Epoch.of(7), Owner.host(one));

        assertThat(assignments.of(one))
                .containsExactly(
                        new DesiredAssignments.Desired(cave, Epoch.of(7)),
                        new DesiredAssignments.Desired(field, Epoch.of(1)));
        assertThat(assignments.of(two)).isEmpty();
    }

    @Test
    void aMapThatMovedBelongsToItsNewOwnerAlone() {
        assignments.changed(field, Epoch.of(1), Owner.host(one));
        assignments.changed(field, Epoch.of(2), Owner.host(two));
        assertThat(assignments.of(one)).isEmpty();
        assertThat(assignments.of(two)).hasSize(1);

        assignments.changed(field, Epoch.of(3), Owner.vps("reserve", "127.0.0.1:5121"));
        assertThat(assignments.of(two)).isEmpty();
    }

    @Test
    void aLowerEpochThatComesLateIsIgnored() {
        assignments.changed(field, Epoch.of(5), Owner.host(one));
        assignments.changed(field, Epoch.of(4), Owner.host(two));
        assertThat(assignments.of(one)).hasSize(1);
        assertThat(assignments.of(two)).isEmpty();

        assignments.changed(field, Epoch.of(6), null);
        assignments.changed(field, Epoch.of(5), Owner.host(one));
        assertThat(assignments.of(one)).isEmpty();
    }
}
