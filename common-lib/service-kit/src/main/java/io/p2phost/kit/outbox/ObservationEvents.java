package io.p2phost.kit.outbox;

import io.p2phost.contracts.event.Observation;
import io.p2phost.contracts.event.Topics;

/** Observations of hosts straight to Kafka, from whichever service sees them. */
public final class ObservationEvents {
    private final DirectEvents events;
    private final Envelopes envelopes;

    ObservationEvents(DirectEvents events, Envelopes envelopes) {
        this.events = events;
        this.envelopes = envelopes;
    }

    /** Takes one over; never blocks, and may lose it, counted. */
    public void publish(Observation observation) {
        events.send(
                Topics.OBSERVATIONS,
                envelopes.of(
                        Observation.TYPE,
                        observation.hostId().value(),
                        observation.epoch().value(),
                        observation));
    }
}
