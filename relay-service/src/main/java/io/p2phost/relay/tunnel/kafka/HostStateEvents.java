package io.p2phost.relay.tunnel.kafka;

import io.p2phost.contracts.event.HostStateChanged;
import io.p2phost.contracts.event.Topics;
import io.p2phost.kit.consume.EventSubscription;
import io.p2phost.relay.tunnel.HostStates;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class HostStateEvents {
    @Bean
    EventSubscription<HostStateChanged> hostStateSubscription(HostStates states) {
        return EventSubscription.broadcast(
                "host-states",
                Topics.HOST_STATE,
                HostStateChanged.class,
                event -> states.update(event.data().hostId(), event.data().state(), event.epoch()));
    }
}
