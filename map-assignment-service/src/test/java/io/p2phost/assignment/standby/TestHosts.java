package io.p2phost.assignment.standby;

import io.p2phost.contracts.HostId;
import io.p2phost.contracts.HostLifeState;
import io.p2phost.contracts.event.HostStateChanged;
import org.jspecify.annotations.Nullable;

final class TestHosts {
    private TestHosts() {}

    static HostStateChanged withMemory(double gigabytes, @Nullable Double percent) {
        return new HostStateChanged(
                HostId.random(),
                1,
                "host",
                "eu",
                HostLifeState.READY,
                3,
                5,
                16,
                gigabytes,
                1_000,
                5,
                null,
                percent,
                null,
                null,
                null,
                null,
                null);
    }
}
