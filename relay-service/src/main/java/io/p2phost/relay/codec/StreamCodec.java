package io.p2phost.relay.codec;

import io.netty.buffer.ByteBuf;
import io.p2phost.links.Bytes;
import io.p2phost.ro.PacketLengths;
import io.p2phost.ro.client.ClientIds;
import java.util.Map;

/**
 * Reads the streams of clients that do not send plain packets, and writes them so again for map-servers, which expect what
 * such a client sends. With one, its players may be hosted like others. Thread-safe; what belongs to one connection is in
 * the objects it makes, and those are used by one thread.
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

    /** For a new client connection: from what the client sends to plain packets. */
    Direction fromClient();

    /** For the same connection: from plain packets to what the client reads. */
    Direction toClient();

    /** For a new connection to a map-server: from plain packets to what it reads. */
    Direction toServer();

    /** For the same connection: from what the map-server sends to plain packets. */
    Direction fromServer();

    /**
     * Whether another process of the relay can go on with connections: then every direction that remembers anything says
     * what, and goes on from it.
     */
    default boolean isCarried() {
        return false;
    }

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
