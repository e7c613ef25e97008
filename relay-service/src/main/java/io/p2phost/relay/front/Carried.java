package io.p2phost.relay.front;

import io.p2phost.links.Bytes;
import io.p2phost.links.mux.LinkStream;
import io.p2phost.relay.player.SessionImage;
import org.jspecify.annotations.Nullable;

/**
 * A player with his connections, as another process goes on with him.
 *
 * @param image his session
 * @param socket his own connection
 * @param way the one to his map-server, if the image has one
 * @param code how far what is not plain was read and written
 */
public record Carried(
        SessionImage image, Socket socket, @Nullable Way way, Code code) {
    /** What leads to a map-server. */
    public sealed interface Way {}

    /**
     * A TCP connection.
     *
     * @param descriptor its number in the process that has it
     * @param unread what was read from it and not looked at
     * @param unsent what was not written to it yet
     */
    public record Socket(int descriptor, Bytes unread, Bytes unsent) implements Way {}

    /**
     * A stream of a tunnel.
     *
     * @param stream null where it is not known yet
     */
    public record Stream(@Nullable LinkStream stream) implements Way {}

    /**
     * Of a client that may not send plain packets.
     *
     * @param told whether it is known what it sends
     * @param first what it sent while that is not known
     * @param streams of one that does not
     */
    public record Code(boolean told, Bytes first, @Nullable Streams streams) {}

    /** What the codec's session and its four directions remember; those of a map-server are empty without one. */
    public record Streams(Bytes session, Bytes in, Bytes out, Bytes toServer, Bytes fromServer) {}
}
