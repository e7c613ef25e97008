package io.p2phost.relay.front;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.AttributeKey;
import io.p2phost.links.DropReason;
import io.p2phost.links.LinkMetrics;
import java.net.InetSocketAddress;

/**
 * The {@link Door} on a listening channel: whoever is turned away costs no pipeline, no buffer and no turn of a thread.
 */
@ChannelHandler.Sharable
@SuppressWarnings("FutureReturnValueIgnored") // a close that fails has nothing left to close
public final class DoorHandler extends ChannelInboundHandlerAdapter {
    /** The visit of an accepted connection. */
    public static final AttributeKey<Door.Visit> VISIT = AttributeKey.valueOf(DoorHandler.class, "visit");

    private final Door door;
    private final LinkMetrics metrics;

    public DoorHandler(Door door, LinkMetrics metrics) {
        this.door = door;
        this.metrics = metrics;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof SocketChannel accepted) {
            InetSocketAddress peer = accepted.remoteAddress();
            // A peer that is already gone has no address any more.
            Door.Visit visit = peer == null ? null : door.knock(peer.getAddress(), () -> cut(accepted));
            if (visit == null) {
                forgetsAtOnce(accepted);
                // Not yet registered with a loop: only the unsafe close works, and at once.
                accepted.unsafe().closeForcibly();
                return;
            }
            accepted.attr(VISIT).set(visit);
            accepted.closeFuture().addListener(closed -> visit.over());
        }
        ctx.fireChannelRead(message);
    }

    /** No file descriptor is left. Netty stops accepting for a second then, and goes on. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        metrics.dropped(DropReason.ACCEPT_FAILED);
        door.makeRoom();
        ctx.fireExceptionCaught(cause);
    }

    /** Ends a connection without a goodbye. */
    public static void cut(SocketChannel channel) {
        forgetsAtOnce(channel);
        channel.close();
    }

    /** A reset: the kernel keeps nothing of somebody who may have come a thousand times. */
    private static void forgetsAtOnce(SocketChannel channel) {
        if (channel.isOpen()) {
            channel.config().setSoLinger(0);
        }
    }
}
