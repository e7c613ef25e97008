package io.p2phost.security.verdict.kafka;

import io.p2phost.contracts.HostId;
import io.p2phost.contracts.event.Topics;
import io.p2phost.contracts.event.VerdictReached;
import io.p2phost.kit.outbox.Audit;
import io.p2phost.kit.outbox.Envelopes;
import io.p2phost.kit.outbox.Outbox;
import io.p2phost.security.verdict.VerdictEvents;
import java.util.Map;
import org.springframework.stereotype.Component;

@Component
class OutboxVerdictEvents implements VerdictEvents {
    private final Outbox outbox;
    private final Envelopes envelopes;
    private final Audit audit;

    OutboxVerdictEvents(Outbox outbox, Envelopes envelopes, Audit audit) {
        this.outbox = outbox;
        this.envelopes = envelopes;
        this.audit = audit;
    }

    @Override
    public void reached(VerdictReached verdict, long version) {
        outbox.append(
                Topics.VERDICTS,
                envelopes.of(VerdictReached.TYPE, verdict.hostId().value(), version, verdict));
        if (verdict.blacklist()) {
            audit.record(
                    "service:security-validator",
                    "host.blacklist",
                    "host:" + verdict.hostId(),
                    "DECIDED",
                    Map.of(
                            "validationId", verdict.validationId(),
                            "strikes", Integer.toString(verdict.strikes())));
        }
    }

    @Override
    public void reviewed(HostId host, String actor, String validationId, String outcome) {
        audit.record(actor, "validation.review", "host:" + host, outcome, Map.of("validationId", validationId));
    }
}
