package io.p2phost.assignment.ownership;

import static org.assertj.core.api.Assertions.assertThat;

import io.p2phost.assignment.config.ConfigReader;
import io.p2phost.assignment.config.FirstFiles;
import io.p2phost.assignment.config.Reading;
import io.p2phost.assignment.failover.LossReport;
import io.p2phost.assignment.selection.HostIndex;
import io.p2phost.assignment.selection.SelectionRules;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.HostLifeState;
import io.p2phost.contracts.Owner;
import io.p2phost.contracts.event.HostStateChanged;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class HandoversTest {
    private static final HostId HOST = HostId.random();

    private final HostIndex index = new HostIndex(
            SelectionRules.of(((Reading.Accepted) ConfigReader.read(FirstFiles.packaged())).config()),
            () -> Instant.EPOCH,
            bound -> 0);
    private final Handovers handovers = new Handovers(index);

    @Test
    void firstMoveToAHostAndTheWayBackArePlanned() {
        assertThat(handovers.planned(null, "ENTRY")).isTrue();
        assertThat(handovers.planned(Owner.vps("reserve", "127.0.0.1:5131"), "ENTRY"))
                .isTrue();
        assertThat(handovers.planned(Owner.host(HOST), "MIGRATE"))
                .as("not known here yet")
                .isTrue();
    }

    @ParameterizedTest
    @EnumSource(LossReport.Cause.class)
    void reportedLossIsNot(LossReport.Cause cause) {
        is(HostLifeState.READY);
        assertThat(handovers.planned(Owner.host(HOST), cause.name())).isEqualTo(cause == LossReport.Cause.HOST_STATE);
    }

    @ParameterizedTest
    @CsvSource({
        "READY, true",
        "UNHEALTHY, true",
        "DRAINING, true",
        "ENROLLED, false",
        "OFFLINE, false",
        "QUARANTINED, false",
        "BLACKLISTED, false"
    })
    void whatTheRegistrySaysOfTheHostDecides(HostLifeState state, boolean planned) {
        is(state);
        assertThat(handovers.planned(Owner.host(HOST), "HOST_STATE")).isEqualTo(planned);
        assertThat(handovers.planned(Owner.host(HOST), "EMERGENCY_FAILOVER")).isEqualTo(planned);
    }

    @ParameterizedTest
    @CsvSource({"READY_TIMEOUT", "HOST_FAILED"})
    void whoNeverServedTheMapHasNobodyToSave(String cause) {
        is(HostLifeState.READY);
        assertThat(handovers.planned(Owner.host(HOST), cause)).isFalse();
    }

    private void is(HostLifeState state) {
        index.put(
                new HostStateChanged(
                        HOST, 2_000_001, "host", "eu", state, 3, 5.0, 16, 64, 2_000, 5, 10.0, 20.0, 5.0, 20.0, 0.0,
                        null, null),
                1);
    }
}
