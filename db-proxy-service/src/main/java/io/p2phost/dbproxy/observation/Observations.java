package io.p2phost.dbproxy.observation;

import io.p2phost.contracts.event.Observation;

/** Where observations go. */
@FunctionalInterface
public interface Observations {
    /** Takes one over; never blocks, and may lose it, counted. */
    void publish(Observation observation);
}
