package io.p2phost.links.testing;

import io.netty.buffer.ByteBuf;
import io.p2phost.links.mux.LinkStream;
import io.p2phost.links.mux.StreamEnd;
import io.p2phost.links.mux.StreamListener;

/** A stream's local side that sends back what it gets and ends when its peer has ended. */
public final class EchoStream implements StreamListener {
    @Override
    public void data(LinkStream stream, ByteBuf payload) {
        int bytes = payload.readableBytes();
        stream.write(payload);
        stream.consumed(bytes);
    }

    @Override
    public void finished(LinkStream stream) {
        stream.finish();
    }

    @Override
    public void closed(LinkStream stream, StreamEnd end) {}
}
