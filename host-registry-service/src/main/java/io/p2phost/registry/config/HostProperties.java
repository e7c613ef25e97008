package io.p2phost.registry.config;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Hosts.
 *
 * @param defaultMaxMaps how many maps a host may carry at once that does not say so itself
 * @param loadEventInterval a host's load is published at most this often; shorter is fresher for the choice of hosts
 */
@ConfigurationProperties("p2p.registry.host")
record HostProperties(
        @DefaultValue("5") int defaultMaxMaps,
        @DefaultValue("5s") Duration loadEventInterval) {
    HostProperties {
        new Faults("p2p.registry.host")
                .between("default-max-maps", defaultMaxMaps, 1, 256)
                .between("load-event-interval", loadEventInterval, Duration.ofMillis(100), Duration.ofMinutes(10))
                .raise();
    }
}
