package io.p2phost.links.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import io.p2phost.links.DropReason;
import io.p2phost.links.LinkMetrics;
import java.net.InetAddress;
import java.util.Optional;

/**
 * Put on the listening channel, refuses accepted connections above the {@link AddressLimits} before a pipeline, a buffer
 * or a thread's turn is spent on them.
 */
@ChannelHandler.Sharable
public final class AdmissionHandler extends ChannelInboundHandlerAdapter {
    private final AddressLimits limits;
    private final LinkMetrics metrics;

    public AdmissionHandler(AddressLimits limits, LinkMetrics metrics) {
        this.limits = limits;
        this.metrics = metrics;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof SocketChannel accepted) {
            // A peer that is already gone has no address any more.
            InetAddress address = accepted.remoteAddress() == null
                    ? null
                    : accepted.remoteAddress().getAddress();
            if (address == null) {
                close(accepted);
                return;
            }
            Optional<DropReason> refusal = limits.admit(address);
            if (refusal.isPresent()) {
                metrics.dropped(refusal.get());
                close(accepted);
                return;
            }
            accepted.closeFuture().addListener(closed -> limits.release(address));
        }
        ctx.fireChannelRead(message);
    }

    /** Not yet registered with a loop: only the unsafe close works, and at once. */
    private static void close(Channel accepted) {
        accepted.unsafe().closeForcibly();
    }
}
