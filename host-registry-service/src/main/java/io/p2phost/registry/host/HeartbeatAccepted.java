package io.p2phost.registry.host;

import java.util.List;

/** What a host hears back: its lease and what it should be doing. */
public record HeartbeatAccepted(LeaseGranted lease, boolean drain, List<DesiredAssignments.Desired> assignments) {
    public HeartbeatAccepted {
        assignments = List.copyOf(assignments);
    }
}
