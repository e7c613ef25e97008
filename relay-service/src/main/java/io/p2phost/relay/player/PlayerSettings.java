package io.p2phost.relay.player;

import io.p2phost.ro.PacketLengths;
import io.p2phost.ro.client.ClientIds;
import io.p2phost.ro.client.ClientToMap;
import io.p2phost.ro.client.Enter;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How players are treated.
 *
 * @param lengths packets of the client version that plays here
 * @param ids of the packets that it sends
 * @param reserve the VPS's map-server that takes clients whose streams nobody here can read; null: they are turned away
 * @param form how players are moved
 * @param frontAddress address that moved clients are told, IPv4 in dotted order
 * @param frontPort port that they are told
 * @param flow how fast a client may send
 * @param timing how long things may take
 */
public record PlayerSettings(
        PacketLengths lengths,
        ClientIds ids,
        @Nullable Destination reserve,
        Form form,
        int frontAddress,
        int frontPort,
        Flow flow,
        Timing timing) {
    public PlayerSettings {
        int id = ids.own(ClientToMap.ENTER);
        int length = lengths.of(id);
        if (!Enter.isLength(length)) {
            throw new IllegalArgumentException(String.format(
                    "%s: packet %04x has %d bytes (expected: 19 or 23, or its players cannot be let in)",
                    lengths, id, length));
        }
    }

    /** For clients whose ids are the standard ones and whose streams can be read. */
    public PlayerSettings(PacketLengths lengths, Form form, int frontAddress, int frontPort, Flow flow, Timing timing) {
        this(lengths, ClientIds.STANDARD, null, form, frontAddress, frontPort, flow, timing);
    }

    /** How a player is moved to another map-server. */
    public enum Form {
        /** His client is told to connect again, as at any change of servers: every client knows it. */
        SERVER_MOVE,
        /** His client keeps its connection and is told of a new map: for client versions that are proven to bear it. */
        SPLICE
    }

    /**
     * How fast a client in game may send. Faster than that he is read slower, and loses nothing; nobody else notices. Of some
     * kinds of packets what is too many goes nowhere.
     *
     * @param packetsPerSecond over time
     * @param packetBurst at once, after a quiet while
     * @param bytesPerSecond over time
     * @param byteBurst at once, after a quiet while
     * @param kinds of which only so many pass
     */
    public record Flow(
            int packetsPerSecond, int packetBurst, int bytesPerSecond, int byteBurst, Map<Kind, Rate> kinds) {
        public Flow {
            kinds = Map.copyOf(kinds);
        }
    }

    /**
     * So many packets of one kind.
     *
     * @param perSecond over time
     * @param burst at once, after a quiet while
     */
    public record Rate(int perSecond, int burst) {}

    /**
     * How long things may take.
     *
     * @param firstPacket from the connection to the packet that enters
     * @param retry between two questions about one player
     * @param serverAnswer from the packet that enters to the map-server's word
     * @param quiet alone for longer, he is told
     * @param ask alone for longer, db-proxy is asked about him
     * @param limbo alone for longer, he is let go
     * @param moved from the word to connect again to the end of the old connection
     * @param combat who fought within it may not quit, and stays on his map for as long when his connection ends; zero: never
     */
    public record Timing(
            Duration firstPacket,
            Duration retry,
            Duration serverAnswer,
            Duration quiet,
            Duration ask,
            Duration limbo,
            Duration moved,
            Duration combat) {
        public static final Timing USUAL = new Timing(
                Duration.ofSeconds(5),
                Duration.ofSeconds(1),
                Duration.ofSeconds(10),
                Duration.ofSeconds(1),
                Duration.ofSeconds(3),
                Duration.ofMinutes(2),
                Duration.ofSeconds(10),
                Duration.ofSeconds(10));

        public Timing withLimbo(Duration other) {
            return new Timing(firstPacket, retry, serverAnswer, quiet, ask, other, moved, combat);
        }

        public Timing withCombat(Duration other) {
            return new Timing(firstPacket, retry, serverAnswer, quiet, ask, limbo, moved, other);
        }
    }
}
