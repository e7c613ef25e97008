package io.p2phost.links.mux;

import io.netty.buffer.ByteBuf;

/** Events of one stream, all on the link's event loop; implementations must not block. */
public interface StreamListener {
    /** The stream has its id and can be reset; bytes written before it is open wait. The first event. */
    default void opening(LinkStream stream) {}

    /** The peer reached the target; bytes may be written now. Not called on the accepting side. */
    default void opened(LinkStream stream) {}

    /**
     * Bytes from the peer. The listener owns the buffer and, once it has passed the bytes on, must call
     * {@link LinkStream#consumed} once with their number: that is what lets the peer send more.
     */
    void data(LinkStream stream, ByteBuf payload);

    /** The peer has no more bytes. */
    void finished(LinkStream stream);

    /** The queue fell below its low watermark after {@link LinkStream#write} had asked for a pause. */
    default void writable(LinkStream stream) {}

    /** The stream is over; called exactly once, whatever happened. */
    void closed(LinkStream stream, StreamEnd end);
}
