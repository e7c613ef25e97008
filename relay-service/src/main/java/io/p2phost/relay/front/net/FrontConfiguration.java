package io.p2phost.relay.front.net;

import io.micrometer.core.instrument.MeterRegistry;
import io.p2phost.relay.RelayProperties;
import io.p2phost.relay.front.Front;
import io.p2phost.relay.route.PublicPorts;
import io.p2phost.relay.route.RouteTable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class FrontConfiguration {
    @Bean
    Front front(
            RelayProperties properties,
            @Value("${p2p.bind-address}") String bindAddress,
            PublicPorts ports,
            RouteTable routes,
            MeterRegistry meters) {
        return new FrontSockets(properties, bindAddress, ports, routes, meters);
    }
}
