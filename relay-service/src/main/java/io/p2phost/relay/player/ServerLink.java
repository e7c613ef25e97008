package io.p2phost.relay.player;

import io.netty.buffer.ByteBuf;

/** A connection to a map-server, whatever carries it; on the player's loop. */
public interface ServerLink {
    /** Sends bytes and owns the buffer. */
    void send(ByteBuf bytes);

    /** Whether it takes more now; if not, {@link Events#writable} follows. */
    boolean isWritable();

    /** Whether what it sends is read. */
    void reading(boolean on);

    /** Another process has it from now on: nothing is sent on it, and nothing more is told of it. */
    void abandon();

    /** Ends it in order: the map-server takes the player for gone and saves him. Nothing more is told of it. */
    void close();

    /** What happens on it. */
    interface Events {
        /** It stands; reading has begun. */
        void connected(ServerLink link);

        /** It could not be made. The last event. */
        void failed(String why);

        /** Bytes; whoever gets them owns the buffer. */
        void received(ByteBuf bytes);

        /** It takes more again. */
        void writable();

        /** It is over, by the other side or by a loss. The last event. */
        void ended();
    }
}
