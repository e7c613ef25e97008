package io.p2phost.metrics.audit.kafka;

import io.p2phost.contracts.event.AuditRecorded;
import io.p2phost.contracts.event.Topics;
import io.p2phost.kit.consume.EventSubscription;
import io.p2phost.metrics.audit.AuditLog;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class AuditEvents {
    @Bean
    EventSubscription<AuditRecorded> auditEntries(AuditLog log) {
        return EventSubscription.group(
                "audit",
                Topics.AUDIT,
                AuditRecorded.class,
                event -> log.append(event.eventId(), event.occurredAt(), event.data()));
    }
}
