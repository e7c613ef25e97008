package io.p2phost.bench;

import io.p2phost.assignment.selection.HostIndex;
import io.p2phost.assignment.selection.PickRequest;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.event.HostStateChanged;
import java.time.Clock;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Ours: map-assignment's index. */
final class IndexPicker implements Picker {
    private final HostIndex index = new HostIndex(
            Population.RULES,
            Clock.systemUTC(),
            bound -> ThreadLocalRandom.current().nextInt(bound));

    @Override
    public void put(HostStateChanged host, long version) {
        index.put(host, version);
    }

    @Override
    public @Nullable HostId pick(int minTier, String region) {
        return index.pick(PickRequest.of(minTier, region));
    }
}
