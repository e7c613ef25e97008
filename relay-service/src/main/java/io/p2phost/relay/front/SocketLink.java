package io.p2phost.relay.front;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import io.p2phost.links.net.AutoReadGate;
import io.p2phost.relay.player.ServerLink;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A TCP connection to a map-server of the VPS, on the player's loop. */
@SuppressWarnings("FutureReturnValueIgnored") // a write fails with its connection, whose end is handled here
final class SocketLink extends ChannelInboundHandlerAdapter implements ServerLink {
    private final Events events;
    private @Nullable Channel channel;
    private boolean over;
    private final boolean readsOn;
    private @Nullable PausedSocket paused;

    /** {@code readsOn}: as its transport does, see {@link AutoReadGate}. */
    SocketLink(Events events, boolean readsOn) {
        this.events = events;
        this.readsOn = readsOn;
    }

    void connected(Channel made) {
        carries(made);
        made.config().setAutoRead(true);
        events.connected(this);
    }

    private void carries(Channel made) {
        channel = made;
        if (readsOn) {
            made.pipeline().addLast(new AutoReadGate());
        }
        made.pipeline().addLast(this);
    }

    /** Another process had it until now; it is not read yet. */
    static SocketLink carried(Channel made, Carried.@Nullable Way way, Events events) {
        SocketLink link = new SocketLink(events, true);
        link.carries(made);
        if (way instanceof Carried.Socket socket && !socket.unsent().isEmpty()) {
            made.writeAndFlush(socket.unsent().toBuffer());
        }
        return link;
    }

    /** Neither reads nor writes; null when it is over. */
    @Nullable
    CompletableFuture<PausedSocket> pause() {
        return channel == null || over
                ? null
                : PausedSocket.of(channel).thenApply(socket -> {
                    paused = socket;
                    return socket;
                });
    }

    void goOn() {
        PausedSocket was = paused;
        paused = null;
        if (was != null) {
            was.goOn(() -> reading(true));
        }
    }

    @Override
    public void abandon() {
        over = true;
        if (paused != null) {
            paused.leave();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (over || !(message instanceof ByteBuf bytes)) {
            ReferenceCountUtil.release(message);
        } else {
            events.received(bytes);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (!over && ctx.channel().isWritable()) {
            events.writable();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            ctx.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (!over) {
            over = true;
            events.ended();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }

    @Override
    public void send(ByteBuf bytes) {
        if (channel == null) {
            bytes.release();
        } else {
            channel.writeAndFlush(bytes);
        }
    }

    @Override
    public boolean isWritable() {
        return channel == null || channel.isWritable();
    }

    @Override
    public void reading(boolean on) {
        if (channel != null && paused == null) {
            channel.config().setAutoRead(on);
        }
    }

    @Override
    public void close() {
        over = true;
        if (channel != null) {
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }
    }
}
