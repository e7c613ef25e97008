package io.p2phost.links.mux;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.p2phost.links.LinkMetrics;
import io.p2phost.links.frame.ResetCode;
import io.p2phost.links.net.DialPlaces;
import io.p2phost.links.net.Dialer;
import java.net.SocketAddress;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A stream on its way to its target: it waits for a place, is connected, and is sent what came with its OPEN; a
 * {@link StreamPipe} does the rest. The place is given back at the target's first word. Everything is on the link's loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the pipe hears of a write that fails by the connection's end
final class Forwarding implements StreamListener, Dialer.Dialed {
    private final EventLoop loop;
    private final StreamMux mux;
    private final LinkMetrics metrics;
    private final Dialer dialer;
    private final DialPlaces places;
    private final SocketAddress target;
    private final Runnable onUnreachable;
    private final AtomicBoolean placeGiven = new AtomicBoolean();
    private @Nullable LinkStream stream;
    private @Nullable StreamPipe pipe;
    private @Nullable Channel channel;
    private boolean over;

    Forwarding(
            EventLoop loop,
            StreamMux mux,
            LinkMetrics metrics,
            Dialer dialer,
            DialPlaces places,
            SocketAddress target,
            Runnable onUnreachable) {
        this.loop = loop;
        this.mux = mux;
        this.metrics = metrics;
        this.dialer = dialer;
        this.places = places;
        this.target = target;
        this.onUnreachable = onUnreachable;
    }

    void begin(LinkStream accepted) {
        if (!over && !places.take(target, this::granted)) {
            placeGiven.set(true);
            accepted.reset(ResetCode.LIMIT);
        }
    }

    /** On any thread, at once or when another gives his place back. */
    private void granted() {
        try {
            loop.execute(this::dial);
        } catch (RejectedExecutionException e) {
            giveBack();
        }
    }

    private void dial() {
        LinkStream to = stream;
        if (over || to == null) {
            giveBack();
            return;
        }
        Channel dialled = dialer.dial(loop, target, to.source(), this);
        channel = dialled;
        StreamPipe joined = new StreamPipe(dialled);
        dialled.pipeline().addLast(new FirstWord(this::giveBack), joined);
        pipe = joined;
        joined.opening(to);
    }

    private void giveBack() {
        if (placeGiven.compareAndSet(false, true)) {
            places.giveBack(target);
        }
    }

    /** The target has said something, or is gone. */
    static final class FirstWord extends ChannelInboundHandlerAdapter {
        private final Runnable heard;

        FirstWord(Runnable heard) {
            this.heard = heard;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            heard.run();
            ctx.fireChannelRead(message);
            ctx.pipeline().remove(this);
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            heard.run();
            ctx.fireChannelInactive();
        }
    }

    // ---- from the dialler ----

    @Override
    public void sourceRefused() {
        metrics.sourceRefused();
    }

    @Override
    public void connected() {
        loop.schedule(this::giveBack, places.firstWord().toMillis(), TimeUnit.MILLISECONDS);
        LinkStream to = Objects.requireNonNull(stream);
        if (!over) {
            Channel made = Objects.requireNonNull(channel);
            if (!to.first().isEmpty()) {
                made.writeAndFlush(to.first().toBuffer());
            }
            mux.acceptOpened(to);
            Objects.requireNonNull(pipe).opened(to);
        }
    }

    @Override
    public void failed(Throwable cause) {
        giveBack();
        if (over) {
            // Whoever wanted to go there has left meanwhile; that says nothing about the target.
            return;
        }
        Objects.requireNonNull(stream).reset(ResetCode.UNREACHABLE);
        onUnreachable.run();
    }

    // ---- from the stream ----

    @Override
    public void opening(LinkStream opened) {
        stream = opened;
    }

    @Override
    public void data(LinkStream from, ByteBuf payload) {
        Objects.requireNonNull(pipe).data(from, payload);
    }

    @Override
    public void finished(LinkStream from) {
        Objects.requireNonNull(pipe).finished(from);
    }

    @Override
    public void writable(LinkStream to) {
        if (pipe != null) {
            pipe.writable(to);
        }
    }

    @Override
    public void closed(LinkStream ended, StreamEnd end) {
        over = true;
        if (pipe != null) {
            pipe.closed(ended, end);
        }
    }
}
