package io.p2phost.assignment.audit.kafka;

import io.p2phost.assignment.audit.AuditTrail;
import io.p2phost.kit.outbox.Audit;
import java.util.Map;
import org.springframework.stereotype.Component;

@Component
class OutboxAuditTrail implements AuditTrail {
    private final Audit audit;

    OutboxAuditTrail(Audit audit) {
        this.audit = audit;
    }

    @Override
    public void record(String actor, String action, String subject, String outcome, Map<String, String> detail) {
        audit.record(actor, action, subject, outcome, detail);
    }
}
