package io.p2phost.assignment.vps.kafka;

import io.p2phost.assignment.vps.Vps;
import io.p2phost.assignment.vps.VpsEvents;
import io.p2phost.contracts.event.Topics;
import io.p2phost.contracts.event.VpsStatusChanged;
import io.p2phost.kit.outbox.Envelopes;
import io.p2phost.kit.outbox.Outbox;
import org.springframework.stereotype.Component;

@Component
class OutboxVpsEvents implements VpsEvents {
    private final Outbox outbox;
    private final Envelopes envelopes;

    OutboxVpsEvents(Outbox outbox, Envelopes envelopes) {
        this.outbox = outbox;
        this.envelopes = envelopes;
    }

    @Override
    public void changed(Vps vps, boolean registered, long version) {
        outbox.append(
                Topics.VPS_STATUS,
                envelopes.of(
                        VpsStatusChanged.TYPE,
                        vps.id(),
                        version,
                        new VpsStatusChanged(vps.id(), vps.host(), vps.port(), vps.role(), registered)));
    }
}
