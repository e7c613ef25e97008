package io.p2phost.relay.tap.kafka;

import io.p2phost.contracts.event.Observation;
import io.p2phost.contracts.event.Topics;
import io.p2phost.kit.outbox.DirectEvents;
import io.p2phost.kit.outbox.Envelopes;
import io.p2phost.relay.tap.Observations;
import org.springframework.stereotype.Component;

@Component
class KafkaObservations implements Observations {
    private final DirectEvents events;
    private final Envelopes envelopes;

    KafkaObservations(DirectEvents events, Envelopes envelopes) {
        this.events = events;
        this.envelopes = envelopes;
    }

    @Override
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
