package io.p2phost.links.net;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.p2phost.links.frame.SourceAddress;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;

/** Connects plain TCP behind a link: a cell on the host, an upstream behind db-proxy, a VPS map-server. */
@SuppressWarnings("FutureReturnValueIgnored") // their listeners tell the outcome
public final class Dialer {
    private final LinkTransport transport;
    private final Duration connectTimeout;

    public Dialer(LinkTransport transport, Duration connectTimeout) {
        this.transport = transport;
        this.connectTimeout = connectTimeout;
    }

    /** Whether what it connects needs an {@link AutoReadGate}. */
    public boolean readsOn() {
        return transport.readsOn();
    }

    /** Outcome of {@link #dial}, on the given loop. */
    public interface Dialed {
        /** This system lets nobody have the source that was asked for; an ordinary one is used. {@link #connected} follows. */
        default void sourceRefused() {}

        /** Connected; reading has not begun. */
        void connected();

        /** The address could not be reached. */
        void failed(Throwable cause);
    }

    /**
     * Connects on that loop, with auto-read off and half-closure allowed.
     *
     * @return the channel, still connecting: handlers can be added and it can be closed at once
     */
    public Channel dial(EventLoop loop, SocketAddress address, Dialed outcome) {
        return dial(loop, address, SourceAddress.NONE, outcome);
    }

    /**
     * As {@link #dial(EventLoop, SocketAddress, Dialed)}, and the target sees that source, where the system lets it be
     * had (macOS knows 127.0.0.1 only) and the target is on loopback itself.
     */
    public Channel dial(EventLoop loop, SocketAddress address, int source, Dialed outcome) {
        var connecting = new Bootstrap()
                .group(loop)
                .channel(transport.socketChannel())
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) connectTimeout.toMillis())
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        // The caller adds its handlers to the channel that dial() returns.
                        if (source != SourceAddress.NONE) {
                            channel.pipeline().addLast(new BindFirst(source, outcome));
                        }
                    }
                })
                .connect(address);
        // In a later turn of the loop, even when the kernel connected at once: the caller needs the channel first.
        connecting.addListener(done -> loop.execute(() -> {
            if (done.isSuccess()) {
                outcome.connected();
            } else {
                outcome.failed(done.cause());
            }
        }));
        return connecting.channel();
    }

    /** Takes the source, if it can be had, once the target's address is known. */
    static final class BindFirst extends ChannelOutboundHandlerAdapter {
        private final int source;
        private final Dialed outcome;

        BindFirst(int source, Dialed outcome) {
            this.source = source;
            this.outcome = outcome;
        }

        @Override
        public void connect(ChannelHandlerContext ctx, SocketAddress target, SocketAddress local, ChannelPromise done) {
            boolean loopback = target instanceof InetSocketAddress inet
                    && inet.getAddress() instanceof Inet4Address ip
                    && ip.isLoopbackAddress();
            if (!loopback) {
                ctx.connect(target, local, done);
                return;
            }
            ctx.bind(new InetSocketAddress(SourceAddress.of(source), 0)).addListener(bound -> {
                if (!bound.isSuccess() && ctx.channel().isOpen()) {
                    outcome.sourceRefused();
                }
                ctx.connect(target, local, done);
            });
        }
    }
}
