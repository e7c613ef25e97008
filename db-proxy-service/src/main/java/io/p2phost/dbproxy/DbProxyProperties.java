package io.p2phost.dbproxy;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of db-proxy. All faults are reported at once and refuse the start.
 *
 * @param instanceId name of this instance in audit entries
 * @param relayPushDeadline how long a relay may take to accept a route; a slower one repairs itself by its own pull
 * @param relayAliveFor a relay silent for longer is told nothing; it announces itself every 5 s
 * @param bindAddress where char links are listened at; the address of the HTTP interface if left out
 * @param port where char links are listened at
 * @param publicHost name or address of that port as hosts see it, for the certificate
 * @param upstream the char-server, host:port
 * @param upstreamTimeout how long the char-server may take to accept
 * @param linkLossGrace how long a char link may be away before its host's maps move
 * @param eventLoopThreads threads that move bytes; 0 means one for each processor
 * @param hosts who may connect
 */
@ConfigurationProperties("p2p.db-proxy")
public record DbProxyProperties(
        @DefaultValue("db-proxy-1") String instanceId,
        @DefaultValue("500ms") Duration relayPushDeadline,
        @DefaultValue("15s") Duration relayAliveFor,
        @Nullable String bindAddress,
        @DefaultValue("5122") int port,
        @DefaultValue("127.0.0.1") String publicHost,
        @DefaultValue("127.0.0.1:6121") String upstream,
        @DefaultValue("2s") Duration upstreamTimeout,
        @DefaultValue("3s") Duration linkLossGrace,
        @DefaultValue("0") int eventLoopThreads,
        @DefaultValue HostLimits hosts) {
    private static final int MAX_PORT = 65_535;

    /**
     * Limits of char links; a host has one for each of its maps.
     *
     * @param maxConnections at once; further ones are closed at the door
     * @param maxPerAddress at once from one address (an IPv6 /64 counts as one)
     * @param perSecond new ones a second from one address, over time
     * @param burst new ones at once from an address that was quiet
     * @param maxAddresses addresses remembered; when all are busy, unknown ones are refused
     */
    public record HostLimits(
            @DefaultValue("4000") int maxConnections,
            @DefaultValue("128") int maxPerAddress,
            @DefaultValue("10") double perSecond,
            @DefaultValue("60") int burst,
            @DefaultValue("16384") int maxAddresses) {}

    public DbProxyProperties {
        List<String> faults = new ArrayList<>();
        check(faults, "relay-push-deadline", relayPushDeadline, within(relayPushDeadline, 5), "above 0, at most 5 s");
        check(
                faults,
                "relay-alive-for",
                relayAliveFor,
                relayAliveFor.toSeconds() >= 5,
                ">= 5 s, a relay's own interval");
        check(faults, "port", port, port >= 0 && port <= MAX_PORT, "0 to 65535");
        check(faults, "public-host", publicHost, !publicHost.isBlank(), "a host name or address");
        check(faults, "upstream", upstream, upstreamPort(upstream) > 0, "host:port of the char-server");
        check(faults, "upstream-timeout", upstreamTimeout, within(upstreamTimeout, 10), "above 0, at most 10 s");
        check(faults, "link-loss-grace", linkLossGrace, within(linkLossGrace, 60), "above 0, at most 60 s");
        check(
                faults,
                "event-loop-threads",
                eventLoopThreads,
                eventLoopThreads >= 0 && eventLoopThreads <= 256,
                "0 to 256");
        check(faults, "hosts.max-connections", hosts.maxConnections, hosts.maxConnections >= 1, ">= 1");
        check(
                faults,
                "hosts.max-per-address",
                hosts.maxPerAddress,
                hosts.maxPerAddress >= 1 && hosts.maxPerAddress <= hosts.maxConnections,
                "1 to max-connections");
        check(faults, "hosts.per-second", hosts.perSecond, hosts.perSecond > 0, "above 0");
        check(faults, "hosts.burst", hosts.burst, hosts.burst >= 1, ">= 1");
        check(faults, "hosts.max-addresses", hosts.maxAddresses, hosts.maxAddresses >= 1, ">= 1");
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", faults));
        }
    }

    /** The char-server, its name looked up now. */
    public InetSocketAddress upstreamAddress() {
        return new InetSocketAddress(upstream.substring(0, upstream.lastIndexOf(':')), upstreamPort(upstream));
    }

    /** 0 when it is not host:port. */
    private static int upstreamPort(String upstream) {
        int colon = upstream.lastIndexOf(':');
        String digits = upstream.substring(colon + 1);
        if (colon < 1 || !digits.matches("\\d{1,5}")) {
            return 0;
        }
        int port = Integer.parseInt(digits);
        return port <= MAX_PORT ? port : 0;
    }

    private static boolean within(Duration value, int seconds) {
        return !value.isNegative() && !value.isZero() && value.compareTo(Duration.ofSeconds(seconds)) <= 0;
    }

    private static void check(List<String> faults, String key, Object value, boolean right, String expected) {
        if (!right) {
            faults.add("p2p.db-proxy." + key + ": " + value + " (expected: " + expected + ")");
        }
    }
}
