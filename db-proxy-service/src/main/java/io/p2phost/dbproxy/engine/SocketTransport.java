package io.p2phost.dbproxy.engine;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A plain TCP connection; auto-read is off until {@link #open}. Put it at the end of its pipeline. */
@SuppressWarnings("FutureReturnValueIgnored") // a write fails with its connection, whose end is handled here
final class SocketTransport extends ChannelInboundHandlerAdapter implements Transport {
    /** Received bytes from which on the socket is not read. */
    static final int PAUSE_AT = 256 * 1024;

    static final int RESUME_AT = 64 * 1024;

    private static final int LINGER_SECONDS = 1;

    private final Channel channel;
    private final AtomicInteger unsent = new AtomicInteger();
    private final AtomicInteger held = new AtomicInteger();
    private volatile @Nullable Peer peer;

    SocketTransport(Channel channel) {
        this.channel = channel;
    }

    /** Begins to read, for that peer. */
    void open(Peer reader) {
        peer = reader;
        channel.config().setAutoRead(true);
        if (!channel.isActive()) {
            reader.gone();
        }
    }

    // ---- on the channel's loop ----

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        Peer reader = peer;
        if (reader == null) {
            bytes.release();
            return;
        }
        if (held.addAndGet(bytes.readableBytes()) >= PAUSE_AT) {
            channel.config().setAutoRead(false);
        }
        reader.received(bytes);
    }

    /** A peer that ends its half has nothing more to hear either. */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            ctx.close();
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        Peer reader = peer;
        if (reader != null) {
            reader.gone();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // A broken connection is everyday life; its end tells of it.
        ctx.close();
    }

    // ---- any thread ----

    @Override
    public void taken(int bytes) {
        if (held.addAndGet(-bytes) <= RESUME_AT && !channel.config().isAutoRead()) {
            channel.config().setAutoRead(true);
        }
    }

    @Override
    public void write(ByteBuf bytes) {
        int length = bytes.readableBytes();
        unsent.addAndGet(length);
        channel.writeAndFlush(bytes).addListener(written -> unsent.addAndGet(-length));
    }

    @Override
    public int unsent() {
        return unsent.get();
    }

    @Override
    public void finish() {
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        // Whoever does not read is not waited for.
        channel.eventLoop().schedule(() -> channel.close(), LINGER_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void cut() {
        channel.close();
    }
}
