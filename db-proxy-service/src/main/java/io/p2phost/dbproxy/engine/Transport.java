package io.p2phost.dbproxy.engine;

import io.netty.buffer.ByteBuf;

/** What carries a {@link Peer}'s bytes. Any thread. */
interface Transport {
    /** Sends and takes ownership of the buffer. */
    void write(ByteBuf bytes);

    /** Bytes written that have not left yet. */
    int unsent();

    /** That many received bytes have been worked off: as many may follow. */
    void taken(int bytes);

    /** Ends the connection behind what was written. */
    void finish();

    /** Ends the connection at once. */
    void cut();
}
