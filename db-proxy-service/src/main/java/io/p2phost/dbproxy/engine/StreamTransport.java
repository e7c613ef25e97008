package io.p2phost.dbproxy.engine;

import io.netty.buffer.ByteBuf;
import io.p2phost.links.frame.ResetCode;
import io.p2phost.links.mux.LinkStream;
import io.p2phost.links.mux.StreamEnd;
import io.p2phost.links.mux.StreamListener;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A cell's connection inside its char link. */
final class StreamTransport implements StreamListener {
    private final Function<Transport, Peer> makePeer;
    private volatile @Nullable Peer peer;

    /** Makes a listener; the peer is made when the cell has connected. */
    StreamTransport(Function<Transport, Peer> makePeer) {
        this.makePeer = makePeer;
    }

    @Override
    public void opening(LinkStream stream) {
        peer = makePeer.apply(new OverStream(stream));
    }

    @Override
    public void data(LinkStream stream, ByteBuf payload) {
        Peer reader = peer;
        if (reader == null) {
            payload.release();
            stream.reset(ResetCode.CONNECTION_RESET);
        } else {
            reader.received(payload);
        }
    }

    @Override
    public void writable(LinkStream stream) {
        Peer reader = peer;
        if (reader != null) {
            reader.drained();
        }
    }

    /** A map-server that ends its half has nothing more to hear either. */
    @Override
    public void finished(LinkStream stream) {
        Peer reader = peer;
        if (reader != null) {
            reader.gone();
        }
    }

    @Override
    public void closed(LinkStream stream, StreamEnd end) {
        finished(stream);
    }

    private record OverStream(LinkStream stream) implements Transport {
        @Override
        public void write(ByteBuf bytes) {
            stream.write(bytes);
        }

        @Override
        public int unsent() {
            return stream.queuedBytes();
        }

        @Override
        public void taken(int bytes) {
            if (bytes > 0) {
                stream.consumed(bytes);
            }
        }

        @Override
        public void finish() {
            stream.finish();
        }

        @Override
        public void cut() {
            stream.reset(ResetCode.SLOW);
        }
    }
}
