package io.p2phost.kit.outbox;

import io.p2phost.contracts.event.AuditRecorded;
import io.p2phost.contracts.event.Topics;
import java.util.Map;
import org.springframework.transaction.support.TransactionTemplate;

/** Records what must be answerable later; joins the current transaction or opens its own. */
public final class Audit {
    private final Outbox outbox;
    private final Envelopes envelopes;
    private final TransactionTemplate transactions;

    Audit(Outbox outbox, Envelopes envelopes, TransactionTemplate transactions) {
        this.outbox = outbox;
        this.envelopes = envelopes;
        this.transactions = transactions;
    }

    /** Records an entry; see {@link AuditRecorded} for the words. */
    public void record(String actor, String action, String subject, String outcome, Map<String, String> detail) {
        transactions.executeWithoutResult(status -> outbox.append(
                Topics.AUDIT,
                envelopes.of(
                        AuditRecorded.TYPE, actor, 0, new AuditRecorded(actor, action, subject, outcome, detail))));
    }
}
