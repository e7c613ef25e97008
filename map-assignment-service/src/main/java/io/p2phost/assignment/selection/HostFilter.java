package io.p2phost.assignment.selection;

import io.p2phost.contracts.event.HostStateChanged;

/** What a host must be besides passing the gates. Called under the index's lock: it must be quick and ask nothing of it. */
@FunctionalInterface
public interface HostFilter {
    HostFilter ALL = (host, activeMaps) -> true;

    /** Whether that host, which carries that many maps, may be chosen. */
    boolean admits(HostStateChanged host, int activeMaps);
}
