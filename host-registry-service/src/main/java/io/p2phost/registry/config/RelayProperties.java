package io.p2phost.registry.config;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Relays.
 *
 * @param lifetime a relay that was silent for this long is no longer told to hosts; relays announce themselves every 5 s
 */
@ConfigurationProperties("p2p.registry.relay")
record RelayProperties(@DefaultValue("15s") Duration lifetime) {
    RelayProperties {
        new Faults("p2p.registry.relay")
                .between("lifetime", lifetime, Duration.ofSeconds(1), Duration.ofHours(1))
                .raise();
    }
}
