package io.p2phost.relay;

import io.p2phost.relay.announce.Announcer;
import io.p2phost.relay.front.Front;
import io.p2phost.relay.route.RouteTable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the features' cores. */
@Configuration(proxyBeanMethods = false)
class RelayConfiguration {
    @Bean
    RouteTable routeTable(ObjectProvider<Front> front) {
        return new RouteTable(route -> front.getObject().changed(route));
    }

    @Bean
    Announcer announcer(Announcer.Peers peers, RouteTable routes, RelayProperties properties) {
        return new Announcer(peers, routes, properties.announceEvery());
    }

    @Bean
    ApplicationListener<ApplicationReadyEvent> announceWhenReady(Announcer announcer) {
        return event -> announcer.start();
    }
}
