package io.p2phost.dbproxy;

import io.micrometer.core.instrument.MeterRegistry;
import io.p2phost.dbproxy.hosts.HostIndex;
import io.p2phost.dbproxy.ownership.Arbiter;
import io.p2phost.dbproxy.ownership.Fencing;
import io.p2phost.dbproxy.ownership.MapOwners;
import io.p2phost.dbproxy.ownership.RoutePush;
import io.p2phost.dbproxy.relays.LiveRelays;
import java.time.Clock;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the features' cores. */
@Configuration(proxyBeanMethods = false)
class DbProxyConfiguration {
    @Bean
    LiveRelays liveRelays(DbProxyProperties properties, Clock clock, MeterRegistry meters) {
        LiveRelays relays = new LiveRelays(properties.relayAliveFor(), clock);
        meters.gauge("p2p_dbproxy_live_relays", relays, r -> r.alive().size());
        return relays;
    }

    @Bean
    Arbiter arbiter(MapOwners owners, HostIndex hosts, List<Fencing> fences, RoutePush relays, MeterRegistry meters) {
        return new Arbiter(owners, hosts, now -> fences.forEach(fence -> fence.fence(now)), relays, meters);
    }
}
