package io.p2phost.dbproxy.charlink;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.EventExecutor;
import io.p2phost.links.frame.ResetCode;
import io.p2phost.links.mux.LinkStream;
import io.p2phost.links.mux.StreamEnd;
import io.p2phost.links.mux.StreamListener;
import io.p2phost.links.mux.StreamPipe;
import io.p2phost.links.net.Dialer;
import io.p2phost.links.net.LinkTransport;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The char-server, to which each cell is connected. */
public final class Upstream {
    private final LinkTransport transport;
    private final Dialer dialer;
    private final Supplier<InetSocketAddress> address;

    /**
     * Makes a way upstream.
     *
     * @param transport whose loops the links are on
     * @param address the char-server's address, looked up anew for each cell
     * @param timeout for connecting
     */
    public Upstream(LinkTransport transport, Supplier<InetSocketAddress> address, Duration timeout) {
        this.transport = transport;
        this.dialer = new Dialer(transport, timeout);
        this.address = address;
    }

    /** Connects a cell. On its link's loop. */
    StreamListener connect() {
        Cell cell = new Cell();
        Channel channel = dialer.dial(loop(), address.get(), cell);
        StreamPipe pipe = new StreamPipe(channel);
        channel.pipeline().addLast(pipe);
        cell.pipe = pipe;
        return cell;
    }

    private EventLoop loop() {
        for (EventExecutor loop : transport.group()) {
            if (loop.inEventLoop()) {
                return (EventLoop) loop;
            }
        }
        throw new IllegalStateException("upstream: called by another thread (expected: a link's loop)");
    }

    /** One cell's connection. What the cell says before it is made waits here, at most the stream's window. */
    private static final class Cell implements StreamListener, Dialer.Dialed {
        private final ArrayDeque<ByteBuf> early = new ArrayDeque<>();
        private @Nullable StreamPipe pipe;
        private @Nullable LinkStream stream;
        private boolean connected;
        private boolean finishedEarly;

        private StreamPipe pipe() {
            if (pipe == null) {
                throw new IllegalStateException("cell: no connection yet (expected: dialled first)");
            }
            return pipe;
        }

        @Override
        public void opening(LinkStream opened) {
            stream = opened;
            pipe().opening(opened);
        }

        @Override
        public void connected() {
            connected = true;
            if (stream != null) {
                pipe().opened(stream);
                for (ByteBuf bytes = early.poll(); bytes != null; bytes = early.poll()) {
                    pipe().data(stream, bytes);
                }
                if (finishedEarly) {
                    pipe().finished(stream);
                }
            }
        }

        @Override
        public void failed(Throwable cause) {
            if (stream != null) {
                stream.reset(ResetCode.UNREACHABLE);
            }
        }

        @Override
        public void data(LinkStream from, ByteBuf payload) {
            if (connected) {
                pipe().data(from, payload);
            } else {
                early.add(payload);
            }
        }

        @Override
        public void finished(LinkStream from) {
            if (connected) {
                pipe().finished(from);
            } else {
                finishedEarly = true;
            }
        }

        @Override
        public void writable(LinkStream to) {
            pipe().writable(to);
        }

        @Override
        public void closed(LinkStream ended, StreamEnd end) {
            early.forEach(ByteBuf::release);
            early.clear();
            pipe().closed(ended, end);
        }
    }
}
