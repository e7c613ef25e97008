package io.p2phost.metrics.region.kafka;

import io.p2phost.contracts.event.RelaySessions;
import io.p2phost.contracts.event.Topics;
import io.p2phost.kit.consume.EventSubscription;
import io.p2phost.metrics.region.RegionLoads;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class RelayEvents {
    @Bean
    RegionLoads regionLoads(Clock clock) {
        return new RegionLoads(clock);
    }

    @Bean
    EventSubscription<RelaySessions> relayLoads(RegionLoads loads) {
        return EventSubscription.broadcast(
                "relay-loads", Topics.RELAY_SESSIONS, RelaySessions.class, event -> loads.update(event.data()));
    }
}
