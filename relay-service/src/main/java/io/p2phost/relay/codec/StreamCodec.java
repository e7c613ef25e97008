package io.p2phost.relay.codec;

import io.netty.buffer.ByteBuf;
import io.p2phost.links.Bytes;
import io.p2phost.ro.PacketLengths;
import io.p2phost.ro.client.ClientIds;
import java.util.Map;

/**
 * Reads the streams of clients that do not send plain packets, and writes them so again for map-servers, which expect what
 * such a client sends. With one, its players may be hosted like others. Thread-safe; what belongs to one client is in its
 * {@link Session}, which is used by one thread.
 */
public interface StreamCodec {
    /** Makes a codec; found as a service ({@link java.util.ServiceLoader}). */
    interface Provider {
        /** The name in {@code p2p.relay.clients.codec}. */
        String name();

        /**
         * The codec.
         *
         * @throws IllegalArgumentException for wrong settings: setting, value and what was expected
         */
        StreamCodec create(Context context);
    }

    /**
     * What a codec may know.
     *
     * @param lengths of the client version's packets
     * @param ids of those that clients send
     * @param settings {@code p2p.relay.clients.codec-settings}
     */
    record Context(PacketLengths lengths, ClientIds ids, Map<String, String> settings) {}

    /** What a connection's first bytes say. */
    enum Match {
        /** The stream is this codec's. */
        YES,
        /** It is not: plain, or somebody else's. */
        NO,
        /** More bytes are needed to tell. */
        MORE
    }

    /** Looks at the first bytes of a connection, and leaves them. */
    Match match(ByteBuf first);

    /** For a new client connection that is this codec's. */
    Session open();

    /**
     * Whether another process of the relay can go on with connections: then sessions, and directions that remember
     * anything, say what, and go on from it.
     */
    default boolean isCarried() {
        return false;
    }

    /**
     * One client's connection, and those to its map-servers, one after the other. What they share, such as keys that were
     * agreed upon, is the session's.
     */
    interface Session {
        /** From what the client sends to plain packets; asked for once, before all others. */
        Direction fromClient();

        /** From plain packets to what the client reads; asked for once. */
        Direction toClient();

        /** For a new connection to a map-server. */
        Server server();

        /**
         * The client's connection is over, or another process has it. What its map-server still says may be passed for some
         * seconds: whoever flees from a fight stays on his map.
         */
        default void close() {
            // Holds nothing.
        }

        /** What it remembers besides its directions, where {@link StreamCodec#isCarried}. */
        default Bytes state() {
            return Bytes.NONE;
        }

        /** Goes on from what that of another process remembered; before anything is asked of it. */
        default void goOnFrom(Bytes state) {
            // Remembers nothing.
        }
    }

    /**
     * One connection to a map-server.
     *
     * @param to from plain packets to what it reads
     * @param from from what it sends to plain packets
     */
    record Server(Direction to, Direction from) {}

    /** One direction of one connection. */
    @FunctionalInterface
    interface Direction {
        /** As it is. */
        Direction PLAIN = bytes -> bytes;

        /**
         * Takes bytes as they come, torn anywhere, and owns the buffer.
         *
         * @return what can be said so far, perhaps nothing; whoever gets it owns it
         */
        ByteBuf pass(ByteBuf bytes);

        /** What it remembers, where {@link #isCarried}. */
        default Bytes state() {
            return Bytes.NONE;
        }

        /** Goes on from what that of another process remembered; before the first bytes. */
        default void goOnFrom(Bytes state) {
            // Remembers nothing.
        }
    }
}
