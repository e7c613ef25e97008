package io.p2phost.registry.host.kafka;

import io.p2phost.contracts.ServiceName;
import io.p2phost.contracts.event.AssignmentChanged;
import io.p2phost.contracts.event.HostStateChanged;
import io.p2phost.contracts.event.Topics;
import io.p2phost.contracts.event.VerdictReached;
import io.p2phost.contracts.problem.ProblemType;
import io.p2phost.kit.consume.EventSubscription;
import io.p2phost.registry.host.DesiredAssignments;
import io.p2phost.registry.host.HostControl;
import io.p2phost.registry.host.HostLeases;
import io.p2phost.registry.host.OperatorAction;
import io.p2phost.registry.refusal.Refused;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class HostSubscriptionsConfiguration {
    private static final Logger log = LoggerFactory.getLogger(HostSubscriptionsConfiguration.class);
    private static final String VALIDATOR = "service:" + ServiceName.SECURITY_VALIDATOR.id();
    private static final int MAX_REASON = 256;

    @Bean
    EventSubscription<AssignmentChanged> assignmentsInEffect(DesiredAssignments assignments) {
        return EventSubscription.broadcast(
                "assignments",
                Topics.ASSIGNMENTS,
                AssignmentChanged.class,
                event -> assignments.changed(
                        event.data().map(), event.data().epoch(), event.data().owner()));
    }

    /** What other instances committed, and this one too. */
    @Bean
    EventSubscription<HostStateChanged> hostStates(HostLeases leases) {
        return EventSubscription.broadcast(
                "host-states",
                Topics.HOST_STATE,
                HostStateChanged.class,
                event -> leases.heard(
                        event.data().hostId(), event.epoch(), event.data().state()));
    }

    @Bean
    EventSubscription<VerdictReached> verdicts(HostControl control) {
        return EventSubscription.group("verdicts", Topics.VERDICTS, VerdictReached.class, event -> {
            if (event.data().blacklist()) {
                blacklist(control, event.data());
            }
        });
    }

    private static void blacklist(HostControl control, VerdictReached verdict) {
        try {
            control.act(verdict.hostId(), OperatorAction.BLACKLIST, reasonOf(verdict), VALIDATOR);
        } catch (Refused e) {
            if (e.type() != ProblemType.NOT_FOUND) {
                throw e;
            }
            log.warn("verdict {} on a host that is not enrolled: {}", verdict.validationId(), verdict.hostId());
        }
    }

    private static String reasonOf(VerdictReached verdict) {
        String reason = verdict.strikes() + " failed validations: " + String.join("; ", verdict.findings());
        String printable = reason.replaceAll("\\p{Cntrl}", "?");
        return printable.length() <= MAX_REASON ? printable : printable.substring(0, MAX_REASON);
    }
}
