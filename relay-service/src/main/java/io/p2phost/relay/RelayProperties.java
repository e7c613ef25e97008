package io.p2phost.relay;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of a relay.
 *
 * @param relayId unique among the suite's relays
 * @param region where its players are
 * @param publicHost address that players and hosts are told
 * @param apiUrl base URL under which other services reach this relay; its own HTTP port on loopback if left out
 * @param firstFrontPort first public port for maps
 * @param lastFrontPort last one; a relay serves at most as many maps as it has ports
 * @param tunnelPort where hosts connect
 * @param maxSessions most player connections at once; further ones are closed at the door
 * @param connectTimeout how long a map-server may take to accept
 * @param announceEvery how often the relay says that it is alive
 */
@ConfigurationProperties("p2p.relay")
public record RelayProperties(
        @DefaultValue("relay-1") String relayId,
        @DefaultValue("default") String region,
        @DefaultValue("127.0.0.1") String publicHost,
        @Nullable String apiUrl,
        @DefaultValue("7000") int firstFrontPort,
        @DefaultValue("7399") int lastFrontPort,
        @DefaultValue("7443") int tunnelPort,
        @DefaultValue("5000") int maxSessions,
        @DefaultValue("2s") Duration connectTimeout,
        @DefaultValue("5s") Duration announceEvery) {
    public RelayProperties {
        if (firstFrontPort < 1 || lastFrontPort > 65_535 || firstFrontPort > lastFrontPort) {
            throw new IllegalArgumentException("p2p.relay.first-front-port: " + firstFrontPort + ", last-front-port: "
                    + lastFrontPort + " (expected: 1 <= first <= last <= 65535)");
        }
        if (tunnelPort >= firstFrontPort && tunnelPort <= lastFrontPort) {
            throw new IllegalArgumentException("p2p.relay.tunnel-port: " + tunnelPort
                    + " (expected: outside of the front's ports " + firstFrontPort + " to " + lastFrontPort + ")");
        }
        if (maxSessions < 1 || maxSessions > 100_000) {
            throw new IllegalArgumentException("p2p.relay.max-sessions: " + maxSessions + " (expected: 1 to 100000)");
        }
    }
}
