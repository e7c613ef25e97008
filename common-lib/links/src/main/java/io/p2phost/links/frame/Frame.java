package io.p2phost.links.frame;

import io.netty.buffer.ByteBuf;
import io.p2phost.contracts.Epoch;
import io.p2phost.contracts.HostId;
import io.p2phost.contracts.MapName;
import io.p2phost.links.Bytes;
import java.util.List;

/**
 * One frame as read from the wire; {@code docs/relay-protocol.md} has the layouts. Only {@link Data} and {@link Packed}
 * hold a buffer.
 */
public sealed interface Frame {
    /** Protocol version that this build speaks. */
    int VERSION = 1;

    /** As a history: PACKED frames are not understood. */
    int UNPACKED = -1;

    /**
     * First frame of an agent on a connection of its tunnel. {@code window} is what it is ready to receive per stream,
     * in bytes; {@code token} is that of the connection whose place this one takes, for one that comes
     * {@link Place#BESIDE} for the first time that of the one that leads, or {@link ResumeToken#NONE}.
     */
    record Hello(int version, int window, Place place, ResumeToken token, String software) implements Frame {}

    /**
     * The relay's consent. {@code connections} is how many of them one tunnel may have; after {@code keyMillis} another
     * one shall take the place of this, with new keys; {@code token} is what it can be resumed with, once.
     */
    record Welcome(
            int version, int window, boolean resumed, int connections, int keyMillis, ResumeToken token, String relayId)
            implements Frame {}

    /** Liveness probe, answered by {@link Pong} with the same value. */
    record Ping(long nonce) implements Frame {}

    /** Answer to {@link Ping}. */
    record Pong(long nonce) implements Frame {}

    /** The sender ends the link. */
    record GoAway(GoAwayCode code, String detail) implements Frame {}

    /** Relay to agent: serve this map. */
    record Assign(MapName map, Epoch epoch, CellRole role) implements Frame {}

    /** Agent to relay: the cell of this map can, or cannot, take players. */
    record Ready(MapName map, Epoch epoch, boolean ready, String detail) implements Frame {}

    /** To an agent: the map's epoch is higher than the one it holds; it must stop serving. */
    record Fenced(MapName map, Epoch currentEpoch) implements Frame {}

    /**
     * Opens a stream to the map's cell, which sees it come from {@code source} ({@link SourceAddress}) and is sent
     * {@code first} as soon as it is reached.
     */
    record Open(int streamId, MapName map, Epoch epoch, int source, Bytes first) implements Frame {
        /** Any client's entering packet, and more. */
        public static final int MOST_FIRST = 255;

        public Open {
            if (first.length() > MOST_FIRST) {
                throw new IllegalArgumentException(
                        "first: " + first.length() + " bytes (expected: at most " + MOST_FIRST + ")");
            }
        }
    }

    /** The stream reached its target. */
    record Opened(int streamId) implements Frame {}

    /** Bytes of a stream; the receiver owns the buffer. */
    record Data(int streamId, ByteBuf payload) implements Frame {}

    /** Bytes of a stream, packed; the receiver owns the buffer. */
    record Packed(int streamId, ByteBuf payload) implements Frame {}

    /**
     * So much was taken, and so much may be sent more: as much as was taken, more where the window grows, less where it
     * shrinks.
     */
    record Window(int streamId, int taken, int credit) implements Frame {
        /** A window that stays as it is. */
        public Window(int streamId, int credit) {
            this(streamId, credit, credit);
        }
    }

    /** The sender has no more bytes for this stream; the other direction stays open. */
    record Fin(int streamId) implements Frame {}

    /** Ends a stream in both directions at once. */
    record Reset(int streamId, ResetCode code) implements Frame {}

    /**
     * First frame of an agent on a char link. {@code history} is what it remembers of PACKED frames, in bytes;
     * {@code resume} is the token of the link whose streams it still holds, or {@link ResumeToken#NONE}.
     */
    record LinkHello(
            int version,
            int window,
            int history,
            CellRole role,
            HostId host,
            ResumeToken resume,
            MapName map,
            Epoch epoch)
            implements Frame {}

    /** db-proxy's consent. {@code token} is what this link can be resumed with, once. */
    record Accepted(int version, int window, int history, boolean resumed, ResumeToken token) implements Frame {}

    /** First frame of both sides on a link that resumes another: the streams that the sender still holds. */
    record Streams(List<StreamState> streams) implements Frame {
        public Streams {
            streams = List.copyOf(streams);
        }
    }

    /** db-proxy's refusal, with the epoch that is in effect ({@code 0}: none). */
    record Refused(RefusalReason reason, Epoch currentEpoch, String detail) implements Frame {}
}
