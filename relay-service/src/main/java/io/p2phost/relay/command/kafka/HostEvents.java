package io.p2phost.relay.command.kafka;

import io.p2phost.contracts.event.HostStateChanged;
import io.p2phost.contracts.event.Topics;
import io.p2phost.kit.consume.EventSubscription;
import io.p2phost.relay.command.Hosts;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class HostEvents {
    @Bean
    EventSubscription<HostStateChanged> hostFiguresSubscription(Hosts hosts) {
        return EventSubscription.broadcast(
                "host-figures",
                Topics.HOST_STATE,
                HostStateChanged.class,
                event -> hosts.update(event.data(), event.epoch()));
    }
}
