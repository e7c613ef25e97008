package io.p2phost.dbproxy.hosts.kafka;

import io.p2phost.contracts.event.HostStateChanged;
import io.p2phost.contracts.event.Topics;
import io.p2phost.dbproxy.hosts.HostIndex;
import io.p2phost.kit.consume.EventSubscription;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class HostStateEvents {
    @Bean
    EventSubscription<HostStateChanged> hostStates(HostIndex index) {
        return EventSubscription.broadcast(
                "host-states",
                Topics.HOST_STATE,
                HostStateChanged.class,
                event -> index.update(event.data().hostId(), event.data().state(), event.epoch()));
    }
}
