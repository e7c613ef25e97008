package io.p2phost.relay;

import io.p2phost.links.net.Networks;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of a relay. All faults are reported at once and refuse the start.
 *
 * @param relayId unique among the suite's relays
 * @param region where its players are
 * @param publicHost address that players and hosts are told
 * @param bindAddress where tunnels and map ports are listened at; the address of the HTTP interface if left out
 * @param apiUrl base URL under which other services reach this relay; its own HTTP port on loopback if left out
 * @param frontPorts where players connect, all alike; the first is the one that others are told
 * @param clientVersion client version that plays here, as a date
 * @param clientLengths file with that version's packet lengths, in the format of recvpackets.txt; not needed for 20200401
 * @param spliceVersions client versions whose players may be moved without connecting again: proven, unobfuscated ones
 * @param limbo how long a player without a map-server is kept
 * @param combat who struck or was struck within it may not quit, and stays on his map for as long when his connection ends;
 *     0: everybody may leave at any time
 * @param confirmWithin how long players stay on hosts while db-proxy cannot be reached; later they wait for it
 * @param tunnelPort where hosts connect
 * @param eventLoopThreads threads that move bytes; 0 means one for each processor
 * @param connectTimeout how long a map-server may take to accept
 * @param announceEvery how often the relay says that it is alive
 * @param hostCheckDeadline how long the registry may take to tell a host's state; later the last known one counts
 * @param resumeWithin how long the streams of a tunnel's connection that broke wait for its host: the route lease
 * @param keyChange how long a connection of a tunnel lives before another, with new keys, takes its place; more or less a
 *     tenth
 * @param streamWindow bytes that may be under way to one slow player; more is faster on long lines and costs memory
 * @param maxStreamWindow what it may grow to for a stream on a long line whose receiver is prompt
 * @param observeFor how long what players' packets tell of a host is added up before it is told
 * @param staffGroup accounts of this group (its id) or a higher one see every host's verdicts in the game's chat
 * @param players who may connect to the front
 * @param rates how many packets of some kinds one player may send
 * @param door who else counts there, and who does not
 * @param hosts who may connect to the tunnel port
 * @param takeover how a new process of this relay takes over from the one that runs
 */
