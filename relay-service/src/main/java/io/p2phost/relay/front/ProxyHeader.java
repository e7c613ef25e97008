package io.p2phost.relay.front;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxyProtocolVersion;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a trusted proxy sends ahead of a player's bytes: the PROXY protocol's version 2 and the address he comes from. Then
 * this handler gives its place to his own. A proxy that speaks for itself (LOCAL) only looks whether the relay is there.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a close that fails has nothing left to close
public final class ProxyHeader extends SimpleChannelInboundHandler<HAProxyMessage> {
    /** Room for what a proxy says besides addresses; more is refused before it is read. */
    private static final int MOST_EXTRAS = 512;

    private final SocketChannel channel;
    private final Duration within;
    private final Runnable checked;
    private final Runnable broken;
    private final Predicate<InetAddress> admitted;
    private final Function<InetAddress, ? extends Comer> player;
    private @Nullable Future<?> deadline;
    private boolean refused;

    private ProxyHeader(
            SocketChannel channel,
            Duration within,
            Runnable checked,
            Runnable broken,
            Predicate<InetAddress> admitted,
            Function<InetAddress, ? extends Comer> player) {
        this.channel = channel;
        this.within = within;
        this.checked = checked;
        this.broken = broken;
        this.admitted = admitted;
        this.player = player;
    }

    /**
     * Puts it into a new connection's pipeline.
     *
     * @param within how long the header may take
     * @param checked counts a proxy's look whether the relay is there
     * @param broken counts a header that did not come or is none
     * @param admitted whether somebody from there is let in
     * @param player made for whom it is
     */
    public static void await(
            SocketChannel channel,
            Duration within,
            Runnable checked,
            Runnable broken,
            Predicate<InetAddress> admitted,
            Function<InetAddress, ? extends Comer> player) {
        channel.pipeline()
                .addLast(
                        new HAProxyMessageDecoder(MOST_EXTRAS, true),
                        new ProxyHeader(channel, within, checked, broken, admitted, player));
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        deadline = ctx.executor().schedule(this::refuse, within.toNanos(), TimeUnit.NANOSECONDS);
        channel.config().setAutoRead(true);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HAProxyMessage header) {
        if (header.protocolVersion() != HAProxyProtocolVersion.V2) {
            refuse();
        } else if (header.command() == HAProxyCommand.LOCAL) {
            checked.run();
            channel.close();
        } else {
            InetAddress from = from(header);
            if (from == null) {
                refuse();
            } else if (admitted.test(from)) {
                become(ctx.pipeline(), player.apply(from));
            } else {
                DoorHandler.cut(channel);
            }
        }
    }

    private void become(ChannelPipeline pipeline, Comer client) {
        calm();
        // What came behind the header reaches it when the decoder takes itself away, right after this.
        pipeline.replace((ChannelHandler) this, null, client);
        client.begin();
    }

    private static @Nullable InetAddress from(HAProxyMessage header) {
        HAProxyProxiedProtocol protocol = header.proxiedProtocol();
        if (protocol != HAProxyProxiedProtocol.TCP4 && protocol != HAProxyProxiedProtocol.TCP6) {
            return null;
        }
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(header.sourceAddress());
        try {
            return bytes == null ? null : InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            return null;
        }
    }

    private void refuse() {
        if (!refused) {
            refused = true;
            broken.run();
            DoorHandler.cut(channel);
        }
    }

    private void calm() {
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            channel.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        calm();
    }

    /** No header at all, a broken one (its decoder has closed the connection already), or a reset. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof DecoderException) {
            refuse();
        } else {
            channel.close();
        }
    }
}
