package io.p2phost.dbproxy;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of db-proxy.
 *
 * @param instanceId name of this instance in audit entries
 * @param relayPushDeadline how long a relay may take to accept a route; a slower one repairs itself by its own pull
 * @param relayAliveFor a relay silent for longer is told nothing; it announces itself every 5 s
 */
@ConfigurationProperties("p2p.db-proxy")
public record DbProxyProperties(
        @DefaultValue("db-proxy-1") String instanceId,
        @DefaultValue("500ms") Duration relayPushDeadline,
        @DefaultValue("15s") Duration relayAliveFor) {
    public DbProxyProperties {
        if (relayPushDeadline.isNegative() || relayPushDeadline.isZero() || relayPushDeadline.toSeconds() > 5) {
            throw new IllegalArgumentException(
                    "p2p.db-proxy.relay-push-deadline: " + relayPushDeadline + " (expected: above 0, at most 5 s)");
        }
        if (relayAliveFor.toSeconds() < 5) {
            throw new IllegalArgumentException(
                    "p2p.db-proxy.relay-alive-for: " + relayAliveFor + " (expected: >= 5 s, a relay's own interval)");
        }
    }
}
