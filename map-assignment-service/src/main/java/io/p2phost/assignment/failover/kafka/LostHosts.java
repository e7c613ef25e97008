package io.p2phost.assignment.failover.kafka;

import io.p2phost.assignment.failover.Failovers;
import io.p2phost.assignment.failover.LossReport;
import io.p2phost.assignment.selection.HostIndex;
import io.p2phost.contracts.HostLifeState;
import io.p2phost.contracts.event.EventEnvelope;
import io.p2phost.contracts.event.HostStateChanged;
import io.p2phost.contracts.event.Topics;
import io.p2phost.kit.consume.EventSubscription;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** A host that the registry took out of service loses its maps. The steps are written here and run by the sweep. */
@Configuration(proxyBeanMethods = false)
class LostHosts {
    @Bean
    EventSubscription<HostStateChanged> lostHostEvents(Failovers failovers, HostIndex index) {
        return EventSubscription.group(
                        "lost-hosts",
                        Topics.HOST_STATE,
                        HostStateChanged.class,
                        event -> handle(event, failovers, index))
                .when(data -> data.state() != HostLifeState.READY && data.state() != HostLifeState.UNHEALTHY);
    }

    private static void handle(EventEnvelope<HostStateChanged> event, Failovers failovers, HostIndex index) {
        boolean oldNews = index.versionOf(event.data().hostId()) > event.epoch();
        if (!oldNews) {
            failovers.open(new LossReport(
                    event.data().hostId(), "host-registry", LossReport.Cause.HOST_STATE, event.occurredAt()));
        }
    }
}
