package io.p2phost.dbproxy;

import io.p2phost.contracts.MapName;
import io.p2phost.dbproxy.engine.Network;
import io.p2phost.dbproxy.mux.Cells;
import io.p2phost.dbproxy.mux.MuxSettings;
import io.p2phost.dbproxy.mux.Outside;
import io.p2phost.dbproxy.mux.RareItems;
import io.p2phost.dbproxy.mux.SaveLimits;
import io.p2phost.ro.layout.BuildLayout;
import io.p2phost.ro.map.MapCache;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of db-proxy. All faults are reported at once and refuse the start.
 *
 * @param instanceId name of this instance in audit entries
 * @param instances addresses of all instances on this database, as http://db-proxy-2:8085, if there are several: one that
 *     says that it works is not taken over
 * @param relayPushDeadline how long a relay may take to accept a route; a slower one repairs itself by its own pull
 * @param relayAliveFor a relay silent for longer is told nothing; it announces itself every 5 s
 * @param bindAddress where char links are listened at; the address of the HTTP interface if left out
 * @param port where char links are listened at
 * @param publicHost name or address of that port as hosts see it, for the certificate
 * @param upstream the char-server, host:port
 * @param coreUpstream the same for core's own login, where a forwarder keeps the two apart; upstream if left out
 * @param upstreamUser as in the char-server's own configuration ({@code userid}); core logs in with it too
 * @param upstreamPassword likewise ({@code passwd})
 * @param front IPv4 address and port that players enter hosted maps at: what the char-server tells their clients
 * @param layout of the char-server's build: the name of one that comes with the suite, or a file
 * @param vps how the VPS's own map-servers connect
 * @param saves what one save may change
 * @param upstreamTimeout how long the char-server may take to accept
 * @param linkLossGrace how long a char link may be away before its host's maps move
 * @param eventLoopThreads threads that move hosts' bytes; 0 means one for each processor
 * @param hosts who may connect
 */
