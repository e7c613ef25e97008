package io.p2phost.links.mux;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannel;
import io.p2phost.links.DropReason;
import io.p2phost.links.LinkMetrics;
import io.p2phost.links.frame.FrameDecoder;
import io.p2phost.links.net.AddressLimits;
import io.p2phost.links.net.AdmissionHandler;
import io.p2phost.links.net.Door;
import io.p2phost.links.net.LinkTransport;
import io.p2phost.links.tls.RotatingTls;
import io.p2phost.links.tls.TlsProvider;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The sockets of a link and their pipeline: TLS, frames, and one {@link LinkConnection}. */
@SuppressWarnings("FutureReturnValueIgnored") // closing what was never used cannot fail in a way that matters
public final class LinkSockets {
    private static final Logger log = LoggerFactory.getLogger(LinkSockets.class);

    /** Small: what waits here has left the streams' fair order. */
    private static final WriteBufferWaterMark WATERMARK = new WriteBufferWaterMark(32 * 1024, 128 * 1024);

    private static final int BACKLOG = 1024;

    /** Connections that have not proven whose they are, unless said otherwise. */
    public static final int MOST_ENTERING = 256;

    private final LinkTransport transport;
    private final RotatingTls tls;
    private final Duration handshakeTimeout;

    public LinkSockets(LinkTransport transport, RotatingTls tls, Duration handshakeTimeout) {
        this.transport = transport;
        this.tls = tls;
        this.handshakeTimeout = handshakeTimeout;
    }

    /**
     * Listens; every admitted connection gets a {@link LinkConnection} of its own. Blocks until bound.
     *
     * @param door where
     * @param loops where the connections live
     * @param maxEntering connections at once that have not proven by TLS whose they are
     * @return the listening channel; closing it stops listening only
     */
    public Channel listen(
            Door door,
            EventLoopGroup loops,
            AddressLimits limits,
            int maxEntering,
            LinkMetrics metrics,
            Supplier<LinkConnection> connections) {
        TlsProvider provider =
                tls.accepts().orElseThrow(() -> new IllegalStateException("TLS: connecting (expected: accepting)"));
        metrics.accepting(provider == TlsProvider.BORINGSSL);
        if (provider == TlsProvider.JDK) {
            log.warn(
                    "links at {} are accepted by the JDK's TLS, which costs several times as much: {}",
                    door,
                    TlsProvider.whyNotNative().orElse("BoringSSL was not asked for"));
        }
        Entering entering = new Entering(maxEntering, System::nanoTime, metrics);
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(transport.group(), loops)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .handler(new AdmissionHandler(limits, metrics))
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATERMARK)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel accepted) {
                        if (!tls.isLoaded()) {
                            metrics.dropped(DropReason.NO_CERTIFICATE);
                            accepted.close();
                            return;
                        }
                        if (!entering.add(accepted)) {
                            accepted.close();
                            return;
                        }
                        LinkConnection connection = connections.get();
                        connection.whenSecured(() -> entering.remove(accepted));
                        accepted.pipeline()
                                .addLast(tls.handler(accepted.alloc(), handshakeTimeout))
                                .addLast(new FrameDecoder())
                                .addLast(connection);
                    }
                });
        return door.open(bootstrap, transport);
    }

    /** Connects on that loop; a failure ends the connection as unreachable. */
    public void connect(EventLoop loop, InetSocketAddress address, LinkConnection connection) {
        ChannelFuture connecting = new Bootstrap()
                .group(loop)
                .channel(transport.socketChannel())
                .option(ChannelOption.TCP_NODELAY, true)
                // So that the end of the peer's process is told from a connection that breaks.
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) handshakeTimeout.toMillis())
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATERMARK)
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        if (tls.isLoaded()) {
                            channel.pipeline()
                                    .addLast(tls.handler(channel.alloc(), handshakeTimeout))
                                    .addLast(new FrameDecoder());
                        } else {
                            channel.close();
                        }
                        channel.pipeline().addLast(connection);
                    }
                })
                .connect(address);
        connecting.addListener(done -> {
            if (!done.isSuccess()) {
                connection.unreachable();
            }
        });
    }
}
