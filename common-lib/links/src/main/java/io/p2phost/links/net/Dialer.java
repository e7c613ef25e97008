package io.p2phost.links.net;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import java.net.SocketAddress;
import java.time.Duration;

/** Connects plain TCP behind a link: a cell on the host, an upstream behind db-proxy, a VPS map-server. */
public final class Dialer {
    private final LinkTransport transport;
    private final Duration connectTimeout;

    public Dialer(LinkTransport transport, Duration connectTimeout) {
        this.transport = transport;
        this.connectTimeout = connectTimeout;
    }

    /** Outcome of {@link #dial}, on the given loop. */
    public interface Dialed {
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
}
