package io.p2phost.relay.front;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import io.p2phost.links.mux.StreamPipe;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/**
 * One direction between two TCP connections on one loop: reads its own, writes the other. Reading stops while the other
 * is above its watermark; an orderly end is passed on as one, a break as a break.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a write fails with its connection, whose end is handled here
final class SocketPipe extends ChannelInboundHandlerAdapter {
    private final Channel target;
    private final IntConsumer moved;
    private boolean inputEnded;

    private SocketPipe(Channel target, IntConsumer moved) {
        this.target = target;
        this.moved = moved;
    }

    /**
     * Joins two connections, both connected, auto-read off, half-closure allowed, on the same loop.
     *
     * @param toServer told of bytes from the player
     * @param toPlayer told of bytes from the server
     */
    static void join(Channel player, Channel server, IntConsumer toServer, IntConsumer toPlayer) {
        player.pipeline().addLast(new SocketPipe(server, toServer));
        server.pipeline().addLast(new SocketPipe(player, toPlayer));
        player.config().setAutoRead(true);
        server.config().setAutoRead(true);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof ByteBuf bytes && target.isActive()) {
            moved.accept(bytes.readableBytes());
            target.write(bytes);
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        target.flush();
        if (!target.isWritable()) {
            // The difference between a fast writer and a slow reader must not pile up here. The other direction's
            // handler, which sits on the target, lets us read again.
            ctx.channel().config().setAutoRead(false);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (ctx.channel().isWritable()) {
            target.config().setAutoRead(true);
        }
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent && !inputEnded) {
            inputEnded = true;
            target.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> endOutput(ctx.channel()));
            // The other direction may take its time, but not for ever: a peer that is gone never ends it.
            ctx.executor()
                    .schedule(
                            () -> abort(ctx.channel()),
                            StreamPipe.HALF_CLOSE_TIMEOUT.toMillis(),
                            TimeUnit.MILLISECONDS);
        }
        ctx.fireUserEventTriggered(event);
    }

    private void endOutput(Channel source) {
        if (((DuplexChannel) source).isOutputShutdown()) {
            // Both directions have ended.
            source.close();
            target.close();
        } else if (target.isActive()) {
            ((DuplexChannel) target).shutdownOutput();
        }
    }

    private void abort(Channel source) {
        if (source.isOpen()) {
            source.close();
        }
        if (target.isOpen()) {
            target.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (target.isActive()) {
            if (inputEnded) {
                target.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
            } else {
                target.config().setOption(ChannelOption.SO_LINGER, 0);
                target.close();
            }
        }
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
