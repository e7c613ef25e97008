package io.p2phost.registry.config;

import io.p2phost.registry.token.TokenPolicy;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Access tokens and the assertions hosts get them for.
 *
 * @param hostLifetime how long a host's token is good; longer means fewer exchanges and a later end after a key change
 * @param apiKeyLifetime how long the token for an API key is good; a revoked key may live on this long at a service
 * @param maxAssertionLifetime longest time between an assertion's iat and exp
 * @param clockSkew how far a player's clock may be off before his assertions are refused
 * @param maxLiveAssertions how many unexpired assertions of one host are remembered; more are answered 429
 * @param keyRefresh how long a rotation at another instance may go unseen
 */
@ConfigurationProperties("p2p.registry.token")
record TokenProperties(
        @DefaultValue("1h") Duration hostLifetime,
        @DefaultValue("5m") Duration apiKeyLifetime,
        @DefaultValue("60s") Duration maxAssertionLifetime,
        @DefaultValue("30s") Duration clockSkew,
        @DefaultValue("60") int maxLiveAssertions,
        @DefaultValue("10s") Duration keyRefresh) {
    TokenProperties {
        new Faults("p2p.registry.token")
                .between("host-lifetime", hostLifetime, Duration.ofMinutes(1), Duration.ofHours(24))
                .between("api-key-lifetime", apiKeyLifetime, Duration.ofSeconds(30), Duration.ofHours(1))
                .between("max-assertion-lifetime", maxAssertionLifetime, Duration.ofSeconds(5), Duration.ofMinutes(10))
                .between("clock-skew", clockSkew, Duration.ZERO, Duration.ofMinutes(5))
                .between("max-live-assertions", maxLiveAssertions, 1, 10_000)
                .between("key-refresh", keyRefresh, Duration.ofMillis(100), Duration.ofMinutes(10))
                .raise();
    }

    TokenPolicy policy() {
        return new TokenPolicy(hostLifetime, apiKeyLifetime, maxAssertionLifetime, clockSkew, maxLiveAssertions);
    }
}
