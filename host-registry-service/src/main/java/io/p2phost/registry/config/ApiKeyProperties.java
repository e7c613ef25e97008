package io.p2phost.registry.config;

import io.p2phost.registry.apikey.ApiKeyPolicy;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * API keys.
 *
 * @param lastUseInterval a key's last use is written at most this often; shorter is more exact and costs writes
 * @param maxLifetime the furthest expiry that may be asked for
 */
@ConfigurationProperties("p2p.registry.api-key")
record ApiKeyProperties(
        @DefaultValue("60s") Duration lastUseInterval,
        @DefaultValue("3650d") Duration maxLifetime) {
    ApiKeyProperties {
        new Faults("p2p.registry.api-key")
                .between("last-use-interval", lastUseInterval, Duration.ofSeconds(1), Duration.ofDays(1))
                .between("max-lifetime", maxLifetime, Duration.ofMinutes(1), Duration.ofDays(36_500))
                .raise();
    }

    ApiKeyPolicy policy() {
        return new ApiKeyPolicy(lastUseInterval, maxLifetime);
    }
}
