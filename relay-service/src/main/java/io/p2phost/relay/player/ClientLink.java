package io.p2phost.relay.player;

import io.netty.buffer.ByteBuf;

/** The player's own connection, on his loop. */
public interface ClientLink {
    /** The address he comes from, in dotted form. */
    String address();

    /** Queues bytes and owns the buffer; they go out with {@link #flush}. */
    void write(ByteBuf bytes);

    void flush();

    /** Whether it takes more now; if not, {@link PlayerSession#clientWritable} follows. */
    boolean isWritable();

    /** Whether what he sends is read. */
    void reading(boolean on);

    /** A map-server has let him in, for the first time on this connection. */
    default void inGame() {}

    /** Ends it behind what was written. */
    void close();
}
