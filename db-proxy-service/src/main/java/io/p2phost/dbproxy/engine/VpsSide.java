package io.p2phost.dbproxy.engine;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.p2phost.dbproxy.mux.MuxSettings;
import io.p2phost.dbproxy.mux.ServerKey;
import io.p2phost.links.DropReason;
import io.p2phost.links.LinkMetrics;
import io.p2phost.links.net.AddressLimits;
import io.p2phost.links.net.AdmissionHandler;
import io.p2phost.links.net.LinkTransport;
import io.p2phost.ro.Packet;
import io.p2phost.ro.inter.MapServerLogin;
import io.p2phost.ro.inter.MapToChar;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Where the VPS's own map-servers connect: plain, as they are, and from known addresses only. */
final class VpsSide implements AutoCloseable {
    private final EngineSettings settings;
    private final LinkTransport transport;
    private final Function<Channel, SocketTransport> arriving;
    private final LinkMetrics metrics;
    private volatile @Nullable Channel listening;

    VpsSide(
            EngineSettings settings,
            LinkTransport transport,
            Function<Channel, SocketTransport> arriving,
            LinkMetrics metrics) {
        this.settings = settings;
        this.transport = transport;
        this.arriving = arriving;
        this.metrics = metrics;
    }

    /** Listens; an address that cannot be listened at is thrown. */
    void start() {
        try {
            listening = listen();
        } catch (Exception e) {
            // Netty throws checked exceptions through unchecked signatures.
            throw new IllegalStateException(
                    "vps.port: " + settings.vpsBind() + " cannot be listened at: " + e.getMessage()
                            + " (expected: a free port)",
                    e);
        }
    }

    private Channel listen() {
        return new ServerBootstrap()
                .group(transport.group())
                .channel(transport.serverChannel())
                .option(ChannelOption.SO_REUSEADDR, true)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel server) {
                        server.pipeline()
                                .addLast(new KnownOnly())
                                .addLast(new AdmissionHandler(
                                        new AddressLimits(settings.vpsLimits(), System::nanoTime), metrics));
                    }
                })
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel server) {
                        server.pipeline().addLast(arriving.apply(server));
                    }
                })
                .bind(settings.vpsBind())
                .syncUninterruptibly()
                .channel();
    }

    int port() {
        Channel channel = listening;
        return channel == null ? 0 : ((InetSocketAddress) channel.localAddress()).getPort();
    }

    /** Which map-server a first packet is from: core has the char-server's own user, the reserve one of its own. */
    Optional<ServerKey> identify(Packet first) {
        if (first.id() != MapToChar.MAP_SERVER_LOGIN) {
            return Optional.empty();
        }
        MapServerLogin login = new MapServerLogin(first);
        MuxSettings mux = settings.mux();
        if (is(login, mux.user(), mux.password())) {
            return Optional.of(ServerKey.CORE);
        }
        EngineSettings.Credentials reserve = settings.reserve();
        return is(login, reserve.user(), reserve.password()) ? Optional.of(ServerKey.RESERVE) : Optional.empty();
    }

    private static boolean is(MapServerLogin login, String user, String password) {
        return login.user().equals(user)
                && MessageDigest.isEqual(
                        login.password().getBytes(StandardCharsets.ISO_8859_1),
                        password.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Override
    public void close() {
        Channel channel = listening;
        if (channel != null) {
            channel.close().syncUninterruptibly();
        }
    }

    /** Closes connections from elsewhere before anything is spent on them. */
    @ChannelHandler.Sharable
    private final class KnownOnly extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (message instanceof SocketChannel accepted && !isKnown(settings.vpsNetworks(), accepted)) {
                metrics.dropped(DropReason.UNAUTHORISED);
                accepted.unsafe().closeForcibly();
                return;
            }
            ctx.fireChannelRead(message);
        }

        private static boolean isKnown(List<Network> known, SocketChannel accepted) {
            InetSocketAddress from = accepted.remoteAddress();
            return from != null && known.stream().anyMatch(network -> network.contains(from.getAddress()));
        }
    }
}