@ConfigurationProperties("p2p.db-proxy")
public record DbProxyProperties(
        @DefaultValue("db-proxy-1") String instanceId,
        @DefaultValue List<String> instances,
        @DefaultValue("500ms") Duration relayPushDeadline,
        @DefaultValue("15s") Duration relayAliveFor,
        @Nullable String bindAddress,
        @DefaultValue("5122") int port,
        @DefaultValue("127.0.0.1") String publicHost,
        @DefaultValue("127.0.0.1:6121") String upstream,
        @Nullable String coreUpstream,
        @DefaultValue("s1") String upstreamUser,
        @DefaultValue("p1") String upstreamPassword,
        @DefaultValue("2s") Duration upstreamTimeout,
        @DefaultValue("127.0.0.1:7000") String front,
        @DefaultValue(BuildLayout.LINUX_20200401) String layout,
        @DefaultValue VpsSide vps,
        @DefaultValue Saves saves,
        @DefaultValue("3s") Duration linkLossGrace,
        @DefaultValue("0") int eventLoopThreads,
        @DefaultValue HostLimits hosts) {
    private static final int MAX_PORT = 65_535;
    private static final Pattern FRONT =
            Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3}):(\\d{1,5})");

    /**
     * Limits of char links; a host has one for each of its maps.
     *
     * @param maxConnections at once; further ones are closed at the door
     * @param maxPerAddress at once from one address (an IPv6 /64 counts as one)
     * @param perSecond new ones a second from one address, over time
     * @param burst new ones at once from an address that was quiet
     * @param maxAddresses addresses remembered, and as many networks; when all are busy, unknown ones are refused
     * @param maxPerNetwork at once from one network (IPv4 /24, IPv6 /48)
     * @param networkPerSecond new ones a second from one network, over time
     * @param networkBurst new ones at once from a network that was quiet
     * @param maxEntering at once that have not proven by TLS whose they are
     * @param stalledAfter how long a host may take nothing of what waits for its map-server; then its link ends as a lost
     *     one
     */
    public record HostLimits(
            @DefaultValue("4000") int maxConnections,
            @DefaultValue("128") int maxPerAddress,
            @DefaultValue("10") double perSecond,
            @DefaultValue("60") int burst,
            @DefaultValue("16384") int maxAddresses,
            @DefaultValue("1000") int maxPerNetwork,
            @DefaultValue("50") double networkPerSecond,
            @DefaultValue("300") int networkBurst,
            @DefaultValue("256") int maxEntering,
            @DefaultValue("30s") Duration stalledAfter) {}

    /**
     * Where the VPS's own map-servers connect.
     *
     * @param port where they do
     * @param from networks that they may connect from
     * @param reserveUser by which the reserve is told from core
     * @param reservePassword the reserve's; the char-server's if left out
     * @param directEntries whether the reserve may let in players whose clients' packets no relay can read
     */
    public record VpsSide(
            @DefaultValue("5123") int port,
            @DefaultValue({"127.0.0.0/8", "::1"}) List<String> from,
            @DefaultValue("reserve") String reserveUser,
            @Nullable String reservePassword,
            @DefaultValue("false") boolean directEntries) {}

    /**
     * What one save of a character may change at most; more is refused on the spot.
     *
     * @param baseLevels gained at most
     * @param jobLevels gained at most
     * @param baseExperience gained at most
     * @param jobExperience gained at most
     * @param zeny gained at most
     * @param maps other limits of single maps, by name
     * @param variables patterns of names of character variables that a host may write
     * @param mapCaches files with the maps' cells, the first that has a map counts: who is said to stand where nobody can,
     *     stands where he last was; none: hosts are believed
     * @param rareItems numbers and ranges of items that wait for confirmation when a host's map gives them to somebody
     * @param rareItemsWait how long, unless an operator confirms them
     */
    public record Saves(
            @DefaultValue("3") int baseLevels,
            @DefaultValue("3") int jobLevels,
            @DefaultValue("10000000") long baseExperience,
            @DefaultValue("10000000") long jobExperience,
            @DefaultValue("2147483647") long zeny,
            @DefaultValue Map<String, Gain> maps,
            @DefaultValue List<String> variables,
            @DefaultValue List<Path> mapCaches,
            @DefaultValue List<String> rareItems,
            @DefaultValue("24h") Duration rareItemsWait) {
        /** Limits of one map. */
        public record Gain(int baseLevels, int jobLevels, long baseExperience, long jobExperience, long zeny) {
            SaveLimits.Gain limits() {
                return new SaveLimits.Gain(baseLevels, jobLevels, baseExperience, jobExperience, zeny);
            }
        }

        SaveLimits limits() {
            Map<MapName, SaveLimits.Gain> byMap = new HashMap<>();
            maps.forEach((map, gain) -> byMap.put(MapName.of(map), gain.limits()));
            return new SaveLimits(
                    new SaveLimits.Gain(baseLevels, jobLevels, baseExperience, jobExperience, zeny),
                    byMap,
                    variables.stream().map(Pattern::compile).toList(),
                    mapCaches.isEmpty() ? Cells.UNKNOWN : MapCache.read(mapCaches)::isWalkable,
                    RareItems.of(rareItems));
        }
    }

    public DbProxyProperties {
        List<String> faults = new ArrayList<>();
        for (String instance : instances) {
            check(faults, "instances", instance, isHttp(instance), "addresses as http://db-proxy-2:8085");
        }
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
        check(
                faults,
                "core-upstream",
                String.valueOf(coreUpstream),
                coreUpstream == null || upstreamPort(coreUpstream) > 0,
                "host:port of the char-server");
        check(faults, "upstream-user", upstreamUser, isCredential(upstreamUser), "1 to 23 characters");
        check(faults, "upstream-password", "(not shown)", isCredential(upstreamPassword), "1 to 23 characters");
        check(
                faults,
                "front",
                front,
                frontAddress(front).isPresent(),
                "an IPv4 address and a port, as 203.0.113.5:7000");
        check(faults, "layout", layout, () -> layout(layout));
        check(faults, "vps.port", vps.port, vps.port >= 0 && vps.port <= MAX_PORT, "0 to 65535");
        for (String network : vps.from) {
            check(faults, "vps.from", network, () -> Network.parse(network));
        }
        check(faults, "vps.reserve-user", vps.reserveUser, isCredential(vps.reserveUser), "1 to 23 characters");
        check(
                faults,
                "vps.reserve-user",
                vps.reserveUser,
                !vps.reserveUser.equals(upstreamUser),
                "another than upstream-user, which is core's");
        check(
                faults,
                "vps.reserve-password",
                "(not shown)",
                vps.reservePassword == null || isCredential(vps.reservePassword),
                "1 to 23 characters");
        check(faults, "saves", saves, saves::limits);
        check(
                faults,
                "saves.rare-items-wait",
                saves.rareItemsWait,
                !saves.rareItemsWait.isNegative() && saves.rareItemsWait.toDays() <= 365,
                "0 to 365 days");
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
        check(faults, "hosts.max-per-network", hosts.maxPerNetwork, hosts.maxPerNetwork >= 1, ">= 1");
        check(faults, "hosts.network-per-second", hosts.networkPerSecond, hosts.networkPerSecond > 0, "above 0");
        check(faults, "hosts.network-burst", hosts.networkBurst, hosts.networkBurst >= 1, ">= 1");
        check(faults, "hosts.max-entering", hosts.maxEntering, hosts.maxEntering >= 1, ">= 1");
        check(
                faults,
                "hosts.stalled-after",
                hosts.stalledAfter,
                hosts.stalledAfter.toSeconds() >= 2 && hosts.stalledAfter.toMinutes() < 10,
                "2 s to 10 min");
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", faults));
        }
    }

    /** Where sockets listen: the address set, or else that of the HTTP interface. */
    public String bindAddressOr(String httpAddress) {
        return bindAddress == null || bindAddress.isBlank() ? httpAddress : bindAddress;
    }

    /** The char-server as that login reaches it, its name looked up now. */
    InetSocketAddress upstreamAddress(Outside.Slot slot) {
        String address = slot == Outside.Slot.CORE && coreUpstream != null ? coreUpstream : upstream;
        return new InetSocketAddress(address.substring(0, address.lastIndexOf(':')), upstreamPort(address));
    }

    /** 0 when it is not host:port. */
    private static int upstreamPort(String upstream) {
        if (!upstream.matches("[^\\s,/]+:\\d{1,5}")) {
            return 0;
        }
        int port = Integer.parseInt(upstream.substring(upstream.lastIndexOf(':') + 1));
        return port <= MAX_PORT ? port : 0;
    }

    /** What the multiplexer is told; the settings have been checked. */
    MuxSettings mux() {
        return new MuxSettings(
                frontAddress(front).orElseThrow(),
                upstreamUser,
                upstreamPassword,
                layout(layout),
                MuxSettings.Timing.USUAL,
                saves.limits(),
                vps.directEntries());
    }

    private static BuildLayout layout(String layout) {
        if (layout.equals(BuildLayout.LINUX_20200401) || layout.equals(BuildLayout.LINUX_BEFORE_20190522)) {
            return BuildLayout.shipped(layout);
        }
        try {
            return BuildLayout.read(Path.of(layout));
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    private static Optional<MuxSettings.Address> frontAddress(String front) {
        Matcher parts = FRONT.matcher(front);
        if (!parts.matches()) {
            return Optional.empty();
        }
        int ip = 0;
        for (int i = 1; i <= 4; i++) {
            int part = Integer.parseInt(parts.group(i));
            if (part > 255) {
                return Optional.empty();
            }
            ip = ip << 8 | part;
        }
        int port = Integer.parseInt(parts.group(5));
        return port >= 1 && port <= MAX_PORT ? Optional.of(new MuxSettings.Address(ip, port)) : Optional.empty();
    }

    /** A map-server's packet has 24 bytes for each, the last of them NUL. */
    private static boolean isCredential(String text) {
        return !text.isBlank() && text.length() <= 23;
    }

    private static boolean isHttp(String address) {
        try {
            URI uri = new URI(address);
            return uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()));
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static boolean within(Duration value, int seconds) {
        return !value.isNegative() && !value.isZero() && value.compareTo(Duration.ofSeconds(seconds)) <= 0;
    }

    /** A value that says itself what is wrong with it. */
    private static void check(List<String> faults, String key, Object value, Runnable reading) {
        try {
            reading.run();
        } catch (IllegalArgumentException | UncheckedIOException e) {
            faults.add("p2p.db-proxy." + key + ": " + value + " (" + e.getMessage() + ")");
        }
    }

    private static void check(List<String> faults, String key, Object value, boolean right, String expected) {
        if (!right) {
            faults.add("p2p.db-proxy." + key + ": " + value + " (expected: " + expected + ")");
        }
    }
}