@ConfigurationProperties("p2p.relay")
public record RelayProperties(
        @DefaultValue("relay-1") String relayId,
        @DefaultValue("default") String region,
        @DefaultValue("127.0.0.1") String publicHost,
        @Nullable String bindAddress,
        @Nullable String apiUrl,
        @DefaultValue("7000") List<Integer> frontPorts,
        @DefaultValue("20200401") int clientVersion,
        @Nullable Path clientLengths,
        @DefaultValue List<Integer> spliceVersions,
        @DefaultValue("2m") Duration limbo,
        @DefaultValue("10s") Duration combat,
        @DefaultValue("30s") Duration confirmWithin,
        @DefaultValue("7443") int tunnelPort,
        @DefaultValue("0") int eventLoopThreads,
        @DefaultValue("2s") Duration connectTimeout,
        @DefaultValue("5s") Duration announceEvery,
        @DefaultValue("500ms") Duration hostCheckDeadline,
        @DefaultValue("3s") Duration resumeWithin,
        @DefaultValue("1h") Duration keyChange,
        @DefaultValue("262144") int streamWindow,
        @DefaultValue("4194304") int maxStreamWindow,
        @DefaultValue("1m") Duration observeFor,
        @DefaultValue("99") int staffGroup,
        @DefaultValue PlayerLimits players,
        @DefaultValue Rates rates,
        @DefaultValue Door door,
        @DefaultValue HostLimits hosts,
        @DefaultValue Takeover takeover) {
    private static final int MAX_FRONT_PORTS = 16;
    private static final int MAX_PORT = 65_535;
    /** Systems take 107 bytes, and a process puts its number behind it. */
    private static final int MAX_SOCKET_PATH = 96;

    private static final Duration MAX_LIMBO = Duration.ofMinutes(10);
    private static final Duration MAX_COMBAT = Duration.ofMinutes(1);
    private static final int MAX_QUESTIONS = 900;
    private static final double MAX_RATE = 100_000;
    private static final Duration MAX_CONNECT = Duration.ofSeconds(10);
    private static final Duration MAX_ANNOUNCE = Duration.ofSeconds(10);
    private static final Duration MAX_RESUME = Duration.ofSeconds(30);
    private static final Duration MIN_KEY_CHANGE = Duration.ofMinutes(1);
    private static final Duration MAX_KEY_CHANGE = Duration.ofHours(24);
    /** As many as the frame that says how far they are has room for. */
    private static final int MAX_STREAMS = 4_096;

    private static final Duration MAX_OBSERVE = Duration.ofMinutes(10);
    private static final Duration MAX_HOST_CHECK = Duration.ofSeconds(2);

    /**
     * Limits of player connections.
     *
     * @param maxConnections at once; further ones are closed at the door
     * @param maxPerAddress at once from one address (an IPv6 /64 counts as one)
     * @param perSecond new ones a second from one address, over time
     * @param burst new ones at once from an address that was quiet
     * @param maxAddresses addresses remembered, and as many networks; when all are busy, unknown ones are refused
     * @param packetsPerSecond packets that one player may send a second, over time; faster, he is read slower
     * @param packetBurst packets at once, after a quiet while
     * @param bytesPerSecond bytes likewise
     * @param byteBurst bytes at once
     */
    public record PlayerLimits(
            @DefaultValue("5000") int maxConnections,
            @DefaultValue("100") int maxPerAddress,
            @DefaultValue("20") double perSecond,
            @DefaultValue("60") int burst,
            @DefaultValue("65536") int maxAddresses,
            @DefaultValue("200") int packetsPerSecond,
            @DefaultValue("1000") int packetBurst,
            @DefaultValue("65536") int bytesPerSecond,
            @DefaultValue("262144") int byteBurst) {}

    /**
     * Packets of one player that pass, by kind; what is more goes nowhere.
     *
     * @param chatPerSecond lines to others, near or far, over time
     * @param chatBurst at once, after a quiet while
     * @param movesPerSecond wishes to walk, over time
     * @param moveBurst at once, after a quiet while
     * @param actionsPerSecond blows and skills, over time
     * @param actionBurst at once, after a quiet while
     */
    public record Rates(
            @DefaultValue("10") int chatPerSecond,
            @DefaultValue("30") int chatBurst,
            @DefaultValue("30") int movesPerSecond,
            @DefaultValue("90") int moveBurst,
            @DefaultValue("60") int actionsPerSecond,
            @DefaultValue("180") int actionBurst) {}

    /**
     * The front's door, besides the limits of each address. Lists hold addresses and networks, such as 192.0.2.7,
     * 10.0.0.0/8 or 2001:db8::/32.
     *
     * @param allow these have no share of connections and questions: operators, cafes; the ceilings count for them too
     * @param deny these are not let in, whatever else is said of them
     * @param proxyProtocolFrom load balancers: they must say by a PROXY header (version 2) for whom they connect
     * @param maxPerNetwork at once from one network (IPv4 /24, IPv6 /48)
     * @param networkPerSecond new ones a second from one network, over time
     * @param networkBurst new ones at once from a network that was quiet
     * @param maxEntering at once whose player is not in game yet; then the longest silent one makes room
     * @param maxQuestions to db-proxy at once about players who are not in game yet; further ones wait a second
     * @param questionsPerAddress of these about one address
     * @param questionsPerSecond about one address, over time: how fast one may try logins
     * @param questionBurst about an address that was quiet
     * @param stalled a player whose connection takes nothing for this long is cut
     */
    public record Door(
            @DefaultValue List<String> allow,
            @DefaultValue List<String> deny,
            @DefaultValue List<String> proxyProtocolFrom,
            @DefaultValue("500") int maxPerNetwork,
            @DefaultValue("100") double networkPerSecond,
            @DefaultValue("300") int networkBurst,
            @DefaultValue("2000") int maxEntering,
            @DefaultValue("256") int maxQuestions,
            @DefaultValue("16") int questionsPerAddress,
            @DefaultValue("10") double questionsPerSecond,
            @DefaultValue("100") int questionBurst,
            @DefaultValue("60s") Duration stalled) {
        public Door {
            allow = List.copyOf(allow);
            deny = List.copyOf(deny);
            proxyProtocolFrom = List.copyOf(proxyProtocolFrom);
        }
    }

    /**
     * Limits of tunnel connections; as for players.
     *
     * @param maxStreams players at once through one connection of a tunnel
     * @param connections most connections of one tunnel
     * @param maxPerNetwork at once from one network (IPv4 /24, IPv6 /48)
     * @param networkPerSecond new ones a second from one network, over time
     * @param networkBurst new ones at once from a network that was quiet
     * @param maxEntering at once that have not proven by TLS whose they are
     */
    public record HostLimits(
            @DefaultValue("2000") int maxConnections,
            @DefaultValue("64") int maxPerAddress,
            @DefaultValue("5") double perSecond,
            @DefaultValue("20") int burst,
            @DefaultValue("16384") int maxAddresses,
            @DefaultValue("4096") int maxStreams,
            @DefaultValue("4") int connections,
            @DefaultValue("500") int maxPerNetwork,
            @DefaultValue("25") double networkPerSecond,
            @DefaultValue("100") int networkBurst,
            @DefaultValue("256") int maxEntering) {}

    /**
     * Restarts without loss.
     *
     * @param socket path of a unix socket through which a new process takes over from the one that runs; none: it cannot
     */
    public record Takeover(@Nullable Path socket) {}

    public RelayProperties {
        List<String> faults = new ArrayList<>();
        check(faults, "relay-id", relayId, relayId.matches("[a-z0-9][a-z0-9-]{0,62}"), "1 to 63 of a-z 0-9 -");
        check(faults, "region", region, !region.isBlank() && region.length() <= 64, "1 to 64 characters");
        check(faults, "public-host", publicHost, !publicHost.isBlank(), "a host name or address");
        frontPorts = List.copyOf(frontPorts);
        spliceVersions = List.copyOf(spliceVersions);
        check(
                faults,
                "front-ports",
                frontPorts,
                !frontPorts.isEmpty()
                        && frontPorts.size() <= MAX_FRONT_PORTS
                        && frontPorts.stream().allMatch(port -> within(port, 0, MAX_PORT)),
                "1 to 16 ports, each 0 to 65535");
        check(
                faults,
                "tunnel-port",
                tunnelPort,
                within(tunnelPort, 0, MAX_PORT) && (tunnelPort == 0 || !frontPorts.contains(tunnelPort)),
                "0 to 65535, none of the front's ports " + frontPorts);
        check(
                faults,
                "confirm-within",
                confirmWithin,
                within(confirmWithin, MAX_LIMBO) && confirmWithin.compareTo(announceEvery) > 0,
                "above announce-every, at most 10 min");
        check(faults, "limbo", limbo, within(limbo, MAX_LIMBO), "above 0, at most 10 min");
        check(
                faults,
                "combat",
                combat,
                !combat.isNegative() && combat.compareTo(MAX_COMBAT) <= 0,
                "0 to 1 min, 0 turns it off");
        check(faults, "event-loop-threads", eventLoopThreads, within(eventLoopThreads, 0, 256), "0 to 256");
        check(faults, "connect-timeout", connectTimeout, within(connectTimeout, MAX_CONNECT), "above 0, at most 10 s");
        check(faults, "announce-every", announceEvery, within(announceEvery, MAX_ANNOUNCE), "above 0, at most 10 s");
        check(
                faults,
                "host-check-deadline",
                hostCheckDeadline,
                within(hostCheckDeadline, MAX_HOST_CHECK),
                "above 0, at most 2 s");
        check(faults, "resume-within", resumeWithin, within(resumeWithin, MAX_RESUME), "above 0, at most 30 s");
        check(
                faults,
                "key-change",
                keyChange,
                keyChange.compareTo(MIN_KEY_CHANGE) >= 0 && within(keyChange, MAX_KEY_CHANGE),
                "1 min to 24 h");
        check(faults, "stream-window", streamWindow, within(streamWindow, 16_384, 16_777_216), "16 KiB to 16 MiB");
        check(
                faults,
                "max-stream-window",
                maxStreamWindow,
                within(maxStreamWindow, streamWindow, 16_777_216),
                "stream-window to 16 MiB");
        check(faults, "observe-for", observeFor, within(observeFor, MAX_OBSERVE), "above 0, at most 10 min");
        check(faults, "staff-group", staffGroup, staffGroup >= 1, "1 or more");
        checkLimits(
                faults,
                "players",
                players.maxConnections,
                players.maxPerAddress,
                players.perSecond,
                players.burst,
                players.maxAddresses);
        check(
                faults,
                "players.packets-per-second",
                players.packetsPerSecond,
                within(players.packetsPerSecond, 1, 1_000_000),
                "1 to 1000000");
        check(
                faults,
                "players.packet-burst",
                players.packetBurst,
                within(players.packetBurst, 1, 10_000_000),
                "1 to 10000000");
        check(
                faults,
                "players.bytes-per-second",
                players.bytesPerSecond,
                within(players.bytesPerSecond, 1_024, 1_000_000_000),
                "1024 to 1000000000");
        check(
                faults,
                "players.byte-burst",
                players.byteBurst,
                within(players.byteBurst, 1_024, 1_000_000_000),
                "1024 to 1000000000");
        checkRate(faults, "chat-per-second", rates.chatPerSecond);
        checkRate(faults, "chat-burst", rates.chatBurst);
        checkRate(faults, "moves-per-second", rates.movesPerSecond);
        checkRate(faults, "move-burst", rates.moveBurst);
        checkRate(faults, "actions-per-second", rates.actionsPerSecond);
        checkRate(faults, "action-burst", rates.actionBurst);
        checkDoor(faults, door);
        checkLimits(
                faults,
                "hosts",
                hosts.maxConnections,
                hosts.maxPerAddress,
                hosts.perSecond,
                hosts.burst,
                hosts.maxAddresses);
        check(faults, "hosts.max-streams", hosts.maxStreams, within(hosts.maxStreams, 1, MAX_STREAMS), "1 to 4096");
        check(faults, "hosts.connections", hosts.connections, within(hosts.connections, 1, 16), "1 to 16");
        checkNetwork(faults, "hosts", hosts.maxPerNetwork, hosts.networkPerSecond, hosts.networkBurst);
        check(faults, "hosts.max-entering", hosts.maxEntering, within(hosts.maxEntering, 1, 200_000), "1 to 200000");
        Path socket = takeover.socket;
        check(
                faults,
                "takeover.socket",
                String.valueOf(socket),
                socket == null || (socket.isAbsolute() && socket.toString().length() <= MAX_SOCKET_PATH),
                "an absolute path of at most " + MAX_SOCKET_PATH + " characters");
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", faults));
        }
    }

    private static void checkDoor(List<String> faults, Door door) {
        checkNetworks(faults, "door.allow", door.allow);
        checkNetworks(faults, "door.deny", door.deny);
        checkNetworks(faults, "door.proxy-protocol-from", door.proxyProtocolFrom);
        // Whoever is trusted with addresses can be anybody: nobody trusts everybody on purpose.
        check(
                faults,
                "door.proxy-protocol-from",
                door.proxyProtocolFrom,
                door.proxyProtocolFrom.stream().noneMatch(network -> network.endsWith("/0")),
                "the load balancers' own networks, not every address");
        checkNetwork(faults, "door", door.maxPerNetwork, door.networkPerSecond, door.networkBurst);
        check(faults, "door.max-entering", door.maxEntering, within(door.maxEntering, 1, 200_000), "1 to 200000");
        check(
                faults,
                "door.max-questions",
                door.maxQuestions,
                within(door.maxQuestions, 1, MAX_QUESTIONS),
                "1 to 900: players in game have the rest");
        check(
                faults,
                "door.questions-per-address",
                door.questionsPerAddress,
                within(door.questionsPerAddress, 1, MAX_QUESTIONS),
                "1 to 900");
        check(
                faults,
                "door.questions-per-second",
                door.questionsPerSecond,
                door.questionsPerSecond > 0 && door.questionsPerSecond <= MAX_RATE,
                "above 0, at most 100000");
        check(faults, "door.question-burst", door.questionBurst, within(door.questionBurst, 1, 100_000), "1 to 100000");
        check(faults, "door.stalled", door.stalled, within(door.stalled, MAX_LIMBO), "above 0, at most 10 min");
    }

    private static void checkNetworks(List<String> faults, String key, List<String> networks) {
        try {
            Networks.parse(networks);
        } catch (IllegalArgumentException e) {
            faults.add("p2p.relay." + key + ": " + e.getMessage());
        }
    }

    private static void checkNetwork(List<String> faults, String group, int most, double perSecond, int burst) {
        check(faults, group + ".max-per-network", most, within(most, 1, 200_000), "1 to 200000");
        check(
                faults,
                group + ".network-per-second",
                perSecond,
                perSecond > 0 && perSecond <= MAX_RATE,
                "above 0, at most 100000");
        check(faults, group + ".network-burst", burst, within(burst, 1, 100_000), "1 to 100000");
    }

    private static void checkRate(List<String> faults, String key, int value) {
        check(faults, "rates." + key, value, within(value, 1, 1_000_000), "1 to 1000000");
    }

    private static void checkLimits(
            List<String> faults,
            String group,
            int connections,
            int perAddress,
            double perSecond,
            int burst,
            int table) {
        check(faults, group + ".max-connections", connections, within(connections, 1, 200_000), "1 to 200000");
        check(
                faults,
                group + ".max-per-address",
                perAddress,
                within(perAddress, 1, connections),
                "1 to max-connections");
        check(
                faults,
                group + ".per-second",
                perSecond,
                perSecond > 0 && perSecond <= MAX_RATE,
                "above 0, at most 100000");
        check(faults, group + ".burst", burst, within(burst, 1, 100_000), "1 to 100000");
        check(faults, group + ".max-addresses", table, within(table, 1, 10_000_000), "1 to 10000000");
    }

    private static void check(List<String> faults, String key, Object value, boolean right, String expected) {
        if (!right) {
            faults.add("p2p.relay." + key + ": " + value + " (expected: " + expected + ")");
        }
    }

    private static boolean within(int value, int least, int most) {
        return value >= least && value <= most;
    }

    private static boolean within(Duration value, Duration most) {
        return value.isPositive() && value.compareTo(most) <= 0;
    }
}
