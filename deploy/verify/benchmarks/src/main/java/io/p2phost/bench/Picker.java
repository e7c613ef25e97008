package io.p2phost.bench;

import io.p2phost.contracts.HostId;
import io.p2phost.contracts.event.HostStateChanged;
import org.jspecify.annotations.Nullable;

/** Something that knows hosts and chooses one of them. */
interface Picker {
    /** Takes in a host's state. */
    void put(HostStateChanged host, long version);

    /** One of the best hosts for a map of that least tier and a player of that region; null when none may be chosen. */
    @Nullable
    HostId pick(int minTier, String region);
}
